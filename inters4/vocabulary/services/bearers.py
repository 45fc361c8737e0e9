"""Who names terms, and how they are made to name another one.

No table has a foreign key to the vocabulary, so that domains say here where they name terms. When
a term is moved or merged, every bearer carries what bore it: none is left with an id that the
vocabulary does not know. Rows are changed one by one, so that the index learns of each document.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from inters4.core.values import dataclass

Condition = Callable[[str], "ColumnElement[bool] | None"]


@dataclass(frozen=True, slots=True)
class Bearer:
    """Something that names terms.

    Attributes:
        name: told apart by it.
        told: a number -> « 3 fiches ».
        count: scheme, ids -> how many bear at least one of those terms.
        carry: scheme, ids left -> ids: what bore a former one bears the other.
        columns: `table.column` of each place where it names a term; a test compares them with the
            tables.
    """

    name: str
    told: Callable[[int], str]
    count: Callable[[Session, str, Collection[str]], int]
    carry: Callable[[Session, str, Mapping[str, str]], None]
    columns: frozenset[str] = frozenset()


class Bearers:
    """The bearers that domains add at start."""

    def __init__(self) -> None:
        self._known: dict[str, Bearer] = {}

    def add(self, bearer: Bearer) -> None:
        """Let what bears terms be counted and carried.

        Raises:
            RuntimeError: another bearer has that name.
        """
        if bearer.name in self._known:
            raise RuntimeError(f"registered twice: {bearer.name}")
        self._known[bearer.name] = bearer

    def __iter__(self) -> Iterator[Bearer]:
        return iter(self._known.values())


bearers = Bearers()


def rows_bearing(
    name: str,
    told: Callable[[int], str],
    kind: type[Any],
    *,
    owner: str,
    term: str,
    where: Condition,
    is_once: bool,
) -> Bearer:
    """A table whose rows name one term each; `kind` is its class.

    `owner` and `term` are attributes: whose row it is, which is what is counted, and the id of the
    term. `where` says which rows name terms of a scheme, None when none does. With `is_once` an
    owner names a term only once: a row that would repeat another goes, and the better place of the
    two stays.
    """
    column, owned = getattr(kind, term), getattr(kind, owner)
    movable = {one.name for one in kind.__table__.columns if not one.primary_key}

    def count(session: Session, scheme: str, ids: Collection[str]) -> int:
        condition = where(scheme)
        if condition is None:
            return 0
        counted = select(func.count(owned.distinct())).where(condition, column.in_(ids))
        return session.scalar(counted) or 0

    def carry(session: Session, scheme: str, renamed: Mapping[str, str]) -> None:
        condition = where(scheme)
        if condition is None:
            return
        found = session.scalars(
            select(kind).where(condition, column.in_([*renamed, *renamed.values()]))
        ).all()
        held = {
            (getattr(row, owner), getattr(row, term)): row
            for row in found
            if getattr(row, term) not in renamed
        }
        for row in found:
            present = renamed.get(getattr(row, term))
            if present is None:
                continue
            twin = held.get((getattr(row, owner), present)) if is_once else None
            if twin is None:
                setattr(row, term, present)
                held[getattr(row, owner), present] = row
            else:
                if "position" in movable:
                    twin.position = min(twin.position, row.position)
                session.delete(row)
        session.flush()

    return Bearer(name, told, count, carry, frozenset({f"{kind.__tablename__}.{term}"}))
