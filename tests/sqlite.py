"""A SQLite database for the integration tests, migrated once by a worker and lent to its tests.

What a test filled is emptied when it gives the database back, as on PostgreSQL: a new file would
cost its copy, and each connection to it would read the whole schema again. A test that did more
than fill tables (another schema, another file, a transaction left open) makes the next one begin
with a new copy.

Rows asked in no order come last first: PostgreSQL gives them as it pleases, and a test, or a page,
that stands on the order of writing fails here already.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from inters4.core import db, migrate
from tests.builders.folders import clear

_NAME = "inters4.db"
_FILES = (_NAME, f"{_NAME}-wal", f"{_NAME}-shm")
_WAIT_SECONDS = 0.05
"""Whoever still writes when its test has ended was forgotten by it."""


@dataclass(slots=True)
class Migrated:
    """A migrated, empty database, lent to one test after the other.

    Attributes:
        template: the file that copies are made of.
    """

    template: Path
    _keeper: "_Keeper | None" = field(default=None, init=False)

    @contextmanager
    def lent(self, folder: Path) -> Iterator[dict[str, str]]:
        """Put it in `folder`, the empty data directory; no setting names it.

        It is empty again afterwards, whatever was committed to it.
        """
        path = folder / _NAME
        if not self._keeps(path):
            self.close()
            clear(folder)
            shutil.copy(self.template, path)
            self._keeper = _Keeper.of(path)
        clear(folder, but=_FILES)
        try:
            yield {}
        finally:
            if not self._keeps(path, empty=True):
                self.close()

    def _keeps(self, path: Path, *, empty: bool = False) -> bool:
        """True while the database at `path` can be lent again, once its rows are gone."""
        keeper = self._keeper
        return keeper is not None and keeper.keeps(path) and (not empty or keeper.empties())

    def close(self) -> None:
        """Let go of the file: the next to be lent it gets another."""
        db.dispose()
        if self._keeper is not None:
            self._keeper.connection.close()
            self._keeper = None


@contextmanager
def migrated(folder: Path) -> Iterator[Migrated]:
    """A migrated, empty database for all the tests of a worker; its template is in `folder`."""
    event.listen(Engine, "connect", _come_last_first)
    path = folder / _NAME
    db.bind(f"sqlite:///{path}")
    migrate.upgrade()
    db.dispose()
    made = Migrated(path)
    try:
        yield made
    finally:
        made.close()


def _come_last_first(connection: Any, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA reverse_unordered_selects = ON")


@dataclass(frozen=True, slots=True)
class _Keeper:
    """A connection that empties the database, always the same one: it has read the schema.

    Attributes:
        file: what the file was when it was opened.
        schema: what its tables were.
        filled: which of them hold rows, all asked in one statement.
    """

    connection: sqlite3.Connection
    file: tuple[int, int]
    schema: object
    filled: str

    @classmethod
    def of(cls, path: Path) -> "_Keeper":
        """Keep the database at `path`, which has just been made."""
        connection = sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        filled = " UNION ALL ".join(
            f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")"  # noqa: S608
            for (name,) in sorted(tables)
            if name != "alembic_version"
        )
        return cls(connection, _which(path), _schema(connection), filled)

    def keeps(self, path: Path) -> bool:
        """True while the file at `path` is the one that was opened, and its tables the same."""
        try:
            return _which(path) == self.file and _schema(self.connection) == self.schema
        except (OSError, sqlite3.Error):
            return False

    def empties(self) -> bool:
        """True when no table holds a row any more: each numbers from one again."""
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            for (name,) in self.connection.execute(self.filled).fetchall():
                self.connection.execute(f'DELETE FROM "{name}"')  # noqa: S608
            self.connection.execute("COMMIT")
        except sqlite3.Error:
            return False
        return True


def _which(path: Path) -> tuple[int, int]:
    """The file at `path`, whatever its name, and who may write it."""
    found = path.stat()
    return found.st_ino, found.st_mode


def _schema(connection: sqlite3.Connection) -> object:
    """Which revision it is at, and SQLite's own number, raised by each change of a table."""
    return (
        connection.execute("PRAGMA schema_version").fetchone(),
        connection.execute("SELECT version_num FROM alembic_version").fetchall(),
    )
