"""Rounds, seeds and prepared installations of the drills.

`DRILL_ROUNDS` says how many rounds each drill has (15); `DRILL_SEED` starts again from the seed
that a former run printed. Without `-m drill` nothing here is collected.
"""

import os
import random
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.drill.portal import Portal, write_sheets

ROUNDS = int(os.environ.get("DRILL_ROUNDS", "15"))
SHEETS = 120
_SEED = int(os.environ.get("DRILL_SEED", secrets.randbelow(1_000_000)))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A drill is long: it runs when it is asked for by name."""
    return None if "drill" in config.option.markexpr else True


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each drill that takes `chance` is played `DRILL_ROUNDS` times."""
    if "chance" in metafunc.fixturenames:
        metafunc.parametrize("round_number", range(ROUNDS))


@pytest.fixture
def chance(
    round_number: int, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> random.Random:
    """The chance of this round; its seed is printed."""
    seed = _SEED + round_number
    with capsys.disabled():
        print(f"\n{request.node.name}: DRILL_SEED={seed}", flush=True)  # noqa: T201
    return random.Random(seed)  # noqa: S311  (faults, not secrets)


@pytest.fixture(scope="session")
def _empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data of a real installation with what ships in it, indexed."""
    folder = tmp_path_factory.mktemp("prepared")
    portal = Portal(folder / "var")
    _check(portal.run("db", "upgrade"))
    write_sheets(folder / "content", 0)
    _check(portal.run("content", "import", str(folder / "content")))
    _check(portal.run("index", "rebuild"))
    return portal.data_dir


@pytest.fixture(scope="session")
def _full(_empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with `SHEETS` more sheets, in more than one commit of the index."""
    folder = tmp_path_factory.mktemp("prepared")
    portal = Portal(folder / "var")
    shutil.copytree(_empty, portal.data_dir)
    write_sheets(folder / "content", SHEETS)
    _check(portal.run("content", "import", str(folder / "content")))
    _check(portal.run("index", "verify"))
    return portal.data_dir


@pytest.fixture
def make_portal(tmp_path: Path) -> Iterator[Callable[[Path], Portal]]:
    """Copies prepared data, then kills what was started on it."""
    made: list[Portal] = []

    def make(prepared: Path) -> Portal:
        shutil.copytree(prepared, tmp_path / "var", symlinks=True)
        made.append(Portal(tmp_path / "var"))
        return made[-1]

    yield make
    for portal in made:
        portal.end()


@pytest.fixture
def portal(make_portal: Callable[[Path], Portal], _empty: Path) -> Portal:
    """An installation with what ships; not started."""
    return make_portal(_empty)


@pytest.fixture
def full_portal(make_portal: Callable[[Path], Portal], _full: Path) -> Portal:
    """An installation with `SHEETS` more sheets; not started."""
    return make_portal(_full)


def _check(done: tuple[int, str]) -> None:
    status, told = done
    if status:
        pytest.fail(told)
