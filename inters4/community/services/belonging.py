"""Coming in and going out, whatever the way: the rows that change with belonging, all at once."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from inters4.community.exports.joining_notices import (
    REQUEST_KIND,
    WAITING_KIND,
    about_request,
)
from inters4.community.models import (
    JoinRequest,
    Membership,
    RequestState,
    Space,
    SpaceInvitation,
    SpaceReading,
    SpaceToken,
    Thread,
    ThreadReading,
)
from inters4.community.queries.access import own_invitation, pending_request, standing_of
from inters4.community.services.publishing import lock_space
from inters4.core import audit
from inters4.core.access import SPACE_ROLES, Viewer
from inters4.core.clock import now
from inters4.core.errors import NotAllowed
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.members.models import Member, RoleGrant
from inters4.members.queries.holders import ROLE_WITHDRAWN

JOINED, LEFT = "community.joined", "community.left"
"""A person came in, or went out: `handler(session, space=, member_id=)`."""


def belongs(session: Session, space_id: int, member_id: int) -> bool:
    """True when the person is of this space now."""
    return session.get(Membership, (space_id, member_id)) is not None


def enter(session: Session, space: Space, member_id: int, *, by: Viewer, how: str) -> Membership:
    """Make a person belong; what they were asked or asked for is settled. Twice changes nothing.

    What was written before counts as read: nobody catches up with years at once.

    Raises:
        NotAllowed: they were banned.
    """
    space = lock_space(session, space.id)
    found = session.get(Membership, (space.id, member_id))
    if found is not None:
        return found
    if standing_of(session, space.id, member_id).is_banned:
        raise NotAllowed(_("Cette personne est exclue de cet espace."))
    found = Membership(space_id=space.id, member_id=member_id)
    session.add(found)
    reading = session.get(SpaceReading, (member_id, space.id))
    if reading is None:
        reading = SpaceReading(member_id=member_id, space_id=space.id, read_seq=0)
        session.add(reading)
    reading.read_seq = max(reading.read_seq, space.last_seq)
    reading.visited_seq = space.last_seq
    _settle(session, space, member_id, by=by)
    _note(session, JOINED, space, member_id, by=by, how=how)
    hooks.emit(JOINED, session, space=space, member_id=member_id)
    return found


def go_out(session: Session, space: Space, member_id: int, *, by: Viewer, how: str) -> bool:
    """End belonging, and the roles, marks and private addresses that came with it.

    False when the person was not there.
    """
    space = lock_space(session, space.id)
    found = session.get(Membership, (space.id, member_id))
    if found is None:
        return False
    session.delete(found)
    grants = session.scalars(
        select(RoleGrant).where(
            RoleGrant.member_id == member_id,
            RoleGrant.space_id == space.id,
            RoleGrant.role.in_(tuple(SPACE_ROLES)),
        )
    )
    for grant in grants.all():
        session.delete(grant)
        audit.record(
            session,
            ROLE_WITHDRAWN,
            by=by,
            subject=f"member:{member_id}",
            role=grant.role.value,
            space=space.id,
        )
    session.flush()
    session.execute(
        delete(SpaceReading).where(
            SpaceReading.space_id == space.id, SpaceReading.member_id == member_id
        )
    )
    stop_following(session, space, [member_id])
    if space.is_private:
        session.execute(
            delete(SpaceToken).where(
                SpaceToken.space_id == space.id, SpaceToken.member_id == member_id
            )
        )
    _note(session, LEFT, space, member_id, by=by, how=how)
    hooks.emit(LEFT, session, space=space, member_id=member_id)
    return True


def stop_following(session: Session, space: Space, member_ids: list[int]) -> None:
    """These people follow no thread of the space any more; what they have read stays known."""
    threads = select(Thread.id).where(Thread.space_id == space.id)
    session.execute(
        update(ThreadReading)
        .where(ThreadReading.thread_id.in_(threads), ThreadReading.member_id.in_(member_ids))
        .values(level=None)
        .execution_options(synchronize_session=False)
    )


def member_of(session: Session, space: Space, public_id: str) -> Member | None:
    """The person of this space who has this public id."""
    return session.scalars(
        select(Member)
        .join(Membership, Membership.member_id == Member.id)
        .where(Membership.space_id == space.id, Member.public_id == public_id)
    ).first()


def _settle(session: Session, space: Space, member_id: int, *, by: Viewer) -> None:
    """Nothing waits any more of what would have let them in."""
    request = pending_request(session, space.id, member_id, for_update=True)
    if request is not None:
        close_request(session, request, RequestState.ACCEPTED, by=by)
    invitation = own_invitation(session, space.id, member_id)
    if invitation is not None:
        session.delete(invitation)
    session.flush()


def close_request(
    session: Session, request: JoinRequest, state: RequestState, *, by: Viewer, reason: str = ""
) -> None:
    """A request waits no more, and nobody is asked to decide."""
    request.state, request.reason = state, reason
    request.decided_at, request.decided_by_id = now(), by.member_id
    session.flush()
    for kind in (REQUEST_KIND, WAITING_KIND):
        hooks.notifier.settle(session, kind, subject=about_request(request.id))


def drop_invitations(session: Session, space: Space) -> None:
    """Nobody is invited any more."""
    session.execute(delete(SpaceInvitation).where(SpaceInvitation.space_id == space.id))


def _note(
    session: Session, action: str, space: Space, member_id: int, *, by: Viewer, how: str
) -> None:
    audit.record(session, action, by=by, subject=space.container, member=member_id, how=how)
    session.flush()
