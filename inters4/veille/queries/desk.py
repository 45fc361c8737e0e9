"""What the brokering team works on. The caller has checked that the viewer is of the team."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from inters4.core.paging import Page, read_page
from inters4.veille.models import IN_PROGRESS, Scheme, Summary, SummaryState, SummaryTerm
from inters4.veille.queries.lists import classified_under


@dataclass(frozen=True, slots=True)
class Desk:
    """One page of what is in progress.

    Attributes:
        counts: how many summaries stand in each state, whatever the page is narrowed to.
        themes: ids of the themes under which something is in progress.
    """

    page: Page[Summary]
    counts: Mapping[SummaryState, int]
    themes: frozenset[str]


def list_in_progress(
    session: Session, *, state: SummaryState | None = None, theme: str = "", page: int = 1
) -> Desk:
    """Summaries not published yet, the last changed first, with their terms and practices."""
    wanted = select(Summary).where(Summary.state.in_([state] if state else IN_PROGRESS))
    if theme:
        wanted = wanted.where(classified_under(Scheme.THEMES, theme))
    wanted = wanted.options(selectinload(Summary.terms), selectinload(Summary.practices))
    found = read_page(session, wanted.order_by(Summary.updated_at.desc(), Summary.id), page)
    counts = session.execute(
        select(Summary.state, func.count())
        .where(Summary.state.in_(IN_PROGRESS))
        .group_by(Summary.state)
    ).all()
    themes = session.scalars(
        select(SummaryTerm.term)
        .join(Summary, Summary.id == SummaryTerm.summary_id)
        .where(SummaryTerm.scheme == Scheme.THEMES, Summary.state.in_(IN_PROGRESS))
        .distinct()
    )
    return Desk(found, {row[0]: row[1] for row in counts}, frozenset(themes))


def count_in_progress(session: Session) -> int:
    """How many summaries are not published yet."""
    statement = select(func.count()).select_from(Summary).where(Summary.state.in_(IN_PROGRESS))
    return session.scalar(statement) or 0
