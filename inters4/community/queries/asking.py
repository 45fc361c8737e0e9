"""Reads of requests to join and of invitations: what waits, for whom, and what became of it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from inters4.community.models import JoinRequest, RequestState, Space, SpaceInvitation
from inters4.community.queries.people import organisations_of
from inters4.community.queries.visibility import listed_space
from inters4.core.access import Role, Viewer
from inters4.core.values import dataclass
from inters4.members.models import Member

_DECIDED_SHOWN, _OWN_SHOWN = 20, 50


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """A request of the viewer; `space` is None where they no longer see that it exists."""

    request: JoinRequest
    space: Space | None


@dataclass(frozen=True, slots=True)
class Asking:
    """A request as those who lead see it."""

    request: JoinRequest
    public_id: str
    name: str
    organisations: tuple[str, ...]
    decided_by: str = ""


def waiting_requests(session: Session, space_id: int) -> list[Asking]:
    """Requests that wait, the oldest first: two statements."""
    return _asking(
        session,
        space_id,
        JoinRequest.state == RequestState.PENDING,
        JoinRequest.asked_at.asc(),
        limit=None,
    )


def decided_requests(session: Session, space_id: int) -> list[Asking]:
    """The latest that received an answer, or were withdrawn."""
    return _asking(
        session,
        space_id,
        JoinRequest.state != RequestState.PENDING,
        JoinRequest.decided_at.desc(),
        limit=_DECIDED_SHOWN,
    )


def request_of(session: Session, space_id: int, public_id: str) -> JoinRequest | None:
    """The request of this person that waits."""
    return session.scalars(
        select(JoinRequest)
        .join(Member, Member.id == JoinRequest.member_id)
        .where(
            JoinRequest.space_id == space_id,
            JoinRequest.state == RequestState.PENDING,
            Member.public_id == public_id,
        )
    ).first()


def last_request(session: Session, space_id: int, member_id: int) -> JoinRequest | None:
    """The latest request of a person, whatever became of it."""
    return session.scalars(
        select(JoinRequest)
        .where(JoinRequest.space_id == space_id, JoinRequest.member_id == member_id)
        .order_by(JoinRequest.id.desc())
        .limit(1)
    ).first()


def own_requests(session: Session, *, viewer: Viewer) -> list[OwnRequest]:
    """The requests of the viewer, the latest first: two statements."""
    requests = session.scalars(
        select(JoinRequest)
        .where(JoinRequest.member_id == viewer.member_id)
        .order_by(JoinRequest.asked_at.desc(), JoinRequest.id.desc())
        .limit(_OWN_SHOWN)
    ).all()
    if not requests:
        return []
    seen = {
        one.id: one
        for one in session.scalars(
            select(Space).where(
                Space.id.in_({one.space_id for one in requests}), listed_space(viewer)
            )
        )
    }
    return [OwnRequest(one, seen.get(one.space_id)) for one in requests]


def own_invitations(session: Session, *, viewer: Viewer) -> list[tuple[SpaceInvitation, Space]]:
    """The invitations that the viewer has not answered, with their spaces."""
    rows = session.execute(
        select(SpaceInvitation, Space)
        .join(Space, Space.id == SpaceInvitation.space_id)
        .where(SpaceInvitation.member_id == viewer.member_id)
        .order_by(SpaceInvitation.invited_at.desc())
    )
    return [(row[0], row[1]) for row in rows]


def find_invited(session: Session, slug: str, *, viewer: Viewer) -> Space | None:
    """A space to which the viewer is invited, whether they see it otherwise or not."""
    if viewer.member_id is None:
        return None
    return session.scalars(
        select(Space)
        .join(SpaceInvitation, SpaceInvitation.space_id == Space.id)
        .where(Space.slug == slug, SpaceInvitation.member_id == viewer.member_id)
    ).one_or_none()


def asking_by_space(session: Session, *, viewer: Viewer) -> list[tuple[Space, int]]:
    """The spaces that the viewer leads where someone asks to join, and how many do."""
    led = {
        grant.space
        for grant in viewer.grants
        if grant.role is Role.FACILITATOR and grant.space in viewer.spaces
    }
    if not led:
        return []
    rows = session.execute(
        select(Space, func.count(JoinRequest.id))
        .join(JoinRequest, JoinRequest.space_id == Space.id)
        .where(Space.id.in_(led), JoinRequest.state == RequestState.PENDING)
        .group_by(Space.id)
        .order_by(Space.name)
    )
    return [(row[0], row[1]) for row in rows]


def _asking(
    session: Session, space_id: int, condition: object, order: object, *, limit: int | None
) -> list[Asking]:
    decider = aliased(Member)
    rows = session.execute(
        select(JoinRequest, Member.id, Member.public_id, Member.name, decider.name)
        .join(Member, Member.id == JoinRequest.member_id)
        .outerjoin(decider, decider.id == JoinRequest.decided_by_id)
        .where(JoinRequest.space_id == space_id, condition)  # type: ignore[arg-type]
        .order_by(order, JoinRequest.id)  # type: ignore[arg-type]
        .limit(limit)
    ).all()
    organisations = organisations_of(session, [row[1] for row in rows])
    return [
        Asking(request, public_id, name, organisations.get(number, ()), decided_by or "")
        for request, number, public_id, name, decided_by in rows
    ]
