"""A sheet with all its parts.

A sheet has twelve kinds of parts and most sheets lack several. One statement tells which kinds
there are; only those are read, each by a statement made once. Eager loading by relationship would
ask for all of them, and takes three times as long.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, inspect, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from inters4.practices.models import Practice

_WITH_ORGANISATION = frozenset({"organisations", "adopters"})


def load_whole(session: Session, statement: Select[Any], sought: str) -> Practice | None:
    """The one sheet that `statement`, made of `head()`, finds for `sought`, its parts loaded.

    Parts in memory stay as they are.
    """
    found = session.execute(statement, {"sought": sought}).first()
    if found is None:
        return None
    practice: Practice = found[0]
    missing = inspect(practice).unloaded
    for name, parts in _statements().items():
        if name in missing:
            has_some = getattr(found, name)
            rows = session.scalars(parts, {"id": practice.id}).all() if has_some else ()
            set_committed_value(practice, name, list(rows))
    return practice


@cache
def head() -> Select[*tuple[Any, ...]]:
    """The sheet itself, and of which kinds it has parts."""
    flags = [
        select(kind.practice_id).where(kind.practice_id == Practice.id).exists().label(name)
        for name, kind in ((name, _kind(name)) for name in _statements())
    ]
    return select(Practice, *flags)


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
