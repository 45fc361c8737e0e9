"""What corrects an issue, and what it corrects: messages apart, and the note on its page."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import ScalarSelect, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.values import dataclass
from inters4.newsletters.models import READABLE, Issue, IssueState, IssueStep
from inters4.newsletters.queries.composing import IN_PROGRESS
from inters4.veille.queries.summaries import is_team


@dataclass(frozen=True, slots=True)
class Amended:
    """How an issue that everyone reads was corrected.

    Attributes:
        corrects: the issue that this one corrects.
        errata: messages that correct this one, the first first.
        noted_at: when its note was last written; None when it came with a file.
        is_writable: whoever looks may write that note, or prepare an erratum.
    """

    corrects: Issue | None = None
    errata: Sequence[Issue] = ()
    noted_at: datetime | None = None
    is_writable: bool = False


def amended(session: Session, issue: Issue, *, viewer: Viewer) -> Amended:
    """One statement, two for an issue that bears a note."""
    tied = session.scalars(_tied(), {"id": issue.id, "corrects": issue.erratum_of_id}).all()
    return Amended(
        next((one for one in tied if one.id == issue.erratum_of_id), None),
        [one for one in tied if one.erratum_of_id == issue.id],
        _noted_at(session, issue) if issue.correction else None,
        is_writable=issue.is_readable and is_team(viewer),
    )


def erratum_in_progress(session: Session, issue_id: str) -> Issue | None:
    """The message that is being made to correct an issue."""
    return session.scalars(
        select(Issue)
        .where(Issue.erratum_of_id == issue_id, Issue.state.in_(IN_PROGRESS))
        .order_by(Issue.number.desc())
        .limit(1)
    ).first()


def find_corrected(session: Session, issue: Issue) -> Issue | None:
    """The issue that this one corrects; None when it corrects none."""
    return session.get(Issue, issue.erratum_of_id) if issue.erratum_of_id else None


def was_carried(issue_id: str) -> ScalarSelect[int | None]:
    """How many people received an issue outside the portal, as part of a statement."""
    return select(Issue.sent_elsewhere).where(Issue.id == issue_id).scalar_subquery()


def _noted_at(session: Session, issue: Issue) -> datetime | None:
    statement = select(func.max(IssueStep.at)).where(
        IssueStep.issue_id == issue.id,
        IssueStep.before == IssueStep.after,
        IssueStep.after != IssueState.DRAFT,
    )
    return session.scalar(statement)


@cache
def _tied() -> Select[Issue]:
    return (
        select(Issue)
        .where(
            or_(Issue.erratum_of_id == bindparam("id"), Issue.id == bindparam("corrects")),
            Issue.state.in_(READABLE),
        )
        .order_by(Issue.published_at, Issue.number)
    )
