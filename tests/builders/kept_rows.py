"""What a preparation did to the rows of a database, and doing it again."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    delete,
    func,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.db import Model

_Key = tuple[Any, ...]
_Row = Mapping[str, Any]
Rows = Mapping[_Key, _Row]
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00")


@dataclass(frozen=True, slots=True)
class Noted:
    """What a preparation did.

    Attributes:
        new: rows that it wrote, by table, in an order in which they may be written.
        changed: what it changed of those that were there before.
        gone: keys of those that it deleted.
        since, until: when it was made.
    """

    new: Mapping[Table, Rows]
    changed: Mapping[Table, Rows]
    gone: Mapping[Table, Collection[_Key]]
    since: datetime
    until: datetime

    @classmethod
    def of(
        cls,
        before: Mapping[Table, Rows],
        after: Mapping[Table, Rows],
        *,
        since: datetime,
    ) -> "Noted":
        """What lies between two states of the database, the second being that of now."""
        nothing: Rows = {}
        return cls(
            new={
                table: {
                    key: rows[key]
                    for key in sorted(rows, key=_after_what_it_names(table, rows))
                    if key not in before.get(table, nothing)
                }
                for table, rows in after.items()
            },
            changed={
                table: {
                    key: told
                    for key in rows
                    if key in after.get(table, nothing)
                    and (told := _difference(rows[key], after[table][key]))
                }
                for table, rows in before.items()
            },
            gone={
                table: [key for key in rows if key not in after.get(table, nothing)]
                for table, rows in before.items()
            },
            since=since,
            until=now(),
        )


def filled(session: Session) -> list[Table]:
    """The tables that hold rows, in an order in which they may be written."""
    tables, asked = _every_table()
    if session.get_bind().dialect.name == "postgresql":  # which would plan it again each time
        names = set(session.connection().exec_driver_sql("SELECT tests.filled()").scalars())
        return [table for table in tables if table.name in names]
    found = {int(number) for (number,) in session.connection().exec_driver_sql(asked)}
    return [table for number, table in enumerate(tables) if number in found]


@cache
def _every_table() -> tuple[list[Table], str]:
    """The tables, sorted once, and one question that numbers those that hold rows."""
    tables = Model.metadata.sorted_tables
    asked = " UNION ALL ".join(
        f'SELECT {number} WHERE EXISTS (SELECT 1 FROM "{table.name}")'  # noqa: S608
        for number, table in enumerate(tables)
    )
    return tables, asked


def _after_what_it_names(table: Table, rows: Rows) -> Callable[[_Key], tuple[bool, _Key]]:
    """An order in which a row comes after that of the same table to which it refers."""
    own = [
        key.parent.name
        for constraint in table.foreign_key_constraints
        if constraint.referred_table is table
        for key in constraint.elements
    ]
    return lambda key: (any(rows[key][name] is not None for name in own), key)


def _difference(before: _Row, after: _Row) -> _Row:
    return {name: value for name, value in after.items() if value != before[name]}


def dump(session: Session) -> dict[Table, dict[_Key, _Row]]:
    """Every row of the database, by table."""
    return {
        table: {
            tuple(row[column.name] for column in table.primary_key): dict(row)
            for row in session.connection().execute(select(table)).mappings()
        }
        for table in filled(session)
    }


def write_again(session: Session, noted: Noted, start: datetime) -> None:
    """Do it again, as if from the instant `start`."""
    connection, moved = session.connection(), _Moved(noted.since, noted.until, start, now())
    for table, keys in reversed(list(noted.gone.items())):
        for key in keys:
            connection.execute(delete(table).where(*_is(table, key)))
    for table, new in noted.new.items():
        if new:
            connection.execute(insert(table), [moved.row(row) for row in new.values()])
            _number_after(connection, table, new)
    for table, rows in noted.changed.items():
        for key, row in rows.items():
            connection.execute(update(table).where(*_is(table, key)).values(moved.row(row)))
    _read_again(session, noted)


def _is(table: Table, key: _Key) -> list[ColumnElement[bool]]:
    return [column == one for column, one in zip(table.primary_key, key, strict=True)]


def _read_again(session: Session, noted: Noted) -> None:
    """What the session holds of the rows that changed."""
    changed = {(table.name, key) for table, rows in noted.changed.items() for key in rows}
    for one in list(session):
        state = inspect(one)
        if (state.mapper.local_table.name, state.identity) in changed:
            session.refresh(one, [column.key for column in state.mapper.column_attrs])


@dataclass(frozen=True, slots=True)
class _Moved:
    """Instants of a preparation, between `since` and `until`, as if between `start` and `end`.

    They keep their order, and stay as far from those that come later. An instant that a test gave
    has no fraction of a second, and is left as it is.
    """

    since: datetime
    until: datetime
    start: datetime
    end: datetime

    def row(self, row: _Row) -> dict[str, Any]:
        """The row as it would be written now."""
        return {name: self._value(value) for name, value in row.items()}

    def _value(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return self._instant(value) if value.microsecond else value
        if isinstance(value, str):
            return _ISO.sub(lambda found: self._told(found[0]), value) if "T" in value else value
        if isinstance(value, dict):
            return {key: self._value(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._value(one) for one in value]
        return value

    def _told(self, value: str) -> str:
        return self._instant(datetime.fromisoformat(value)).isoformat()

    def _instant(self, value: datetime) -> datetime:
        if value <= self.since:
            return value + (self.start - self.since)
        if value >= self.until:
            return value + (self.end - self.until)
        part = (value - self.since) / (self.until - self.since)
        return self.start + (self.end - self.start) * part


def _number_after(connection: Connection, table: Table, rows: Rows) -> None:
    """Have PostgreSQL number what follows after these."""
    counted = table.autoincrement_column
    if connection.dialect.name != "postgresql" or counted is None:
        return
    sequence = func.pg_get_serial_sequence(table.name, counted.name)
    last = max(row[counted.name] for row in rows.values())
    connection.execute(select(func.setval(sequence, last)))
