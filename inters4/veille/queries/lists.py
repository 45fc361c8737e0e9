"""The public list of summaries, its filters, and what feeds hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, selectinload

from inters4.core.paging import Page, read_page
from inters4.veille.models import (
    READABLE,
    TOMBSTONES,
    OpenAccess,
    Scheme,
    Summary,
    SummaryTerm,
)
from inters4.veille.queries.summaries import is_readable, is_under

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
    session: Session, *, filters: Filters, order: Order = Order.PUBLISHED, page: int = 1
) -> Page[Summary]:
    """Summaries that everyone may read."""
    wanted = _narrowed(select(Summary).where(is_readable()), filters)
    wanted = wanted.options(selectinload(Summary.terms)).order_by(*_ORDERS[order])
    return read_page(session, wanted, page)


def every_summary(
    session: Session, *, filters: Filters, order: Order = Order.PUBLISHED
) -> Sequence[Summary]:
    """The whole list, for files; bounded, with terms."""
    wanted = _narrowed(select(Summary).where(is_readable()), filters)
    return session.scalars(
        wanted.options(selectinload(Summary.terms)).order_by(*_ORDERS[order]).limit(EXPORT_SIZE)
    ).all()


def latest_for_feed(session: Session, *, theme: str = "") -> Sequence[Summary]:
    """What a feed holds, newest first: whoever received a summary learns that it was retracted."""
    wanted = _narrowed(
        select(Summary).where(Summary.state.in_(READABLE | TOMBSTONES)), Filters(theme=theme)
    )
    return session.scalars(
        wanted.options(selectinload(Summary.terms))
        .order_by(*_ORDERS[Order.PUBLISHED])
        .limit(FEED_SIZE)
    ).all()


def offered_filters(session: Session) -> Offered:
    """What summaries that everyone may read are classified under."""
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
    return (
        select(SummaryTerm.term)
        .where(SummaryTerm.summary_id == Summary.id, SummaryTerm.scheme == scheme)
        .where(is_under(term))
        .exists()
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
