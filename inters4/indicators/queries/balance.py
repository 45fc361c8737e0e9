"""The figures of a period, and the lists that they count: one statement gives both.

All the figures of a period are counted in one statement, made once for each set of figures: a page
costs the same however many domains count something.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.figures import Figure, Line, Section, Span
from inters4.core.hooks import hooks
from inters4.core.paging import PAGE_SIZE, Page, nearest_page, page_start
from inters4.core.values import dataclass

_SECTIONS = tuple(Section)
_AT_ONCE = 500
_SETS_KEPT = 64


@dataclass(frozen=True, slots=True)
class Total:
    """A figure over a period: how many lines its list has, and what they add up to."""

    number: int
    amount: int = 0


def figures_for(viewer: Viewer) -> tuple[Figure, ...]:
    """Those that `viewer` may read, in their order."""
    seen = (figure for figure in hooks.figures.values() if figure.is_seen_by(viewer))
    return tuple(sorted(seen, key=lambda one: (_SECTIONS.index(one.section), one.order)))


def sees_all(viewer: Viewer) -> bool:
    """True when no figure is hidden from `viewer`."""
    return all(figure.is_seen_by(viewer) for figure in hooks.figures.values())


def find_figure(key: str, *, viewer: Viewer) -> Figure | None:
    """The figure of this key, when `viewer` may read it."""
    figure = hooks.figures.get(key)
    return figure if figure is not None and figure.is_seen_by(viewer) else None


def count_figures(session: Session, figures: Sequence[Figure], span: Span) -> Mapping[str, Total]:
    """Each figure over a period, by key: one statement."""
    keys = tuple(figure.key for figure in figures)
    if not keys:
        return {}
    numbers = map(int, session.execute(_counts(keys), span.bounds).one())
    return {
        figure.key: Total(next(numbers), next(numbers) if figure.amount else 0)
        for figure in figures
    }


@dataclass(frozen=True, slots=True)
class Lines:
    """One page of the list of a figure; `amount` adds up the whole list."""

    page: Page[Line]
    amount: int


def list_figure(
    session: Session, figure: Figure, span: Span, *, page: int, viewer: Viewer
) -> Lines:
    """What a figure counts over a period, page by page."""
    counted = count_figures(session, (figure,), span)[figure.key]
    number = nearest_page(page, counted.number)
    rows = session.execute(
        figure.rows().offset(page_start(number)).limit(PAGE_SIZE), span.bounds
    ).all()
    return Lines(Page(figure.lines(session, rows, viewer), number, counted.number), counted.amount)


def every_line(session: Session, figure: Figure, span: Span, *, viewer: Viewer) -> Iterator[Line]:
    """The whole list, some hundreds of lines in memory at a time."""
    found = session.execute(figure.rows().execution_options(yield_per=_AT_ONCE), span.bounds)
    for rows in found.partitions():
        yield from figure.lines(session, rows, viewer)


@lru_cache(maxsize=_SETS_KEPT)
def _counts(keys: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    columns: list[ScalarSelect[Any]] = []
    for key in keys:
        figure = hooks.figures[key]
        listed = figure.rows().order_by(None).subquery()
        counted = [func.count().label("number")]
        if figure.amount is not None:
            counted.append(func.coalesce(func.sum(listed.c.amount), 0).label("amount"))
        total = select(*counted).select_from(listed).cte()
        columns += [select(column).scalar_subquery() for column in total.c]
    return select(*columns)
