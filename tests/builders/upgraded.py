"""A database as an earlier revision left it, filled, for what must come through an upgrade."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import MetaData

from inters4.app import load_domains
from inters4.core import db, migrate
from tests import postgres

_Rows = Mapping[str, Mapping[str, Any]]

AT = datetime(2026, 11, 21, 5, tzinfo=UTC)
STAMPS = {"created_at": AT, "updated_at": AT}
ORGANISATION = {
    "id": 1,
    "slug": "cisss-bsl",
    "name": "CISSS du Bas-Saint-Laurent",
    "short_name": "",
    "kind": "establishment",
    "website": "",
    "is_consortium_member": True,
    **STAMPS,
}


_kept: dict[str, bytes] = {}
"""Files of SQLite, by what was made of them: going through every revision takes a second."""


@contextmanager
def database_at(revision: str, rows: _Rows, *, kind: str, folder: Path) -> Iterator[None]:
    """A database of its own at `revision`, bound, with one row in each table of `rows`."""
    with _bound(kind, folder, revision, lambda: _bring_to(revision)):
        _insert(rows)
        yield


@contextmanager
def upgraded_from(revision: str, rows: _Rows, *, kind: str, folder: Path) -> Iterator[None]:
    """What `database_at` gives, once it has come to the newest revision."""

    def make() -> None:
        _bring_to(revision)
        _insert(rows)
        migrate.upgrade()

    with _bound(kind, folder, f"{revision} and after {rows!r}", make):
        yield


def _bring_to(revision: str) -> None:
    with db.engine().begin() as connection:
        command.upgrade(migrate._configuration(connection), revision)


def _insert(rows: _Rows) -> None:
    with db.engine().begin() as connection:
        tables = MetaData()
        tables.reflect(connection, only=list(rows))
        for name, row in rows.items():
            connection.execute(tables.tables[name].insert().values(row))


@contextmanager
def _bound(kind: str, folder: Path, name: str, make: Callable[[], None]) -> Iterator[None]:
    """What `make` makes of a bare database; as a file, it is made once and copied."""
    load_domains()
    db.dispose()
    if kind == "postgresql":
        with postgres.bare() as url:
            db.bind(url)
            make()
            yield
            db.dispose()
        return
    path = folder / "before.db"
    if name in _kept:
        path.write_bytes(_kept[name])
    db.bind(f"sqlite:///{path}")
    if name not in _kept:
        db.create_file()
        make()
        db.dispose()
        _kept[name] = path.read_bytes()
    yield
    db.dispose()
