"""Fixtures every test may use: a database of its own, the application, a client.

A migrated database is made once per worker, on SQLite or with `--database=postgresql`; each test is
lent it and leaves it empty. Nothing of our own is replaced by a double.
"""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy.orm import Session

from inters4 import app as application
from inters4.app import load_domains
from inters4.core import db
from inters4.core.i18n import set_locale
from inters4.core.jobs import jobs
from inters4.core.web import assets
from inters4.search.queries import engine as search_engine
from inters4.settings import Settings
from tests import postgres, sqlite
from tests.builders.application import Lender
from tests.builders.compiled import CompiledRule, CompiledTemplates, ListedFiles
from tests.builders.hashing import hash_fully, hash_quickly

gc.disable()  # until tests run (pytest_runtestloop)
LENDER = Lender(CompiledTemplates())
application._Portal.url_rule_class = CompiledRule
application.WhiteNoise = ListedFiles  # type: ignore[attr-defined]
hash_quickly()
_renderer = structlog.get_config()["processors"][-1]
_renderer.exception_formatter = structlog.dev.plain_traceback  # rich draws each frame in colours

# A slow machine is no failure: nothing in the suite is timed.
hypothesis_settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="where tests/integration keep their rows",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, only what keeps rows there: the rest was run in the phase before."""
    if config.getoption("--database") != "postgresql":
        return
    kept: dict[bool, list[pytest.Item]] = {True: [], False: []}
    for item in items:
        kept["database_kind" in getattr(item, "fixturenames", ())].append(item)
    config.hook.pytest_deselected(items=kept[False])
    items[:] = kept[True]


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """What was imported and collected lives as long as the worker: no garbage is looked for in it.

    Nor as often as Python does by itself, which is for processes that are short of memory.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


@pytest.fixture(autouse=True)
def _own_process() -> Iterator[None]:
    """No test stands on what the one before bound: in another order, it would find nothing."""
    settings, root = jobs._settings, search_engine._holder.root
    yield
    jobs.close()
    jobs._settings = settings
    search_engine.close()
    search_engine._holder.root = root


@pytest.fixture(autouse=True)
def _own_journal() -> Iterator[None]:
    """A command run here sets up the journal of its process: the next test hears all of its own."""
    yield
    if not structlog.is_configured():
        return
    structlog.reset_defaults()
    for module in list(sys.modules.values()):
        log = getattr(module, "log", None)
        if type(log).__name__ == "BoundLoggerLazyProxy":
            vars(log).pop("bind", None)  # what it was bound to at its first line


@pytest.fixture(autouse=True)
def _french() -> None:
    set_locale("fr")


@pytest.fixture
def full_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords cost what they cost the portal."""
    hash_fully(monkeypatch)


@pytest.fixture(scope="session")
def database_kind(pytestconfig: pytest.Config) -> str:
    """Where rows are kept in this run: `sqlite` or `postgresql`."""
    return str(pytestconfig.getoption("--database"))


@pytest.fixture(scope="session")
def _migrated(
    tmp_path_factory: pytest.TempPathFactory, database_kind: str
) -> Iterator[sqlite.Migrated | postgres.Migrated]:
    """A migrated, empty database, lent to one test after the other."""
    load_domains()
    if database_kind == "postgresql":
        with postgres.migrated() as made:
            yield made
        return
    with sqlite.migrated(tmp_path_factory.mktemp("template")) as kept:
        yield kept


@pytest.fixture(scope="session")
def _static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The static files, compressed once for all the tests of a worker, or of every phase."""
    named = os.environ.get("TESTS_STATIC")
    return assets.prepare(Path(named) if named else tmp_path_factory.mktemp("static"))


@pytest.fixture(scope="session")
def _var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where every test of a worker keeps its data, one after the other.

    At one address, so that the engine of the database, and all that it has compiled, serves again.
    """
    return tmp_path_factory.mktemp("installation") / "var"


@pytest.fixture
def settings(
    _var: Path, _migrated: sqlite.Migrated | postgres.Migrated, _static: Path
) -> Iterator[Settings]:
    """Settings of an installation in an empty directory, its database migrated."""
    with _migrated.lent(_var) as where:
        (_var / "static").symlink_to(_static)
        yield Settings.from_env(
            {
                "INTERS4_DATA_DIR": str(_var),
                "INTERS4_MAIL": "memory",
                "INTERS4_SECRET_KEY": "a key made for tests, long enough to pass",
                **where,
            }
        )


@pytest.fixture
def database(settings: Settings) -> str:
    """The address of this test's own database, bound, and its jobs with it as in any process.

    Connections that were given back stay from test to test: a new one reads the whole schema again.
    """
    db.bind(settings.database_url)
    jobs.bind(settings)
    return settings.database_url


@pytest.fixture
def file(settings: Settings, _migrated: sqlite.Migrated | postgres.Migrated) -> Path:
    """The file of the database, this test's alone, for what happens to files."""
    if not isinstance(_migrated, sqlite.Migrated):
        pytest.skip("PostgreSQL looks after its own files")
    _migrated.close()
    return settings.data_dir / "inters4.db"


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    """A session like that of `writing()`, rolled back at the end unless the test commits."""
    engine = db.engine()
    with Session(engine, expire_on_commit=False) as opened:
        yield opened
        opened.rollback()
    if engine is not db.engine():
        engine.dispose()


@pytest.fixture
def app(request: pytest.FixtureRequest, settings: Settings, database: str) -> Flask:
    """The application on this test's database."""
    if "monkeypatch" in request.fixturenames:  # whatever it changes is in its own
        return LENDER.make(settings)
    return LENDER.lend(settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without cookies."""
    return app.test_client()
