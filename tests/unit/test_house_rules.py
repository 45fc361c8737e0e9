"""The house keeps its rules, and each rule finds the fault planted for it."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from inters4.app import load_domains
from inters4.core.db import Model
from inters4.core.web.requests import check_declarations, public
from inters4.settings import declarations
from tests import house_rules as rules

ROOT = Path(__file__).resolve().parent.parent.parent
VALUE = "from dataclasses import dataclass\n@dataclass(frozen=True, slots=True)\nclass A: ...\n"
TREE_RULES: list[tuple[Callable[[Path], list[str]], str, str]] = [
    (rules.libraries_stay_in_their_room, "inters4/home/views.py", "from whoosh import index\n"),
    (rules.libraries_stay_in_their_room, "indexer/engine.py", "import whoosh.fields\n"),
    (rules.libraries_stay_in_their_room, "inters4/home/services.py", "import bleach\n"),
    (rules.libraries_stay_in_their_room, "inters4/veille/jobs.py", "import httpx\n"),
    (rules.libraries_stay_in_their_room, "inters4/core/mailer.py", "import requests\n"),
    (rules.libraries_stay_in_their_room, "inters4/core/fetch_all.py", "import httpx\n"),
    (rules.libraries_stay_in_their_room, "inters4/home/jobs.py", "import urllib.request as ask\n"),
    (rules.libraries_stay_in_their_room, "inters4/home/jobs.py", "from http import client\n"),
    (rules.libraries_stay_in_their_room, "inters4/home/jobs.py", "import os,marshal\n"),
    (rules.only_the_door_commits, "inters4/home/services.py", "session.commit()\n"),
    (rules.only_the_door_commits, "inters4/home/views.py", "self.session.commit()\n"),
    (rules.only_the_door_commits, "inters4/home/views.py", "with opened.begin(): pass\n"),
    (rules.only_the_door_commits, "inters4/home/jobs.py", "session.bulk_save_objects([])\n"),
    (rules.only_the_clock_tells_time, "inters4/home/queries.py", "datetime.datetime.now()\n"),
    (rules.values_are_made_in_one_way, "inters4/home/models.py", VALUE),
    (rules.services_never_open_a_door, "inters4/home/services.py", "with writing(): pass\n"),
    (rules.packages_hold_no_code, "inters4/home/__init__.py", "def f() -> None: ...\n"),
    (rules.templates_trust_nothing, "templates/home/a.html", "{{ text | safe }}"),
    (rules.templates_trust_nothing, "templates/home/a.html", "<p style='color:red'>"),
    (rules.templates_trust_nothing, "templates/home/a.html", '<a onclick="go()">'),
    (rules.templates_trust_nothing, "templates/home/a.html", "<script>go()</script>"),
    (rules.templates_trust_nothing, "templates/home/a.html", '<img src="https://cdn.example/x">'),
    (rules.markup_is_made_in_one_room, "inters4/home/views.py", "Markup('<b>')\n"),
    (rules.cookies_are_given_in_one_room, "inters4/home/views.py", "a.set_cookie('b', 'c')\n"),
    (rules.cookies_are_given_in_one_room, "inters4/home/views.py", "request.cookies.get('b')\n"),
    (rules.nothing_is_called_utils, "inters4/home/utils.py", ""),
]


@pytest.mark.parametrize("rule", dict.fromkeys(rule for rule, _path, _fault in TREE_RULES))
def test_the_project_keeps_the_rule(rule: Callable[[Path], list[str]]) -> None:
    assert rule(ROOT) == []


@pytest.mark.parametrize(("rule", "path", "fault"), TREE_RULES)
def test_the_rule_finds_a_planted_fault(
    tmp_path: Path, rule: Callable[[Path], list[str]], path: str, fault: str
) -> None:
    for top in ("inters4", "indexer", "templates"):
        (tmp_path / top).mkdir()
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(fault)

    assert len(rule(tmp_path)) == 1


def test_two_tests_of_one_name_are_found(tmp_path: Path) -> None:
    assert rules.tests_have_names_of_their_own(ROOT) == []
    for room in ("unit/core", "integration/core", "integration/cli"):
        (tmp_path / "tests" / room).mkdir(parents=True)
        (tmp_path / "tests" / room / "test_paper.py").touch()

    assert len(rules.tests_have_names_of_their_own(tmp_path)) == 1


def test_an_endpoint_that_does_not_say_who_may_call_it_stops_the_start() -> None:
    app = Flask("planted", static_folder=None)
    app.add_url_rule("/ouvert", "open", public(lambda: "ok"))
    check_declarations(app)
    app.add_url_rule("/muet", "silent", lambda: "ok")

    with pytest.raises(RuntimeError, match="silent"):
        check_declarations(app)


def test_no_relationship_loads_by_surprise() -> None:
    load_domains()

    assert rules.relationships_never_load_by_surprise(Model) == []


def test_a_relationship_that_loads_by_surprise_is_found() -> None:
    class Base(DeclarativeBase):
        pass

    class Parent(Base):
        __tablename__ = "parents"
        id: Mapped[int] = mapped_column(primary_key=True)

    class Child(Base):
        __tablename__ = "children"
        id: Mapped[int] = mapped_column(primary_key=True)
        parent_id: Mapped[int] = mapped_column(ForeignKey("parents.id"))
        parent: Mapped[Parent] = relationship()

    assert rules.relationships_never_load_by_surprise(Base) == ["Child.parent: lazy='select'"]


def test_the_readme_lists_every_setting() -> None:
    readme = (ROOT / "README.md").read_text()

    assert rules.readme_lists_every_setting(readme, declarations()) == []
    assert rules.readme_lists_every_setting("", declarations()[:1]) == ["INTERS4_DATA_DIR"]


def test_the_glossary_names_every_mapped_class() -> None:
    load_domains()
    classes = [mapper.class_.__name__ for mapper in Model.registry.mappers]

    assert rules.glossary_names_every_class((ROOT / "README.md").read_text(), classes) == []
    assert rules.glossary_names_every_class("`Practice`", ["Practice", "Issue"]) == ["Issue"]


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code to plant faults in; each is taken out again."""
    copied = tmp_path_factory.mktemp("planted")
    not_code = shutil.ignore_patterns("static", "translations", "__pycache__")
    for top in ("inters4", "indexer"):
        shutil.copytree(ROOT / top, copied / top, ignore=not_code)
    shutil.copy(ROOT / "pyproject.toml", copied)
    return copied


_EMPTY = '"""Planted."""'


@contextmanager
def _planted(target: Path, fault: str) -> Iterator[None]:
    before = target.read_text() if target.exists() else None
    target.write_text(f"{before or _EMPTY}\n{fault}\n")
    yield
    target.unlink()
    if before is not None:
        target.write_text(before)


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("inters4/core/clock.py", "import inters4.members.models"),
        ("inters4/practices/queries.py", "import inters4.practices.services"),
        ("indexer/model.py", "import inters4.core.clock"),
        ("indexer/model.py", "import flask"),
        ("inters4/practices/services.py", "import flask"),
    ],
)
def test_the_import_contracts_find_a_planted_fault(code: Path, path: str, fault: str) -> None:
    target = code / path
    if target.with_suffix("").is_dir():
        target = target.with_suffix("") / "planted.py"

    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    with _planted(target, fault):
        found = subprocess.run(
            command,
            cwd=code,
            env={"PYTHONPATH": str(code), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )

    assert found.returncode == 1, found.stdout + found.stderr
    assert "BROKEN" in found.stdout
