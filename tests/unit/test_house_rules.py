"""The house keeps its rules, and each rule finds the fault planted for it."""

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
import pytest
from flask import Flask
from sqlalchemy import Column, DateTime, ForeignKey, MetaData, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from inters4.app import load_domains
from inters4.cli.root import make_root
from inters4.core.db import Instant, Model
from inters4.core.web.requests import check_declarations, public
from inters4.settings import declarations
from tests.house_rules import documentation, doors, libraries, pages, shape

ROOT = Path(__file__).resolve().parent.parent.parent
VALUE = "from dataclasses import dataclass\n@dataclass(frozen=True, slots=True)\nclass A: ...\n"
TREE_RULES: list[tuple[Callable[[Path], list[str]], str, str]] = [
    (libraries.libraries_stay_in_their_room, "inters4/home/views.py", "from whoosh import index\n"),
    (libraries.libraries_stay_in_their_room, "indexer/engine.py", "import whoosh.fields\n"),
    (libraries.libraries_stay_in_their_room, "inters4/home/services.py", "import bleach\n"),
    (libraries.libraries_stay_in_their_room, "inters4/veille/jobs.py", "import httpx\n"),
    (libraries.libraries_stay_in_their_room, "inters4/core/mailer.py", "import requests\n"),
    (libraries.libraries_stay_in_their_room, "inters4/core/fetch_all.py", "import httpx\n"),
    (
        libraries.libraries_stay_in_their_room,
        "inters4/home/jobs.py",
        "import urllib.request as ask\n",
    ),
    (libraries.libraries_stay_in_their_room, "inters4/home/jobs.py", "from http import client\n"),
    (libraries.libraries_stay_in_their_room, "inters4/home/jobs.py", "import os,marshal\n"),
    (doors.only_the_door_commits, "inters4/home/services.py", "session.commit()\n"),
    (doors.only_the_door_commits, "inters4/home/views.py", "self.session.commit()\n"),
    (doors.only_the_door_commits, "inters4/home/views.py", "with opened.begin(): pass\n"),
    (doors.only_the_door_commits, "inters4/home/jobs.py", "session.bulk_save_objects([])\n"),
    (doors.only_the_clock_tells_time, "inters4/home/queries.py", "datetime.datetime.now()\n"),
    (shape.values_are_made_in_one_way, "inters4/home/models.py", VALUE),
    (doors.services_never_open_a_door, "inters4/home/services.py", "with writing(): pass\n"),
    (shape.packages_hold_no_code, "inters4/home/__init__.py", "def f() -> None: ...\n"),
    (pages.templates_trust_nothing, "templates/home/a.html", "{{ text | safe }}"),
    (pages.templates_trust_nothing, "templates/home/a.html", "<p style='color:red'>"),
    (pages.templates_trust_nothing, "templates/home/a.html", '<a onclick="go()">'),
    (pages.templates_trust_nothing, "templates/home/a.html", "<script>go()</script>"),
    (pages.templates_trust_nothing, "templates/home/a.html", '<img src="https://cdn.example/x">'),
    (pages.markup_is_made_in_one_room, "inters4/home/views.py", "Markup('<b>')\n"),
    (pages.cookies_are_given_in_one_room, "inters4/home/views.py", "a.set_cookie('b', 'c')\n"),
    (pages.cookies_are_given_in_one_room, "inters4/home/views.py", "request.cookies.get('b')\n"),
    (shape.nothing_is_called_utils, "inters4/home/utils.py", ""),
    (libraries.libraries_stay_in_their_room, "inters4/home/jobs.py", "import socket\n"),
    (libraries.libraries_stay_in_their_room, "inters4/home/jobs.py", "import subprocess\n"),
    (libraries.libraries_stay_in_their_room, "inters4/home/services.py", "import sqlite3\n"),
    (
        libraries.libraries_stay_in_their_room,
        "inters4/home/views.py",
        "from gettext import gettext\n",
    ),
    (libraries.the_search_engine_stands_alone, "indexer/engine.py", "import structlog\n"),
    (libraries.the_search_engine_stands_alone, "indexer/engine.py", "from inters4 import core\n"),
    (
        doors.only_the_doors_open_the_database,
        "inters4/home/jobs.py",
        "sqlalchemy.create_engine(a)\n",
    ),
    (
        doors.only_the_doors_open_the_database,
        "inters4/home/jobs.py",
        "with Session(engine()): pass\n",
    ),
    (
        doors.only_the_doors_open_the_database,
        "inters4/home/jobs.py",
        "from a import Session as S\n",
    ),
    (doors.services_never_open_a_door, "inters4/home/queries.py", "with db.reading(): pass\n"),
    (
        doors.services_never_open_a_door,
        "inters4/home/exports.py",
        "from inters4.core.db import writing as change\n",
    ),
    (doors.queries_only_read, "inters4/home/queries.py", "session.add(row)\n"),
    (doors.queries_only_read, "inters4/home/queries/pages.py", "from sqlalchemy import update\n"),
    (
        doors.only_search_asks_the_engine,
        "inters4/home/services.py",
        "from indexer import SearchRequest\n",
    ),
    (
        doors.only_search_asks_the_engine,
        "inters4/search/views.py",
        "from indexer.model import SearchRequest\n",
    ),
    (
        doors.only_search_asks_the_engine,
        "inters4/home/jobs.py",
        "from indexer import open_engine\n",
    ),
    (doors.only_the_clock_tells_time, "inters4/home/jobs.py", "from datetime import date as day\n"),
    (doors.only_settings_read_the_environment, "inters4/home/jobs.py", "os.environ.get('A')\n"),
    (doors.only_settings_read_the_environment, "inters4/home/jobs.py", "from os import environ\n"),
    (shape.files_stay_short, "inters4/home/models.py", "\n" * 331),
    (shape.files_stay_short, "indexer/model.py", "\n" * 331),
    (shape.people_are_viewers, "inters4/home/services.py", "def f(*, by: Member | None): ...\n"),
    (shape.tests_have_no_doubles, "tests/unit/test_a.py", "with patch('inters4.core'): pass\n"),
    (shape.tests_have_no_doubles, "tests/unit/test_a.py", "clock = MagicMock()\n"),
    (pages.templates_trust_nothing, "templates/mail/a.html", "{{ text|safe }}"),
    (pages.templates_trust_nothing, "templates/home/a.html", "{% autoescape false %}"),
    (pages.templates_trust_nothing, "templates/home/a.html", "<a onclick=go()>"),
    (pages.templates_trust_nothing, "templates/home/a.html", '<a hx-on:click="go()">'),
    (pages.templates_trust_nothing, "templates/home/a.html", '<a href="javascript:go()">'),
    (pages.templates_trust_nothing, "templates/home/a.html", '<img src="//cdn.example/x">'),
    (pages.templates_trust_nothing, "templates/home/a.html", "<base href='/elsewhere/'>"),
    (pages.templates_speak_through_messages, "templates/home/a.html", "<p>Bienvenue</p>"),
    (
        pages.templates_speak_through_messages,
        "templates/home/a.html",
        '{% trans %}Dit{% endtrans %}<img alt="Carte" src="{{ url }}">',
    ),
    (
        pages.scripts_and_styles_are_ours,
        "inters4/static/css/a.css",
        "@import url('https://fonts.example/a.css');\n",
    ),
    (
        pages.scripts_and_styles_are_ours,
        "inters4/static/js/a.js",
        'import "https://cdn.example/a"\n',
    ),
    (pages.markup_is_made_in_one_room, "inters4/home/views.py", "from a import Markup as M\n"),
    (pages.markup_is_made_in_one_room, "inters4/home/views.py", "make = markupsafe.Markup\n"),
    (pages.markup_is_made_in_one_room, "inters4/home/views.py", "map(Markup, texts)\n"),
    (pages.the_signed_cookie_holds_no_more, "inters4/home/views.py", "from flask import session\n"),
    (pages.the_signed_cookie_holds_no_more, "inters4/home/views.py", "flask.session['a'] = 1\n"),
    (pages.addresses_hold_no_key, "inters4/home/views.py", '"/personnes/<int:member_id>"\n'),
    (pages.absolute_links_have_one_source, "inters4/home/views.py", "request.url_root\n"),
    (
        pages.absolute_links_have_one_source,
        "templates/mail/a.txt",
        "{{ url_for('home.front', _external=true) }}",
    ),
]


