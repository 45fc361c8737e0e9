"""Approvals that nobody gives while their hour comes: both are reminded, then others are told."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.clock import now
from inters4.core.hooks import hooks
from inters4.members.queries.holders import holders_of
from inters4.newsletters.exports.notices import APPROVAL_KIND, WAITING_KIND, about_approval
from inters4.newsletters.models import IssueApproval


def remind_due(session: Session) -> int:
    """Remind, then escalate, what is due; say how many requests were told again."""
    moment = now()
    waited = select(IssueApproval).where(IssueApproval.decision.is_(None))
    reminded = session.scalars(
        waited.where(
            IssueApproval.reminded_at.is_(None), IssueApproval.remind_at <= moment
        ).with_for_update(skip_locked=True)
    ).all()
    for one in reminded:
        one.reminded_at = moment
        hooks.notifier.notify(
            session,
            APPROVAL_KIND,
            [number for number in (one.approver_id, one.deputy_id) if number is not None],
            subject=about_approval(one.id),
            facts={"reminder": True},
            once=f"rappel/{one.id}",
        )
    escalated = session.scalars(
        waited.where(
            IssueApproval.escalated_at.is_(None), IssueApproval.escalate_at <= moment
        ).with_for_update(skip_locked=True)
    ).all()
    coordination = holders_of(session, (Role.COORDINATION,)) if escalated else frozenset()
    for one in escalated:
        one.escalated_at = moment
        hooks.notifier.notify(
            session,
            WAITING_KIND,
            sorted(coordination - {one.approver_id, one.deputy_id}),
            subject=about_approval(one.id),
            once=f"sans-reponse/{one.id}",
        )
    return len(reminded) + len(escalated)
