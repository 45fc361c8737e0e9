"""What leaves the checkout: the wheel, the locks, and a documentation that tells the truth."""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
import zipfile
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from inters4.cli.root import make_root

ROOT = Path(__file__).resolve().parent.parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as a release is."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_templates_content_and_migrations(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    for wanted in (
        "inters4/templates/layout/base.html",
        "inters4/content/vocabulary.yaml",
        "inters4/core/migrations/env.py",
        "inters4/static/css/tokens.css",
        "inters4/translations/en/LC_MESSAGES/messages.mo",
        "indexer/model/__init__.py",
    ):
        assert wanted in names
    assert not [name for name in names if name.startswith(("tests/", "bench/", "templates/"))]
    assert not [name for name in names if name.endswith((".mjs", ".scss", ".pyc"))]


def test_an_installed_wheel_finds_its_templates_and_content(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = (
        "import inters4.core.paths as p;"
        "print(p.templates_dir().parent.name, p.content_dir().parent.name,"
        "(p.templates_dir() / 'layout/base.html').is_file())"
    )

    told = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True
    )

    assert told.stdout.split() == ["inters4", "inters4", "True"]


def test_the_command_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert project["scripts"] == {"inters4": "inters4.cli:main"}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_pins_everything_by_hash_and_names_no_registry(lock: Path) -> None:
    text = lock.read_text()
    pinned = re.findall(r"^[a-z0-9][^ ]*==", text, re.MULTILINE)
    lines = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]

    assert len(pinned) == len(lines)
    assert text.count("--hash=sha256:") >= len(pinned)
    assert "://" not in text
    assert re.match(r"# download: [1-9]\d* MB", text)


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locked = (ROOT / "requirements" / "runtime.txt").read_text()

    for dependency in project["dependencies"]:
        name = re.split(r"[\[<>=]", dependency)[0]
        assert re.search(rf"^{re.escape(name)}==", locked, re.MULTILINE), name


def test_every_link_of_the_documentation_leads_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text()):
            if "://" not in target and not target.startswith("mailto:"):
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_readme_names_every_extra() -> None:
    readme = (ROOT / "README.md").read_text()
    extras = set(
        tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    )
    by_script = re.findall(r"install\.py runtime ([a-z ]+)`", readme)
    by_pip = re.findall(r"pip install \"inters4\[([a-z,]+)\]\"", readme)

    assert [set(names.split()) for names in by_script] == [extras]
    assert [set(names.split(",")) for names in by_pip] == [extras]


def test_five_minutes_take_five_steps() -> None:
    walk = (ROOT / "README.md").read_text().partition("## Cinq minutes")[2].partition("\n## ")[0]

    steps = re.findall(r"^(\d)\. <http://127\.0\.0\.1:8000/", walk, re.MULTILINE)
    assert steps == ["1", "2", "3", "4", "5"]


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text()
    root = make_root()
    context = root.make_context("inters4", ["demo"], resilient_parsing=True)

    for name in root.list_commands(context):
        assert f"inters4 {name}" in readme or f"/ `{name}`" in readme, name


def test_the_project_speaks_of_itself_alone() -> None:
    words = re.compile("|".join(("[.][.]/" + "shared", "/work" + "/main", "/ro" + "ot/")))
    left_out = {line.strip("/") for line in (ROOT / ".gitignore").read_text().split()} | {".git"}
    told = {".py", ".md", ".html", ".toml", ".yaml", ".css", ".js", ".json"}

    read = 0
    for top in sorted(ROOT.iterdir()):
        if any(fnmatch(top.name, pattern) for pattern in left_out):
            continue
        for path in [top] if top.is_file() else top.rglob("*"):
            if path.suffix in told and path.is_file():
                read += 1
                assert not words.search(path.read_text(errors="ignore")), path

    assert read > 500


def test_a_start_finds_its_bytecode_even_where_python_writes_none() -> None:
    _requirement("install").compile_project()

    sources = [path for room in ("inters4", "indexer") for path in (ROOT / room).rglob("*.py")]
    missing = [
        path for path in sources if not Path(importlib.util.cache_from_source(str(path))).is_file()
    ]
    assert sources
    assert not missing


@pytest.mark.parametrize(
    ("says", "is_chosen"),
    [
        pytest.param("import sys; print('%d.%d' % sys.version_info[:2])", True, id="same series"),
        pytest.param("print('3.4')", False, id="another series"),
        pytest.param("raise ImportError('ensurepip')", False, id="no venv"),
    ],
)
def test_the_python_of_the_distribution_is_preferred_when_it_is_of_the_same_series(
    says: str, is_chosen: bool, tmp_path: Path
) -> None:
    distribution = tmp_path / "python3"
    distribution.write_text(f"#!{sys.executable}\n{says}\n")
    distribution.chmod(0o755)

    chosen = _requirement("which").chosen(str(distribution))

    assert chosen == (str(distribution) if is_chosen else sys.executable)


def test_without_a_python_of_the_distribution_the_first_of_the_path_is_taken(
    tmp_path: Path,
) -> None:
    assert _requirement("which").chosen(str(tmp_path / "python3")) == sys.executable


def test_an_environment_whose_making_was_killed_is_made_afresh(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    install = _requirement("install", tmp_path)
    making = subprocess.Popen([sys.executable, install.__file__, "runtime"], start_new_session=True)
    while not Path(install.PYTHON).exists():
        assert making.poll() is None, "it ended before it made anything"
        time.sleep(0.01)
    os.killpg(making.pid, signal.SIGKILL)
    making.wait()

    assert not install.is_usable()
    Path(install.BEGUN).unlink()
    assert install.is_usable(), "nothing else would have told"
    assert Path(install.PYTHON).is_symlink(), "a copy would miss the updates of the distribution"


def test_the_oldest_python_can_read_what_tells_it_that_it_is_too_old() -> None:
    """Without that line, one that reads ASCII alone stops at the first accent."""
    for script in ("install", "which"):
        source = (ROOT / "requirements" / f"{script}.py").read_bytes()
        assert source.startswith(b"# -*- coding: utf-8 -*-") or source.isascii()


def test_a_disk_without_room_for_an_environment_gets_one_line(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    install = _requirement("install", tmp_path)
    Path(install.BEGUN).symlink_to("/dev/full")

    told = subprocess.run(
        [sys.executable, install.__file__, "runtime"], capture_output=True, text=True, check=False
    )

    assert told.returncode == 1
    assert told.stderr == f"Impossible d’écrire dans {install.VENV} (disque plein).\n"


def _requirement(name: str, root: Path = ROOT) -> Any:
    """A script of `requirements/`, as a module."""
    spec = importlib.util.spec_from_file_location(name, root / "requirements" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
