"""Requests to join that nobody answers: those who lead are reminded, then the coordination is told.

Days of work count. A hidden space receives no request, and the coordination learns of none.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.exports.joining_notices import (
    REQUEST_KIND,
    WAITING_KIND,
    about_request,
)
from inters4.community.models import JoinRequest, RequestState, Space, Visibility
from inters4.community.queries.leading import facilitators_of
from inters4.core.access import Role
from inters4.core.clock import now
from inters4.core.hooks import hooks
from inters4.core.working_days import working_days_since
from inters4.members.queries.holders import holders_of

REMINDED_AFTER, ESCALATED_AFTER = 2, 5
"""Days of work without an answer."""


def chase_requests(session: Session) -> int:
    """Remind, then tell the coordination, each once a request; how many were told again."""
    moment, told = now(), 0
    rows = session.execute(
        select(JoinRequest, Space)
        .join(Space, Space.id == JoinRequest.space_id)
        .where(
            JoinRequest.state == RequestState.PENDING,
            JoinRequest.escalated_at.is_(None),
            Space.visibility != Visibility.PRIVATE_HIDDEN,
        )
        .order_by(JoinRequest.id)
        .with_for_update(of=JoinRequest, skip_locked=True)
    ).all()
    leaders = facilitators_of(session, {space.id for _request, space in rows})
    for request, space in rows:
        days = working_days_since(request.asked_at, moment)
        if request.reminded_at is None and days >= REMINDED_AFTER:
            request.reminded_at, told = moment, told + 1
            hooks.notifier.notify(
                session,
                REQUEST_KIND,
                sorted(leaders[space.id]),
                subject=about_request(request.id),
                facts={"reminder": True},
                once=f"rappel/{request.id}",
            )
        if days >= ESCALATED_AFTER:
            request.escalated_at, told = moment, told + 1
            hooks.notifier.notify(
                session,
                WAITING_KIND,
                sorted(holders_of(session, (Role.COORDINATION,)) - leaders[space.id]),
                subject=about_request(request.id),
                once=f"sans-reponse/{request.id}",
            )
    session.flush()
    return told
