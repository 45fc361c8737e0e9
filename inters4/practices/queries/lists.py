"""The public list of sheets: what narrows it, how it is sorted, what feeds and files hold."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from indexer.analysis import fold
from inters4.core.access import Viewer
from inters4.core.kept import Kept, Now
from inters4.core.paging import PAGE_SIZE, Page, nearest_page, page_start
from inters4.core.values import dataclass
from inters4.practices.models import Practice, PracticeTerm, Scheme
from inters4.practices.queries.sheets import (
    WITH_ORGANISATIONS,
    is_readable,
    is_under,
    sees_all,
    visible,
)

FEED_SIZE = 50
FILE_SIZE = 5_000


class Order(StrEnum):
    """How the list is sorted; the values are those of the address."""

    DATE = "date"
    TITLE = "titre"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to; vocabulary ids, empty for everything."""

    theme: str = ""
    region: str = ""
    setting: str = ""
    population: str = ""
    profession: str = ""
    stage: str = ""
    maturity: str = ""
    evidence: str = ""


class Version(NamedTuple):
    """A sheet as it is now: whatever it says changes with these."""

    id: str
    version: int
    updated_at: datetime


FILTERS = tuple(item.name for item in fields(Filters))
_SCHEMES: Mapping[str, Scheme] = {
    "theme": Scheme.THEMES,
    "region": Scheme.REGIONS,
    "setting": Scheme.SETTINGS,
    "population": Scheme.POPULATIONS,
    "profession": Scheme.PROFESSIONS,
}
_COLUMNS: Mapping[str, InstrumentedAttribute[str]] = {
    "stage": Practice.stage,
    "maturity": Practice.maturity,
    "evidence": Practice.evidence_strength,
}
KEPT = Kept(Practice)
"""What lists say of all sheets, while none changes."""
_KEPT_TITLES = 10_000
_WITH_ALL = (WITH_ORGANISATIONS, selectinload(Practice.terms))


def list_practices(
    session: Session,
    *,
    viewer: Viewer,
    filters: Filters,
    order: Order = Order.DATE,
    page: int = 1,
    now: Now | None = None,
) -> Page[Version]:
    """Sheets to read: which ones, and how they are now; `now` spares a statement."""
    is_team = sees_all(viewer)
    ids = (now or KEPT.now(session)).answer(
        ("ordered", is_team, filters, order),
        lambda: _ordered(session, is_team=is_team, filters=filters, order=order),
    )
    number = nearest_page(page, len(ids))
    shown = ids[page_start(number) :][:PAGE_SIZE]
    found = {row.id: Version(*row) for row in session.execute(_versions(), {"ids": shown})}
    return Page([found[one] for one in shown if one in found], number, len(ids))


def every_practice(
    session: Session,
    *,
    viewer: Viewer,
    filters: Filters,
    order: Order = Order.DATE,
    limit: int = FILE_SIZE,
) -> Sequence[Practice]:
    """The whole list, for feeds and files; bounded, with organisations and terms."""
    wanted = _wanted(sees_all(viewer), filters).options(*_WITH_ALL)
    found = session.scalars(wanted.order_by(*_newest_first()).limit(limit)).all()
    return _by_title(found) if order is Order.TITLE else found


def offered_filters(
    session: Session, *, viewer: Viewer, now: Now | None = None
) -> Mapping[str, frozenset[str]]:
    """By filter, the ids that lead somewhere: no choice has an empty answer.

    `rating_status` says too whether ratings are proposed or reviewed.
    """
    is_team = sees_all(viewer)
    return (now or KEPT.now(session)).answer(
        ("offered", is_team), lambda: _offered_now(session, is_team=is_team)
    )


def _offered_now(session: Session, *, is_team: bool) -> Mapping[str, frozenset[str]]:
    used_terms, used_values = _offered(is_team)
    terms: dict[Scheme, set[str]] = {}
    for scheme, term in session.execute(used_terms):
        terms.setdefault(scheme, set()).add(term)
    columns = session.execute(used_values).all()
    offered = {name: frozenset(terms.get(scheme, ())) for name, scheme in _SCHEMES.items()}
    for place, name in enumerate(_COLUMNS):
        offered[name] = frozenset(row[place] for row in columns if row[place])
    offered["rating_status"] = frozenset(row.rating_status.value for row in columns)
    return offered


def _ordered(session: Session, *, is_team: bool, filters: Filters, order: Order) -> tuple[str, ...]:
    wanted = _wanted(is_team, filters)
    if order is Order.DATE:
        dated = wanted.with_only_columns(Practice.id).order_by(*_newest_first())
        return tuple(session.scalars(dated))
    titled: Any = wanted.with_only_columns(Practice.id, Practice.title)
    rows = session.execute(titled).all()
    return tuple(row.id for row in sorted(rows, key=lambda row: (_sorted_as(row.title), row.id)))


@cache
def _versions() -> Select[*tuple[Any, ...]]:
    return select(Practice.id, Practice.version, Practice.updated_at).where(
        Practice.id.in_(bindparam("ids", expanding=True))
    )


@cache
def _offered(is_team: bool) -> tuple[Select[Scheme, str], Select[Any]]:
    readable = select(Practice.id).where(visible(is_team), is_readable())
    terms = (
        select(PracticeTerm.scheme, PracticeTerm.term)
        .where(PracticeTerm.scheme.in_(tuple(_SCHEMES.values())))
        .where(PracticeTerm.practice_id.in_(readable))
        .distinct()
    )
    told = (*_COLUMNS.values(), Practice.rating_status)
    values: Any = select(*told).where(Practice.id.in_(readable)).distinct()
    return terms, values


def _wanted(is_team: bool, filters: Filters) -> Select[Practice]:
    statement = select(Practice).where(visible(is_team), is_readable())
    for name, scheme in _SCHEMES.items():
        value = getattr(filters, name)
        if value:
            bearing = select(PracticeTerm.practice_id).where(
                PracticeTerm.scheme == scheme, is_under(value)
            )
            statement = statement.where(Practice.id.in_(bearing))
    for name, column in _COLUMNS.items():
        value = getattr(filters, name)
        if value:
            statement = statement.where(column == value)
    return statement


def _newest_first() -> tuple[Any, ...]:
    return Practice.published_at.desc(), Practice.id


def _by_title(practices: Sequence[Practice]) -> list[Practice]:
    return sorted(practices, key=lambda found: (_sorted_as(found.title), found.id))


@lru_cache(maxsize=_KEPT_TITLES)
def _sorted_as(title: str) -> str:
    """The place of a title in a French dictionary."""
    return fold(title)
