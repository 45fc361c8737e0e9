"""What someone may do in a space they see: one value for its head, its pages and its services.

Reading is for `visibility` to say; this adds belonging, writing, and how one comes in.
"""

from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from inters4.community.models import (
    JoinPolicy,
    JoinRequest,
    Level,
    RequestState,
    Sanction,
    SanctionKind,
    Space,
    SpaceInvitation,
    SpaceReading,
    Visibility,
)
from inters4.community.queries.flags import NOTHING_AWAITS, Counts, count_awaiting
from inters4.community.queries.visibility import moderates
from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.core.values import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """Measures in force towards a person in a space.

    Attributes:
        is_banned: they were shown the door, and do not come back by themselves.
        suspended_until: they read, and do not write until then.
    """

    is_banned: bool = False
    suspended_until: datetime | None = None

    @property
    def is_clear(self) -> bool:
        """True when nothing keeps them from writing."""
        return not self.is_banned and self.suspended_until is None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceAccess:
    """What a viewer may do in one space.

    Attributes:
        reads: its threads, posts, files and meetings.
        belongs: they are one of its people.
        facilitates: they lead it: people, requests, settings.
        moderates: they facilitate or moderate.
        can_post: they may write now; `joins_by_posting` when doing so makes them belong.
        may_join: one gesture is enough. may_ask: they may send a request.
        request: the one that waits. invitation: the one they have not answered.
        level: how they follow the space; None when they do not belong.
        asking: how many people await an answer, for whoever leads.
        awaiting: what awaits a decision, for whoever moderates.
    """

    reads: bool = False
    belongs: bool = False
    facilitates: bool = False
    moderates: bool = False
    can_post: bool = False
    joins_by_posting: bool = False
    may_join: bool = False
    may_ask: bool = False
    request: JoinRequest | None = None
    invitation: SpaceInvitation | None = None
    standing: Standing = Standing()
    level: Level | None = None
    asking: int = 0
    awaiting: Counts = NOTHING_AWAITS


def may_create(viewer: Viewer) -> bool:
    """True of the coordination: it opens spaces, and names who will lead them."""
    return viewer.is_signed_in and viewer.is_staff


def facilitates(viewer: Viewer, space_id: int) -> bool:
    """True when `viewer` leads this space, and still belongs to it."""
    return space_id in viewer.spaces and any(
        grant.role is Role.FACILITATOR and grant.space == space_id for grant in viewer.grants
    )


def reads(viewer: Viewer, space: Space) -> bool:
    """The same as `visibility.readable_space`, for a row already found."""
    if space.visibility is Visibility.PUBLIC:
        return True
    if space.visibility is Visibility.MEMBERS and viewer.is_signed_in:
        return True
    return space.id in viewer.spaces


def standing_of(session: Session, space_id: int, member_id: int | None) -> Standing:
    """The measures in force: one statement."""
    if member_id is None:
        return Standing()
    at = now()
    rows = session.execute(
        select(Sanction.kind, Sanction.until).where(
            Sanction.space_id == space_id,
            Sanction.member_id == member_id,
            Sanction.lifted_at.is_(None),
            or_(
                Sanction.kind == SanctionKind.BAN,
                and_(Sanction.kind == SanctionKind.SUSPENSION, Sanction.until > at),
            ),
        )
    ).all()
    ends = [row.until for row in rows if row.kind is SanctionKind.SUSPENSION and row.until]
    return Standing(
        is_banned=any(row.kind is SanctionKind.BAN for row in rows),
        suspended_until=max(ends, default=None),
    )


def access_to(session: Session, space: Space, *, viewer: Viewer) -> SpaceAccess:
    """What `viewer` may do in `space`, which they see or are invited to.

    Three statements at most; one more for who moderates, two for who leads.
    """
    is_reader = reads(viewer, space)
    if viewer.member_id is None:
        return SpaceAccess(reads=is_reader)
    belongs = space.id in viewer.spaces
    standing = standing_of(session, space.id, viewer.member_id)
    leads, decides = facilitates(viewer, space.id), moderates(viewer, space.id)
    request = invitation = level = None
    if belongs:
        level = session.scalar(
            select(SpaceReading.level).where(
                SpaceReading.space_id == space.id, SpaceReading.member_id == viewer.member_id
            )
        )
    else:
        request = pending_request(session, space.id, viewer.member_id)
        invitation = own_invitation(session, space.id, viewer.member_id)
    outside = not belongs and not standing.is_banned and not space.is_archived
    is_open = space.join_policy is JoinPolicy.OPEN and is_reader
    joins = outside and is_open
    return SpaceAccess(
        reads=is_reader,
        belongs=belongs,
        facilitates=leads,
        moderates=decides,
        can_post=not space.is_archived and standing.is_clear and (belongs or joins),
        joins_by_posting=joins and standing.is_clear,
        may_join=joins,
        may_ask=outside
        and not joins
        and request is None
        and space.join_policy is not JoinPolicy.INVITATION
        and space.visibility is not Visibility.PRIVATE_HIDDEN,
        request=request,
        invitation=invitation,
        standing=standing,
        level=(level or Level.NORMAL) if belongs else None,
        asking=_asking(session, space) if leads else 0,
        awaiting=count_awaiting(session, space.id, viewer=viewer) if decides else NOTHING_AWAITS,
    )


def _asking(session: Session, space: Space) -> int:
    return (
        session.scalar(
            select(func.count()).where(
                JoinRequest.space_id == space.id, JoinRequest.state == RequestState.PENDING
            )
        )
        or 0
    )


def pending_request(
    session: Session, space_id: int, member_id: int, *, for_update: bool = False
) -> JoinRequest | None:
    """The request of this person that waits."""
    statement = select(JoinRequest).where(
        JoinRequest.space_id == space_id,
        JoinRequest.member_id == member_id,
        JoinRequest.state == RequestState.PENDING,
    )
    return session.scalars(statement.with_for_update() if for_update else statement).first()


def own_invitation(session: Session, space_id: int, member_id: int) -> SpaceInvitation | None:
    """The invitation of this person, which they have not answered."""
    return session.scalars(
        select(SpaceInvitation).where(
            SpaceInvitation.space_id == space_id, SpaceInvitation.member_id == member_id
        )
    ).first()
