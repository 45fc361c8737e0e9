"""What newsletters keeps of somebody of the team who is erased: the issues, under no name."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from inters4.newsletters.models import Issue, IssueApproval, IssueStep

_NAMED = (
    (IssueApproval, "approver_id"),
    (IssueApproval, "deputy_id"),
    (IssueApproval, "asked_by_id"),
    (IssueApproval, "decided_by_id"),
    (IssueStep, "by_id"),
)
"""Columns that say who did something; what was done stays."""


def forget_maker(session: Session, member_id: int) -> None:
    """Take a person off the issues that they made, approved, or were asked to approve."""
    for table, column in _NAMED:
        session.execute(
            update(table).where(getattr(table, column) == member_id).values({column: None})
        )
    for issue in session.scalars(select(Issue).where(Issue.author_id == member_id)):
        issue.author_id = None
    session.flush()
