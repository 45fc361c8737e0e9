"""How a list is cut into pages. Every list of the portal is cut the same way."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from inters4.core.values import dataclass

PAGE_SIZE = 20
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list; `number` counts from 1 and never passes the last page."""

    rows: Sequence[Row]
    number: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, page_count(self.total))


def page_count(total: int) -> int:
    """How many pages hold `total` rows; none for none."""
    return -(-total // PAGE_SIZE)


def page_start(number: int) -> int:
    """How many rows stand before page `number`."""
    return (number - 1) * PAGE_SIZE


def nearest_page(number: int, total: int) -> int:
    """The page nearest to the one asked for."""
    return min(max(1, number), max(1, page_count(total)))


def read_page(
    session: Session, statement: Select[Row], number: int, *, total: int | None = None
) -> Page[Row]:
    """Page `number` of the sorted `statement`; `total` when the caller has counted already."""
    if total is None:
        counted = select(func.count()).select_from(statement.order_by(None).subquery())
        total = session.scalar(counted) or 0
    number = nearest_page(number, total)
    found = session.scalars(statement.offset(page_start(number)).limit(PAGE_SIZE)).all()
    return Page(found, number, total)
