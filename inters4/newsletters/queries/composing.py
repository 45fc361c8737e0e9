"""Reads for whoever makes an issue: everything that its message tells, and what to put in it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from inters4.core.access import Viewer
from inters4.core.paging import Page, read_page
from inters4.core.values import dataclass
from inters4.newsletters.models import READABLE, Issue, IssueItem, IssueState, Newsletter
from inters4.practices.models import READABLE as READABLE_SHEETS
from inters4.practices.models import Practice, PracticeOrganisation
from inters4.veille.models import READABLE as READABLE_SUMMARIES
from inters4.veille.models import Summary
from inters4.veille.queries.summaries import is_team

PREPARED = 20
"""Most summaries, and most sheets, that a prepared issue takes in."""
_PRACTICE = selectinload(Issue.items).joinedload(IssueItem.practice)
_TOLD = (
    joinedload(Issue.newsletter),
    selectinload(Issue.items).joinedload(IssueItem.summary).selectinload(Summary.terms),
    _PRACTICE.selectinload(Practice.terms),
    _PRACTICE.selectinload(Practice.organisations).joinedload(PracticeOrganisation.organisation),
)


def load_told(session: Session, issue_id: str) -> Issue | None:
    """The issue with all that its message tells."""
    return session.scalars(select(Issue).where(Issue.id == issue_id).options(*_TOLD)).first()


def earlier_issues(session: Session, issue: Issue, *, limit: int = 12) -> Sequence[Issue]:
    """Issues of the same newsletter that everyone reads, the latest first."""
    return session.scalars(
        select(Issue)
        .where(
            Issue.newsletter_id == issue.newsletter_id,
            Issue.id != issue.id,
            Issue.state.in_(READABLE),
        )
        .order_by(Issue.published_at.desc(), Issue.number.desc())
        .limit(limit)
    ).all()


IN_PROGRESS = frozenset(
    {IssueState.DRAFT, IssueState.IN_REVIEW, IssueState.APPROVED, IssueState.SCHEDULED}
)
"""States of an issue that has not begun to leave."""
LEAVING = frozenset({IssueState.SENDING, IssueState.PAUSED})
"""States of an issue that some of its readers have."""
_GIVEN_UP = frozenset({IssueState.CANCELLED})
_COMPOSED = (
    joinedload(Issue.newsletter),
    selectinload(Issue.items).joinedload(IssueItem.summary),
    selectinload(Issue.items).joinedload(IssueItem.practice),
)


def find_to_compose(
    session: Session,
    newsletter_id: str,
    number: int,
    *,
    viewer: Viewer,
    is_locked: bool = False,
) -> Issue | None:
    """The issue at this address with its items, for the team alone; locked to be changed."""
    if not is_team(viewer):
        return None
    statement = select(Issue).where(Issue.newsletter_id == newsletter_id, Issue.number == number)
    if is_locked:
        statement = statement.with_for_update(of=Issue).execution_options(populate_existing=True)
    return session.scalars(statement.options(*_COMPOSED)).first()


def issue_in_progress(session: Session, newsletter_id: str) -> Issue | None:
    """The issue of a newsletter that is being made, the latest when there are several.

    What corrects another is none: it is made apart.
    """
    return session.scalars(
        select(Issue)
        .where(
            Issue.newsletter_id == newsletter_id,
            Issue.erratum_of_id.is_(None),
            Issue.state.in_(IN_PROGRESS),
        )
        .order_by(Issue.number.desc())
        .limit(1)
    ).first()


def last_issue(session: Session, newsletter_id: str) -> Issue | None:
    """The latest issue that readers have, but for those that correct another."""
    return session.scalars(
        select(Issue)
        .where(
            Issue.newsletter_id == newsletter_id,
            Issue.erratum_of_id.is_(None),
            Issue.state.in_(READABLE),
        )
        .order_by(Issue.number.desc())
        .limit(1)
    ).first()


def highest_number(session: Session, newsletter_id: str) -> int:
    """The number of the latest issue, whatever became of it; 0 without any."""
    found = select(func.max(Issue.number)).where(Issue.newsletter_id == newsletter_id)
    return session.scalar(found) or 0


@dataclass(frozen=True, slots=True)
class Desk:
    """What the team has in hand: issues that are being made, after those that are leaving."""

    newsletters: Sequence[Newsletter]
    issues: Sequence[Issue]

    def open_issue(self, newsletter_id: str) -> Issue | None:
        """What `issue_in_progress` says of a newsletter."""
        found = [
            one
            for one in self.issues
            if one.newsletter_id == newsletter_id
            and one.erratum_of_id is None
            and one.state in IN_PROGRESS
        ]
        return max(found, key=lambda one: one.number, default=None)


def desk_of(session: Session) -> Desk:
    """Every newsletter and the issues that all their readers do not have yet: two statements."""
    issues = session.scalars(
        select(Issue)
        .where(Issue.state.in_(IN_PROGRESS | LEAVING))
        .options(joinedload(Issue.newsletter))
        .order_by(
            Issue.state.not_in(LEAVING),
            Issue.send_at.is_(None),
            Issue.send_at,
            Issue.updated_at.desc(),
        )
    ).all()
    return Desk(session.scalars(select(Newsletter).order_by(Newsletter.title)).all(), issues)


def told_in(session: Session, issue: Issue) -> Mapping[str, Issue]:
    """Sheets and summaries that other issues of the same newsletter tell, by their id.

    Issues that were given up do not count.
    """
    rows = session.execute(
        select(IssueItem.summary_id, IssueItem.practice_id, Issue)
        .join(Issue, Issue.id == IssueItem.issue_id)
        .where(
            Issue.newsletter_id == issue.newsletter_id,
            Issue.id != issue.id,
            Issue.state.not_in(_GIVEN_UP),
            or_(IssueItem.summary_id.is_not(None), IssueItem.practice_id.is_not(None)),
        )
        .order_by(Issue.number)
    )
    return {row.summary_id or row.practice_id: row.Issue for row in rows}


def summaries_offered(
    session: Session, issue: Issue, *, words: str = "", page: int = 1
) -> Page[Summary]:
    """Published summaries that the issue does not hold: those no issue told come first."""
    statement = select(Summary).where(Summary.state.in_(READABLE_SUMMARIES))
    offered = _offered(statement, Summary, IssueItem.summary_id, issue=issue, words=words)
    return read_page(session, offered, page)


def practices_offered(
    session: Session, issue: Issue, *, words: str = "", page: int = 1
) -> Page[Practice]:
    """The same, of sheets."""
    statement = select(Practice).where(Practice.state.in_(READABLE_SHEETS))
    offered = _offered(statement, Practice, IssueItem.practice_id, issue=issue, words=words)
    return read_page(session, offered, page)


def _offered(
    statement: Select[Any], kind: Any, column: Any, *, issue: Issue, words: str
) -> Select[Any]:
    here = select(column).where(IssueItem.issue_id == issue.id, column.is_not(None))
    told = select(column).where(
        IssueItem.issue_id == Issue.id,
        Issue.newsletter_id == issue.newsletter_id,
        Issue.state.not_in(_GIVEN_UP),
        column.is_not(None),
    )
    statement = statement.where(kind.id.not_in(here))
    for word in words.split():
        statement = statement.where(kind.title.icontains(word, autoescape=True))
    return statement.order_by(kind.id.in_(told), kind.published_at.desc(), kind.id)


def published_since(
    session: Session, newsletter_id: str, since: datetime
) -> tuple[Sequence[Summary], Sequence[Practice]]:
    """Summaries and sheets published since then that no issue of the newsletter tells."""
    told = (
        select(IssueItem.summary_id, IssueItem.practice_id)
        .join(Issue, Issue.id == IssueItem.issue_id)
        .where(Issue.newsletter_id == newsletter_id, Issue.state.not_in(_GIVEN_UP))
        .subquery()
    )
    summaries = session.scalars(
        select(Summary)
        .where(
            Summary.state.in_(READABLE_SUMMARIES),
            Summary.published_at > since,
            ~exists().where(told.c.summary_id == Summary.id),
        )
        .options(selectinload(Summary.terms))
        .order_by(Summary.published_at.desc(), Summary.id)
        .limit(PREPARED)
    ).all()
    practices = session.scalars(
        select(Practice)
        .where(
            Practice.state.in_(READABLE_SHEETS),
            Practice.published_at > since,
            ~exists().where(told.c.practice_id == Practice.id),
        )
        .order_by(Practice.published_at.desc(), Practice.id)
        .limit(PREPARED)
    ).all()
    return summaries, practices
