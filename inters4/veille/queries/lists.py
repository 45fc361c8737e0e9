"""The public list of summaries, its filters, and what feeds hold."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, case, select
from sqlalchemy.orm import Session, selectinload

from inters4.core.kept import Kept, Now
from inters4.core.paging import PAGE_SIZE, Page, nearest_page, page_start
from inters4.core.values import dataclass
from inters4.veille.models import (
    READABLE,
    TOMBSTONES,
    OpenAccess,
    Scheme,
    Summary,
    SummaryState,
    SummaryTerm,
)
from inters4.veille.queries.summaries import is_readable, is_under

KEPT = Kept(Summary)
"""What lists say of all summaries, while none changes."""
FEED_SIZE = 50
EXPORT_SIZE = 5_000


class Order(StrEnum):
    """How the list is sorted; the values are those of the address."""

    PUBLISHED = "parution"
    YEAR = "annee"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to; vocabulary ids, empty for everything."""

    theme: str = ""
    population: str = ""
    design: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Offered:
    """Vocabulary ids that lead somewhere: values for the filters, with no empty answer."""

    themes: frozenset[str]
    populations: frozenset[str]
    designs: frozenset[str]
    has_open: bool


def list_summaries(
    session: Session,
    *,
    filters: Filters,
    order: Order = Order.PUBLISHED,
    page: int = 1,
    now: Now | None = None,
) -> Page[Summary]:
    """Summaries that everyone may read; `now` spares a statement."""
    ids = (now or KEPT.now(session)).answer(
        ("ordered", filters, order),
        lambda: _ordered(session, filters=filters, order=order),
    )
    number = nearest_page(page, len(ids))
    shown = ids[page_start(number) :][:PAGE_SIZE]
    rows = session.scalars(
        select(Summary).where(Summary.id.in_(shown)).options(selectinload(Summary.terms))
    )
    found = {row.id: row for row in rows}
    return Page([found[one] for one in shown if one in found], number, len(ids))


def _ordered(session: Session, *, filters: Filters, order: Order) -> tuple[str, ...]:
    wanted = _narrowed(select(Summary).where(is_readable()), filters)
    return tuple(session.scalars(wanted.with_only_columns(Summary.id).order_by(*_ORDERS[order])))


def every_summary(
    session: Session, *, filters: Filters, order: Order = Order.PUBLISHED
) -> Sequence[Summary]:
    """The whole list, for files; bounded, with terms."""
    wanted = _narrowed(select(Summary).where(is_readable()), filters)
    return session.scalars(
        wanted.options(selectinload(Summary.terms)).order_by(*_ORDERS[order]).limit(EXPORT_SIZE)
    ).all()


def latest_for_feed(session: Session, *, theme: str = "") -> Sequence[Summary]:
    """What a feed holds, newest first.

    Whoever received a summary learns that it was corrected or retracted, however old it is.
    """
    wanted = _narrowed(
        select(Summary).where(Summary.state.in_(READABLE | TOMBSTONES)), Filters(theme=theme)
    )
    return session.scalars(
        wanted.options(selectinload(Summary.terms))
        .order_by(_LAST_NEWS.desc(), *_ORDERS[Order.PUBLISHED])
        .limit(FEED_SIZE)
    ).all()


def offered_filters(session: Session, *, now: Now | None = None) -> Offered:
    """What summaries that everyone may read are classified under."""
    return (now or KEPT.now(session)).answer("offered", lambda: _offered(session))


def _offered(session: Session) -> Offered:
    readable = select(Summary.id).where(is_readable())
    terms = session.execute(
        select(SummaryTerm.scheme, SummaryTerm.term)
        .where(SummaryTerm.scheme.in_((Scheme.THEMES, Scheme.POPULATIONS)))
        .where(SummaryTerm.summary_id.in_(readable))
        .distinct()
    ).all()
    kinds = session.execute(
        select(Summary.design, Summary.open_access).where(is_readable()).distinct()
    ).all()
    return Offered(
        themes=frozenset(row.term for row in terms if row.scheme is Scheme.THEMES),
        populations=frozenset(row.term for row in terms if row.scheme is Scheme.POPULATIONS),
        designs=frozenset(row.design for row in kinds if row.design),
        has_open=any(row.open_access is OpenAccess.YES for row in kinds),
    )


def classified_under(scheme: Scheme, term: str) -> ColumnElement[bool]:
    """True of the summaries classified under a term, or under one below it."""
    bearing = select(SummaryTerm.summary_id).where(SummaryTerm.scheme == scheme, is_under(term))
    return Summary.id.in_(bearing)


_LAST_NEWS = case(
    (Summary.state == SummaryState.PUBLISHED, Summary.published_at), else_=Summary.updated_at
)
_ORDERS: Mapping[Order, tuple[ColumnElement[Any], ...]] = {
    Order.PUBLISHED: (
        Summary.published_at.desc(),
        Summary.year.desc().nulls_last(),
        Summary.id.asc(),
    ),
    Order.YEAR: (Summary.year.desc().nulls_last(), Summary.id.asc()),
}


def _narrowed(statement: Select[Summary], filters: Filters) -> Select[Summary]:
    for scheme, term in (
        (Scheme.THEMES, filters.theme),
        (Scheme.POPULATIONS, filters.population),
    ):
        if term:
            statement = statement.where(classified_under(scheme, term))
    if filters.design:
        statement = statement.where(Summary.design == filters.design)
    if filters.is_open:
        statement = statement.where(Summary.open_access == OpenAccess.YES)
    return statement
