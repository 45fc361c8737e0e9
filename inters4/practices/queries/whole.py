"""A sheet with all its parts.

A sheet has twelve kinds of parts and most sheets lack several. One statement tells which kinds
there are; only those are read, each by a statement made once. Eager loading by relationship would
ask for all of them, and takes three times as long.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, inspect, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from inters4.practices.models import Practice

_WITH_ORGANISATION = frozenset({"organisations", "adopters"})


def load_parts(session: Session, practice: Practice) -> Practice:
    """`practice` with all its parts; those in memory stay as they are."""
    missing = inspect(practice).unloaded & _statements().keys()
    if missing:
        present = session.execute(_flags(), {"id": practice.id}).one()
        for name in missing:
            has_some = getattr(present, name)
            found = session.scalars(_statements()[name], {"id": practice.id}) if has_some else ()
            set_committed_value(practice, name, list(found))
    return practice


def every_whole(session: Session, practices: Select[Practice]) -> Sequence[Practice]:
    """The sheets of a statement with all their parts, in a fixed number of statements."""
    loads = [selectinload(getattr(Practice, name)) for name in _statements()]
    with_names = [
        selectinload(getattr(Practice, name)).joinedload(_kind(name).organisation)
        for name in sorted(_WITH_ORGANISATION)
    ]
    return session.scalars(practices.options(*loads, *with_names)).all()


@cache
def _flags() -> Select[*tuple[bool, ...]]:
    """Of which kinds a sheet has parts."""
    return select(
        *(
            select(kind.practice_id).where(kind.practice_id == bindparam("id")).exists().label(name)
            for name, kind in ((name, _kind(name)) for name in _statements())
        )
    )


@cache
def _statements() -> Mapping[str, Select[Any]]:
    """How each list of parts is read, in its order."""
    made = {}
    for name, relation in inspect(Practice).relationships.items():
        kind = _kind(name)
        statement = select(kind).where(kind.practice_id == bindparam("id"))
        if relation.order_by:
            statement = statement.order_by(*relation.order_by)
        if name in _WITH_ORGANISATION:
            statement = statement.options(joinedload(kind.organisation))
        made[name] = statement
    return made


def _kind(name: str) -> Any:
    return inspect(Practice).relationships[name].mapper.class_
