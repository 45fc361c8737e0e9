"""A database as an earlier revision left it, filled, for what must come through an upgrade."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import MetaData

from inters4.app import load_domains
from inters4.core import db, migrate
from tests import postgres

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


@contextmanager
def database_at(
    revision: str, rows: Mapping[str, Mapping[str, Any]], *, kind: str, folder: Path
) -> Iterator[None]:
    """A database of its own at `revision`, bound, with one row in each table of `rows`."""
    if kind == "postgresql":
        with postgres.bare() as url:
            yield from _bound(url, revision, rows)
    else:
        yield from _bound(f"sqlite:///{folder / 'before.db'}", revision, rows)


def _bound(url: str, revision: str, rows: Mapping[str, Mapping[str, Any]]) -> Iterator[None]:
    load_domains()
    db.dispose()
    db.bind(url)
    db.create_file()
    with db.engine().begin() as connection:
        command.upgrade(migrate._configuration(connection), revision)
        tables = MetaData()
        tables.reflect(connection)
        for name, row in rows.items():
            connection.execute(tables.tables[name].insert().values(row))
    yield
    db.dispose()
