"""Time that passes: late reviews and silent organisations are told, never answered for.

An organisation that says nothing for ten days of work is reminded; five more, and the coordination
is told. Neither is ever a yes.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.working_days import working_days_since
from inters4.practices.exports.notices import Task
from inters4.practices.models import (
    PracticeApproval,
    PracticeReview,
    PracticeRevision,
    PracticeState,
)
from inters4.practices.services.approving import pass_on
from inters4.practices.services.life import today
from inters4.practices.services.telling import tell_reviewer, tell_signers, tell_team

REMINDED_AFTER, ESCALATED_AFTER = 10, 15
"""Days of work without an answer."""


def chase_approvals(session: Session) -> int:
    """Remind, then tell the coordination; how many organisations were silent."""
    moment, silent = now(), 0
    rows = session.execute(
        select(PracticeApproval, PracticeRevision)
        .join(PracticeRevision, PracticeRevision.id == PracticeApproval.revision_id)
        .where(
            PracticeRevision.closed_at.is_(None),
            PracticeRevision.state == PracticeState.APPROVAL,
            PracticeApproval.decided_at.is_(None),
            PracticeApproval.escalated_at.is_(None),
        )
        .with_for_update()
    )
    for approval, revision in rows.all():
        days = working_days_since(approval.asked_at, moment)
        if approval.reminded_at is None and days >= REMINDED_AFTER:
            approval.reminded_at, silent = moment, silent + 1
            tell_signers(session, revision, approval)
        if days >= ESCALATED_AFTER:
            pass_on(session, revision, approval)
            silent += 1
    session.flush()
    return silent


def chase_reviews(session: Session) -> int:
    """Tell reviewers that they are late, and the coordination with them; how many are."""
    late = session.execute(
        select(PracticeReview, PracticeRevision)
        .join(PracticeRevision, PracticeRevision.id == PracticeReview.revision_id)
        .where(
            PracticeRevision.closed_at.is_(None),
            PracticeRevision.state == PracticeState.REVIEW,
            PracticeReview.round == PracticeRevision.round,
            PracticeReview.submitted_at.is_(None),
            PracticeReview.declined_at.is_(None),
            PracticeReview.due_on < today(),
        )
    ).all()
    for review, revision in late:
        tell_reviewer(session, review, is_late=True)
        tell_team(session, revision, Task.LATE_REVIEW, once=review.public_id, but=Viewer())
    return len(late)
