"""Who wrote in an issue, who was asked to approve it, and each step that it took."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from inters4.newsletters.models import (
    ApprovalDecision,
    Issue,
    IssueApproval,
    IssueState,
    IssueStep,
)


def writer_ids(session: Session, issue: Issue) -> frozenset[int]:
    """Everyone who wrote in an issue: whoever began it, and whoever changed a word of it."""
    wrote = session.scalars(
        select(IssueStep.by_id).where(
            IssueStep.issue_id == issue.id,
            IssueStep.after == IssueState.DRAFT,
            or_(IssueStep.before.is_(None), IssueStep.before == IssueState.DRAFT),
        )
    )
    return frozenset(number for number in (issue.author_id, *wrote) if number is not None)


def steps_of(session: Session, issue_id: str) -> Sequence[IssueStep]:
    """Every step of an issue, the latest first."""
    return session.scalars(
        select(IssueStep).where(IssueStep.issue_id == issue_id).order_by(IssueStep.id.desc())
    ).all()


def last_return(session: Session, issue: Issue) -> IssueStep | None:
    """The step that gave a draft back to its writers, until it is asked about again."""
    if issue.state is not IssueState.DRAFT:
        return None
    last = session.scalars(
        select(IssueStep)
        .where(IssueStep.issue_id == issue.id, IssueStep.before.is_distinct_from(IssueStep.after))
        .order_by(IssueStep.id.desc())
        .limit(1)
    ).first()
    return last if last is not None and last.before is not None and last.reason else None


def approvals_of(session: Session, issue_id: str) -> Sequence[IssueApproval]:
    """Every request for approval of an issue, the latest first."""
    return session.scalars(
        select(IssueApproval)
        .where(IssueApproval.issue_id == issue_id)
        .order_by(IssueApproval.id.desc())
    ).all()


def waited_approval(session: Session, issue_id: str) -> IssueApproval | None:
    """The request that waits for a decision."""
    return session.scalars(
        select(IssueApproval)
        .where(IssueApproval.issue_id == issue_id, IssueApproval.decision.is_(None))
        .order_by(IssueApproval.id.desc())
        .limit(1)
    ).first()


def standing_approval(session: Session, issue_id: str) -> IssueApproval | None:
    """The approval under which an issue may leave: its `content` is the message that was read."""
    found = next(iter(approvals_of(session, issue_id)), None)
    approved = {ApprovalDecision.APPROVED, ApprovalDecision.RELEASED}
    return found if found is not None and found.decision in approved else None


class Task(StrEnum):
    """What an issue awaits of somebody of the team."""

    APPROVE = "approve"
    SCHEDULE = "schedule"
    WRITE = "write"


def tasks_of(session: Session, member_id: int, *, limit: int = 10) -> list[tuple[Task, Issue]]:
    """What awaits a person, the nearest hour first, with newsletters loaded; one statement."""
    asked = exists().where(
        IssueApproval.issue_id == Issue.id,
        IssueApproval.decision.is_(None),
        or_(IssueApproval.approver_id == member_id, IssueApproval.deputy_id == member_id),
    )
    is_own = Issue.author_id == member_id
    issues = session.scalars(
        select(Issue)
        .where(
            or_(
                and_(Issue.state == IssueState.IN_REVIEW, asked),
                and_(Issue.state.in_((IssueState.DRAFT, IssueState.APPROVED)), is_own),
            )
        )
        .options(joinedload(Issue.newsletter))
        .order_by(Issue.send_at.is_(None), Issue.send_at, Issue.updated_at)
        .limit(limit)
    )
    return [(_TASKS[issue.state], issue) for issue in issues]


_TASKS = {
    IssueState.IN_REVIEW: Task.APPROVE,
    IssueState.APPROVED: Task.SCHEDULE,
    IssueState.DRAFT: Task.WRITE,
}
