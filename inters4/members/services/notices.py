"""Words sent to a person when something touches the safety of their account."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.core.hooks import hooks
from inters4.core.mail import enqueue
from inters4.members.exports.notices import SECURITY_KIND, SECURITY_NOTICE
from inters4.members.models import Member, MemberState, RoleGrant

__all__ = ["SECURITY_NOTICE", "tell", "tell_administrators"]


def tell(session: Session, member_id: int, event: str) -> None:
    """Queue a message that says what happened and when; `event` is known to the template."""
    member = session.get(Member, member_id)
    if member is None:
        return
    enqueue(
        session,
        kind=SECURITY_NOTICE,
        template="security_notice",
        recipient=member.email,
        locale=member.locale,
        parameters={"event": event, "at": now().isoformat()},
        member_id=member_id,
    )
    hooks.notifier.notify(
        session, SECURITY_KIND, [member_id], subject="account", facts={"event": event}
    )


def tell_administrators(session: Session, event: str, *, by: Viewer) -> None:
    """Tell the administrators, but `by`, of what one of them may want to stop."""
    holders = select(RoleGrant.member_id).where(RoleGrant.role == Role.ADMIN)
    others = select(Member.id).where(Member.id.in_(holders), Member.state == MemberState.ACTIVE)
    for number in session.scalars(others.order_by(Member.id)).all():
        if number != by.member_id:
            tell(session, number, event)
