"""What the watch keeps of somebody who is erased: the work, under no name."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from inters4.veille.models import (
    Finding,
    FindingAct,
    FindingRule,
    FindingState,
    FindingVerdict,
    Source,
    Summary,
    SummaryCorrection,
    SummaryReview,
    SummaryStep,
    Watch,
    WatchMember,
)

_NAMED = (
    (Finding, "decided_by_id"),
    (FindingAct, "by_id"),
    (FindingRule, "made_by_id"),
    (Source, "added_by_id"),
    (SummaryCorrection, "by_id"),
    (SummaryReview, "reviewer_id"),
    (SummaryReview, "asked_by_id"),
    (SummaryStep, "by_id"),
    (Watch, "created_by_id"),
)
"""Columns that say who did something; what was done stays."""


def forget_broker(session: Session, member_id: int) -> None:
    """Take a person off teams and off what they did; what they held goes back to the team."""
    session.execute(
        update(Finding)
        .where(Finding.owner_id == member_id, Finding.state == FindingState.ASSIGNED)
        .values(state=FindingState.KEPT)
    )
    session.execute(
        update(Finding).where(Finding.owner_id == member_id).values(owner_id=None, claimed_at=None)
    )
    for table, column in _NAMED:
        session.execute(
            update(table).where(getattr(table, column) == member_id).values({column: None})
        )
    roles = ("writer_id", "reviewer_id", "publisher_id")
    for name in roles:
        for summary in session.scalars(select(Summary).where(getattr(Summary, name) == member_id)):
            setattr(summary, name, None)
    session.execute(delete(FindingVerdict).where(FindingVerdict.member_id == member_id))
    session.execute(delete(WatchMember).where(WatchMember.member_id == member_id))
    session.flush()