@pytest.mark.parametrize("rule", dict.fromkeys(rule for rule, _path, _fault in TREE_RULES))
def test_the_project_keeps_the_rule(rule: Callable[[Path], list[str]]) -> None:
    assert rule(ROOT) == []


@pytest.mark.parametrize(("rule", "path", "fault"), TREE_RULES)
def test_the_rule_finds_a_planted_fault(
    tmp_path: Path, rule: Callable[[Path], list[str]], path: str, fault: str
) -> None:
    for top in ("inters4", "indexer", "templates", "tests"):
        (tmp_path / top).mkdir()
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(fault)

    assert len(rule(tmp_path)) == 1


def test_two_tests_of_one_name_are_found(tmp_path: Path) -> None:
    assert shape.tests_have_names_of_their_own(ROOT) == []
    for room in ("unit/core", "integration/core", "integration/cli"):
        (tmp_path / "tests" / room).mkdir(parents=True)
        (tmp_path / "tests" / room / "test_paper.py").touch()

    assert len(shape.tests_have_names_of_their_own(tmp_path)) == 1


def test_an_endpoint_that_does_not_say_who_may_call_it_stops_the_start() -> None:
    app = Flask("planted", static_folder=None)
    app.add_url_rule("/ouvert", "open", public(lambda: "ok"))
    check_declarations(app)
    app.add_url_rule("/muet", "silent", lambda: "ok")

    with pytest.raises(RuntimeError, match="silent"):
        check_declarations(app)


def test_no_relationship_loads_by_surprise() -> None:
    load_domains()

    assert documentation.relationships_never_load_by_surprise(Model) == []


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

    assert documentation.relationships_never_load_by_surprise(Base) == [
        "Child.parent: lazy='select'"
    ]


