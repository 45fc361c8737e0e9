"""What the brokering team works on. The caller has checked that the viewer is of the team."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from inters4.core.access import Viewer
from inters4.core.clock import local, now
from inters4.core.paging import Page, read_page
from inters4.core.values import dataclass
from inters4.veille.models import (
    IN_PROGRESS,
    UNSORTED,
    Finding,
    FindingState,
    Scheme,
    Summary,
    SummaryState,
    SummaryTerm,
    Watch,
    WatchMember,
)
from inters4.veille.queries.doubles import disputed, said_by
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


@dataclass(frozen=True, slots=True)
class Awaiting:
    """What the desk awaits of somebody of the team.

    Attributes:
        to_sort: findings on which they have said nothing; `oldest` is when the first came.
        to_settle: those on which two others disagree.
        held: address and title of what they hold, the longest held first.
        held_count: how many they hold in all.
        late: watches whose criteria are to be read again: address, name, by when it was due.
    """

    to_sort: int
    oldest: datetime | None
    to_settle: int
    held: Sequence[tuple[str, str]]
    held_count: int
    late: Sequence[tuple[str, str, date]]

    def __bool__(self) -> bool:
        """True when something awaits."""
        return bool(self.to_sort or self.to_settle or self.held_count or self.late)


def awaiting_of(session: Session, viewer: Viewer, *, shown: int = 5) -> Awaiting:
    """What awaits `viewer` on the desk: three statements."""
    is_new = and_(Finding.state == FindingState.NEW, ~said_by(viewer), ~disputed())
    to_sort, oldest, to_settle = session.execute(
        select(
            func.count().filter(is_new),
            func.min(Finding.first_seen_at).filter(is_new),
            func.count().filter(disputed(), ~said_by(viewer)),
        ).where(Finding.state.in_(UNSORTED))
    ).one()
    rows = session.execute(
        select(Finding.public_id, Finding.title, func.count().over().label("many"))
        .where(
            Finding.owner_id == viewer.member_id,
            Finding.state.not_in((FindingState.SUMMARISED, FindingState.DISCARDED)),
        )
        .order_by(Finding.claimed_at, Finding.id)
        .limit(shown)
    ).all()
    teams = select(WatchMember.watch_id)
    late = session.execute(
        select(Watch.public_id, Watch.name, Watch.review_on)
        .where(
            Watch.closed_at.is_(None),
            Watch.review_on < local(now()).date(),
            or_(
                Watch.id.in_(teams.where(WatchMember.member_id == viewer.member_id)),
                Watch.id.not_in(teams),
            ),
        )
        .order_by(Watch.review_on, Watch.id)
    ).all()
    return Awaiting(
        to_sort,
        oldest,
        to_settle,
        [(row.public_id, row.title) for row in rows],
        rows[0].many if rows else 0,
        [(row.public_id, row.name, row.review_on) for row in late],
    )
