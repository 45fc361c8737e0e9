"""What « Mes données » holds of the issues that a person made or approved."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from inters4.newsletters.models import Issue, IssueApproval, IssueStep


def issues_by(session: Session, member_id: int) -> Iterable[Mapping[str, Any]]:
    """The issues they began, each step they made, each approval they asked or were asked."""
    for issue in session.scalars(
        select(Issue).where(Issue.author_id == member_id).order_by(Issue.id)
    ):
        yield {"issue": issue.id, "title": issue.title, "state": issue.state.value}
    for step in session.scalars(
        select(IssueStep).where(IssueStep.by_id == member_id).order_by(IssueStep.id)
    ):
        yield {
            "issue": step.issue_id,
            "step": step.after.value,
            "reason": step.reason,
            "at": step.at.isoformat(),
        }
    theirs = or_(
        IssueApproval.approver_id == member_id,
        IssueApproval.deputy_id == member_id,
        IssueApproval.asked_by_id == member_id,
    )
    for one in session.scalars(select(IssueApproval).where(theirs).order_by(IssueApproval.id)):
        yield {
            "issue": one.issue_id,
            "approval_asked_at": one.asked_at.isoformat(),
            "decision": one.decision.value if one.decision else None,
            "is_own_decision": one.decided_by_id == member_id,
            "reason": one.reason if one.decided_by_id == member_id else "",
        }
