"""Time that passes: late reviews and silent organisations are told, never answered for.

An organisation that says nothing for ten days of work is reminded; five more, and the coordination
is told. Neither is ever a yes. Whoever is given the role meanwhile is asked, with the whole delay.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.working_days import working_days_since
from inters4.members.queries.holders import holders_of
from inters4.practices.exports.notices import TEAM, Task
from inters4.practices.models import (
    PracticeApproval,
    PracticeReview,
    PracticeRevision,
    PracticeState,
)
from inters4.practices.queries.reviewers import is_awaited
from inters4.practices.queries.telling import is_signing_anew, signers_of
from inters4.practices.services.approving import pass_on
from inters4.practices.services.life import today
from inters4.practices.services.naming import release_absent
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
        )
        .with_for_update()
    )
    for approval, revision in rows.all():
        if approval.escalated_at is not None:
            _ask_newcomers(session, revision, approval)
            continue
        days = working_days_since(approval.asked_at, moment)
        if approval.reminded_at is None and days >= REMINDED_AFTER:
            approval.reminded_at, silent = moment, silent + 1
        tell_signers(session, revision, approval)
        if days >= ESCALATED_AFTER:
            pass_on(session, revision, approval)
            silent += 1
    session.flush()
    return silent


def _ask_newcomers(
    session: Session, revision: PracticeRevision, approval: PracticeApproval
) -> None:
    """Ask again in the name of an organisation, once somebody new may sign for it."""
    asked = (revision.practice_id, approval.organisation_id)
    since = approval.escalated_at or approval.asked_at
    if not is_signing_anew(session, approval.organisation_id, since):
        return
    if signers_of(session, [asked])[asked]:
        approval.asked_at, approval.reminded_at, approval.escalated_at = now(), None, None
        tell_signers(session, revision, approval)


def free_drafts(session: Session) -> int:
    """Sheets whose drafter is of the team no more wait for somebody else of it; how many."""
    left = session.scalars(
        select(PracticeRevision)
        .options(joinedload(PracticeRevision.practice))
        .where(
            PracticeRevision.closed_at.is_(None),
            PracticeRevision.state == PracticeState.DRAFTING,
            PracticeRevision.drafter_id.not_in(holders_of(session, TEAM)),
        )
        .with_for_update(of=PracticeRevision)
    ).all()
    for revision in left:
        former, revision.drafter_id = revision.drafter_id, None
        once = f"{revision.id}/{former}"
        tell_team(session, revision, Task.DRAFT, once=once, but=Viewer())
    session.flush()
    return len(left)


def chase_reviews(session: Session) -> int:
    """Tell reviewers that they are late, and the coordination with them; how many are.

    Those who review no more are not waited for.
    """
    release_absent(session)
    late = session.execute(
        select(PracticeReview, PracticeRevision)
        .join(PracticeRevision, PracticeRevision.id == PracticeReview.revision_id)
        .where(is_awaited(), PracticeReview.due_on < today())
    ).all()
    for review, revision in late:
        tell_reviewer(session, review, is_late=True)
        tell_team(session, revision, Task.LATE_REVIEW, once=review.public_id, but=Viewer())
    return len(late)