def test_the_readme_lists_every_setting() -> None:
    readme = (ROOT / "README.md").read_text()

    assert documentation.readme_lists_every_setting(readme, declarations()) == []
    assert documentation.readme_lists_every_setting("", declarations()[:1]) == ["INTERS4_DATA_DIR"]
    gone = "| `INTERS4_GONE` | — | Parti. |\n"
    assert documentation.readme_lists_every_setting(gone, []) == ["INTERS4_GONE"]


def test_the_glossary_names_every_mapped_class() -> None:
    load_domains()
    classes = [mapper.class_.__name__ for mapper in Model.registry.mappers]

    assert documentation.glossary_names_every_class((ROOT / "README.md").read_text(), classes) == []
    glossary = "## Glossary\n| fiche, partie | `Practice`, `Gone`, `Practice` | sheet |\n"
    found = documentation.glossary_names_every_class(glossary, ["Practice", "Issue"])
    assert found == ["Issue", "Gone", "Practice"]


def test_the_readme_names_every_command_of_every_group() -> None:
    readme = (ROOT / "README.md").read_text()
    group = click.Group("inters4", commands={"alone": click.Command("alone")})
    group.add_command(click.Group("index", commands={"planted": click.Command("planted")}))
    row = "| `inters4 index status` / `verify` | tells |"

    assert documentation.readme_names_every_command(readme, make_root()) == []
    assert documentation.readme_names_every_command(row, group) == ["alone", "index planted"]


def test_the_readme_draws_the_layers_of_the_contract() -> None:
    readme = (ROOT / "README.md").read_text()

    assert documentation.readme_draws_every_layer(readme, layers()) == []
    assert documentation.readme_draws_every_layer("`cli > core`", ["cli", "app", "core"])


def test_every_instant_has_a_zone() -> None:
    load_domains()
    planted = MetaData()
    Table("visits", planted, Column("at", DateTime(timezone=True)), Column("until", Instant))

    assert documentation.instants_have_a_zone(Model.metadata) == []
    assert documentation.instants_have_a_zone(planted) == ["visits.at"]


def layers() -> list[str]:
    """The domains, from the highest, as the contract orders them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    order: list[str] = project["tool"]["importlinter"]["contracts"][0]["layers"]
    return order


@pytest.mark.parametrize(
    ("tool", "path", "fault"),
    [
        (("ruff", "check"), "inters4/home/planted.py", 'print("planted")\n'),
        (
            ("ruff", "check"),
            "inters4/home/planted.py",
            "import datetime as d\n\nd.datetime(2026, 1, 1)\n",
        ),
        (
            ("ruff", "check"),
            "inters4/home/planted.py",
            "from xml.etree import ElementTree as T\n\nT.XML('')\n",
        ),
        (("ruff", "check"), "inters4/home/planted.py", "def silent() -> int:\n    return 1\n"),
        (("ruff", "format", "--check"), "inters4/home/planted.py", "a = {'b':1}\n"),
        (("djlint", "--lint", "--quiet"), "templates/planted.html", "<html><head></head></html>\n"),
        (("djlint", "--lint", "--quiet"), "templates/planted.html", "<p><b>Ouvert</p>\n"),
    ],
)
def test_the_tools_find_a_planted_fault(
    tmp_path: Path, tool: tuple[str, ...], path: str, fault: str
) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    planted = tmp_path / path
    planted.parent.mkdir(parents=True)
    checks = [str(Path(sys.executable).parent / tool[0]), *tool[1:], path]

    told = []
    for text in ("" if path.endswith(".html") else '"""Planted."""\n', fault):
        planted.write_text(text)
        told.append(
            subprocess.run(checks, cwd=tmp_path, capture_output=True, check=False).returncode
        )

    assert told == [0, 1]


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

    with _planted(target, fault):
        found = _lint(code)

    assert found.returncode == 1, found.stdout + found.stderr
    assert "BROKEN" in found.stdout


def _lint(code: Path) -> subprocess.CompletedProcess[str]:
    wide = {"PYTHONPATH": str(code), "PATH": "/usr/bin:/bin", "COLUMNS": "200"}
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=code, env=wide, capture_output=True, text=True, check=False)


def test_every_forbidden_pair_of_domains_is_found(code: Path) -> None:
    """One run for all: in each domain, an import of every domain that is not below it."""
    present = {path.stem for path in (code / "inters4").iterdir()}
    beside = [[name for name in re.findall(r"\w+", line) if name in present] for line in layers()]
    pairs = [
        (low, high)
        for rank, domains in enumerate(beside)
        for low in domains
        for above in beside[: rank + 1]
        for high in above
        if low != high
    ]
    with ExitStack() as faults:
        for low, high in pairs:
            package = code / "inters4" / low
            target = package / "planted.py" if package.is_dir() else package.with_suffix(".py")
            faults.enter_context(_planted(target, f"import inters4.{high}"))
        told = _lint(code).stdout

    missed = [
        pair
        for pair in pairs
        if "inters4.{} is not allowed to import inters4.{}:".format(*pair) not in told
    ]
    assert len(pairs) > 100
    assert not missed
