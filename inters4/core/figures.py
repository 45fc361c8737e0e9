"""Figures of the balance sheet: what a domain counts, and the list of what it counted.

One statement gives both, so that a figure is always the length of its list. What happened is read
from journals, which are only ever added to: a state that changes later changes no past period.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Date, Row, Select, and_, bindparam, exists, or_
from sqlalchemy.orm import Session, aliased

from inters4.core.access import Role, Viewer
from inters4.core.clock import LOCAL_ZONE
from inters4.core.db import Instant
from inters4.core.values import dataclass

SINCE = bindparam("since", type_=Instant())
"""The instant at which the period begins."""
UNTIL = bindparam("until", type_=Instant())
"""The instant at which it is over: the midnight that follows its last day."""
FIRST = bindparam("first", type_=Date())
LAST = bindparam("last", type_=Date())
"""Its first and last days, for what is kept by day."""

TEAM = (Role.BROKER, Role.COORDINATION)
"""Who reads figures about people, messages, and what few readers did."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included, as the clocks of Québec cut them."""

    first: date
    last: date

    @property
    def bounds(self) -> Mapping[str, date | datetime]:
        """What the statement of a figure is given."""
        return {
            "since": _midnight(self.first),
            "until": _midnight(self.last + timedelta(days=1)),
            "first": self.first,
            "last": self.last,
        }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LOCAL_ZONE)


class Section(StrEnum):
    """A part of the balance sheet."""

    PEOPLE = "people"
    NEWSLETTERS = "newsletters"
    VEILLE = "veille"
    PRACTICES = "practices"
    EXCHANGES = "exchanges"


class When(StrEnum):
    """What of a period a figure tells: all of it, how things stood at its end, or only today."""

    DURING = "during"
    AT_END = "at-end"
    TODAY = "today"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing counted, in words.

    Attributes:
        title: what it is; says nobody once a person was erased.
        url: path of its page, empty for what has none.
        on: when it happened.
        told: what else is worth knowing.
        amount: for a figure that adds something up besides, its part of the sum.
    """

    title: str
    url: str = ""
    on: datetime | None = None
    told: str = ""
    amount: int | None = None


Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Something that a domain counts over a period.

    Attributes:
        key: its place under `/bilan/`.
        rows: the statement of its list, sorted; it may use `SINCE`, `UNTIL`, `FIRST`, `LAST`.
        lines: rows -> lines, one each, in order; a fixed number of statements.
        roles: who may read it and its list; empty for everyone.
        note: what a reader must know to read it rightly.
        amount: a sum -> its words, for a statement that has a column `amount`.
        kept_days: how many days back its rows are kept; 0 for ever.
    """

    key: str
    section: Section
    order: int
    label: Callable[[], str]
    rows: Callable[[], Rows]
    lines: Callable[[Session, Sequence[Row[Any]], Viewer], Sequence[Line]]
    when: When = When.DURING
    roles: Collection[Role] = ()
    note: Callable[[], str] | None = None
    amount: Callable[[int], str] | None = None
    kept_days: int = 0

    def is_seen_by(self, viewer: Viewer) -> bool:
        """True when `viewer` may read it."""
        return not self.roles or any(viewer.has(role) for role in self.roles)


def during(moment: Any) -> ColumnElement[bool]:
    """True of what happened in the period."""
    return and_(moment >= SINCE, moment < UNTIL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """The journal of states of something, and the states in which it is counted.

    Attributes:
        table: mapped class with `id` and `at`; its rows are only ever added.
        owner, before, after: names of its columns.
        among: the states that count.
    """

    table: type[Any]
    owner: str
    before: str
    after: str
    among: Collection[StrEnum]

    def entered(self) -> ColumnElement[bool]:
        """True of a step of the period that led among the states, from elsewhere."""
        before, after = self._states()
        return and_(
            during(self.table.at),
            after.in_(self.among),
            or_(before.is_(None), before.not_in(self.among)),
        )

    def left(self) -> ColumnElement[bool]:
        """True of a step of the period that led out of the states."""
        before, after = self._states()
        return and_(during(self.table.at), before.in_(self.among), after.not_in(self.among))

    def stood(self) -> ColumnElement[bool]:
        """True of the step by which something stood among the states when the period ended."""
        later = aliased(self.table)
        is_same = getattr(later, self.owner) == getattr(self.table, self.owner)
        return and_(
            self.table.at < UNTIL,
            self._states()[1].in_(self.among),
            ~exists().where(is_same, later.id > self.table.id, later.at < UNTIL),
        )

    def _states(self) -> tuple[Any, Any]:
        return getattr(self.table, self.before), getattr(self.table, self.after)
