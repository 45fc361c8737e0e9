"""The public list of sheets: what narrows it, how it is sorted, what feeds and files hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, load_only, selectinload

from indexer.analysis import fold
from inters4.core.access import Viewer
from inters4.core.paging import PAGE_SIZE, Page, nearest_page, page_start, read_page
from inters4.practices.models import Practice, PracticeTerm, Scheme
from inters4.practices.queries.cards import load_cards
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
_ON_CARDS = (
    Practice.slug,
    Practice.language,
    Practice.title,
    Practice.solution,
    Practice.origin,
    Practice.state,
    Practice.stage,
    Practice.maturity,
    Practice.evidence_strength,
    Practice.rating_status,
    Practice.published_at,
)
_KEPT_STATEMENTS = 200
_WITH_ALL = (WITH_ORGANISATIONS, selectinload(Practice.terms))


def list_practices(
    session: Session,
    *,
    viewer: Viewer,
    filters: Filters,
    order: Order = Order.DATE,
    page: int = 1,
) -> Page[Practice]:
    """Sheets to read, with what cards show."""
    if order is Order.DATE:
        dated, counted = _dated(sees_all(viewer), filters)
        shown = read_page(session, dated, page, total=session.scalar(counted) or 0)
        return replace(shown, rows=load_cards(session, shown.rows))
    wanted = _wanted(sees_all(viewer), filters)
    ids = _ids_by_title(session, wanted)
    number = nearest_page(page, len(ids))
    of_page = ids[page_start(number) :][:PAGE_SIZE]
    found = session.scalars(select(Practice).where(Practice.id.in_(of_page))).all()
    return Page(_by_title(load_cards(session, found)), number, len(ids))


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


def offered_filters(session: Session, *, viewer: Viewer) -> Mapping[str, frozenset[str]]:
    """By filter, the ids that lead somewhere: no choice has an empty answer."""
    used_terms, used_values = _offered(sees_all(viewer))
    terms: dict[Scheme, set[str]] = {}
    for scheme, term in session.execute(used_terms):
        terms.setdefault(scheme, set()).add(term)
    columns = session.execute(used_values).all()
    offered = {name: frozenset(terms.get(scheme, ())) for name, scheme in _SCHEMES.items()}
    for place, name in enumerate(_COLUMNS):
        offered[name] = frozenset(row[place] for row in columns if row[place])
    return offered


@lru_cache(maxsize=_KEPT_STATEMENTS)
def _dated(is_team: bool, filters: Filters) -> tuple[Select[Practice], Select[int]]:
    """The rows and their number, made once: making them anew costs as much as running them."""
    wanted = _wanted(is_team, filters)
    counted = wanted.with_only_columns(func.count())
    return wanted.options(load_only(*_ON_CARDS, raiseload=True)).order_by(*_newest_first()), counted


@cache
def _offered(is_team: bool) -> tuple[Select[Scheme, str], Select[Any]]:
    readable = select(Practice.id).where(visible(is_team), is_readable())
    terms = (
        select(PracticeTerm.scheme, PracticeTerm.term)
        .where(PracticeTerm.scheme.in_(tuple(_SCHEMES.values())))
        .where(PracticeTerm.practice_id.in_(readable))
        .distinct()
    )
    values: Any = select(*_COLUMNS.values()).where(Practice.id.in_(readable)).distinct()
    return terms, values


def _wanted(is_team: bool, filters: Filters) -> Select[Practice]:
    statement = select(Practice).where(visible(is_team), is_readable())
    for name, scheme in _SCHEMES.items():
        value = getattr(filters, name)
        if value:
            statement = statement.where(
                select(PracticeTerm.term)
                .where(PracticeTerm.practice_id == Practice.id, PracticeTerm.scheme == scheme)
                .where(is_under(value))
                .exists()
            )
    for name, column in _COLUMNS.items():
        value = getattr(filters, name)
        if value:
            statement = statement.where(column == value)
    return statement


def _newest_first() -> tuple[Any, ...]:
    return Practice.published_at.desc(), Practice.id


def _ids_by_title(session: Session, wanted: Select[Practice]) -> list[str]:
    """Every id, in the order of a French dictionary: no database folds accents as readers do."""
    rows = session.execute(wanted.with_only_columns(Practice.id, Practice.title)).all()
    return [row.id for row in sorted(rows, key=lambda row: (fold(row.title), row.id))]


def _by_title(practices: Sequence[Practice]) -> list[Practice]:
    return sorted(practices, key=lambda found: (fold(found.title), found.id))
