"""A row and the rows that are part of it: a change of any part is a change of the whole.

SQLAlchemy writes only the rows that change: a text rewritten, a term added would leave the
document at its version, and whatever is remembered under that version would stay as it was. One
listener dates the whole, which raises its version.
"""

from collections.abc import Hashable, Iterator
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import event, inspect
from sqlalchemy.orm import Mapped, Session

from inters4.core.clock import now
from inters4.core.db import Timestamps, Versioned


class Whole(Timestamps, Versioned):
    """A dated, versioned row; its lists are part of it."""

    id: Mapped[str]


class PartOf:
    """A row of a whole; `part_of` names its column that says of which."""

    part_of: ClassVar[str]


def stamps(*rows: Whole) -> tuple[Hashable, ...]:
    """What changes with any of `rows`, or of their parts: a name for what is drawn of them."""
    return tuple((type(row).__name__, row.id, row.version, row.updated_at) for row in rows)


@event.listens_for(Session, "before_flush")
def _date_what_changes(session: Session, *_flush: object) -> None:
    for whole in _changed(session):
        if whole is not None and whole not in session.deleted:
            whole.updated_at = now()


def _changed(session: Session) -> Iterator[Whole | None]:
    kinds = (Whole, PartOf)
    for row in [row for row in session.dirty if isinstance(row, kinds)]:
        if session.is_modified(row):
            yield row if isinstance(row, Whole) else _whole_of(session, row)
    for row in (*session.new, *session.deleted):
        if isinstance(row, PartOf):
            yield _whole_of(session, row)


def _whole_of(session: Session, row: PartOf) -> Whole | None:
    """What `row` is part of; one that is not written yet needs no new date."""
    identifier = getattr(row, row.part_of)
    kind: Any = type(row)
    return session.get(_kind_of(kind), identifier) if identifier else None


@cache
def _kind_of(part: type[Any]) -> type[Whole]:
    mapper: Any = inspect(part)
    (key,) = mapper.columns[part.part_of].foreign_keys
    tables = {other.local_table: other.class_ for other in mapper.registry.mappers}
    found: type[Whole] = tables[key.column.table]
    return found
