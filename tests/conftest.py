"""Fixtures every test may use: a database of its own, the application, a client.

A migrated database is made once per worker; each test has a copy of it (SQLite), or is lent it
and leaves it empty (PostgreSQL, with `--database=postgresql`). Nothing of our own is replaced by
a double.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy.orm import Session

from inters4 import app as application
from inters4.app import create_app, load_domains
from inters4.core import db, migrate
from inters4.core.i18n import set_locale
from inters4.core.web import assets
from inters4.settings import Settings
from tests import postgres
from tests.builders.compiled import CompiledRule, CompiledTemplates, ListedFiles

COMPILED = CompiledTemplates()
Flask.url_rule_class = CompiledRule
application.WhiteNoise = ListedFiles  # type: ignore[attr-defined]

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
    kept = [item for item in items if "database_kind" in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


@pytest.fixture(autouse=True)
def _french() -> None:
    set_locale("fr")


@pytest.fixture(scope="session")
def database_kind(pytestconfig: pytest.Config) -> str:
    """Where rows are kept in this run: `sqlite` or `postgresql`."""
    return str(pytestconfig.getoption("--database"))


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory, database_kind: str) -> str:
    """Address of a migrated, empty database."""
    load_domains()
    if database_kind == "postgresql":
        return postgres.make_migrated()
    path = tmp_path_factory.mktemp("template") / "inters4.db"
    url = f"sqlite:///{path}"
    db.bind(url)
    migrate.upgrade()
    db.dispose()
    return url


@pytest.fixture(scope="session")
def _static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The static files, compressed once for all the tests of a worker."""
    return assets.prepare(tmp_path_factory.mktemp("static"))


@pytest.fixture(scope="session")
def _var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where every test of a worker keeps its data, one after the other.

    At one address, so that the engine of the database, and all that it has compiled, serves again.
    """
    return tmp_path_factory.mktemp("installation") / "var"


@pytest.fixture
def settings(_var: Path, _template: str, _static: Path) -> Iterator[Settings]:
    """Settings of an installation in an empty directory, its database migrated."""
    environment = {
        "INTERS4_DATA_DIR": str(_var),
        "INTERS4_MAIL": "memory",
        "INTERS4_SECRET_KEY": "a key made for tests, long enough to pass",
    }
    if _var.exists():
        shutil.rmtree(_var)
    _var.mkdir()
    (_var / "static").symlink_to(_static)
    if _template.startswith("sqlite"):
        shutil.copy(_template.removeprefix("sqlite:///"), _var / "inters4.db")
        yield Settings.from_env(environment)
        return
    with postgres.lent(_template) as url:
        yield Settings.from_env({**environment, "INTERS4_DATABASE_URL": url})


@pytest.fixture
def database(settings: Settings) -> Iterator[str]:
    """The address of this test's own database, bound."""
    db.dispose()
    db.bind(settings.database_url)
    yield settings.database_url
    db.dispose()


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    """A session like that of `writing()`, rolled back at the end unless the test commits."""
    engine = db.engine()
    with Session(engine, expire_on_commit=False) as opened:
        yield opened
        opened.rollback()
    engine.dispose()


@pytest.fixture
def app(settings: Settings, database: str) -> Flask:
    """The application on this test's database."""
    made = create_app(settings)
    made.jinja_env.bytecode_cache = COMPILED
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without cookies."""
    return app.test_client()
