"""Reads of the people of a space: who belongs, who asks, who is invited, who was shown the door."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from indexer.analysis import fold
from inters4.community.models import (
    JoinRequest,
    Membership,
    RequestState,
    Sanction,
    SanctionKind,
    Space,
    SpaceInvitation,
)
from inters4.community.queries.visibility import listed_space
from inters4.core.access import SPACE_ROLES, Role, Viewer
from inters4.core.paging import PAGE_SIZE, Page, nearest_page, page_start
from inters4.members.models import (
    Member,
    MemberOrganisation,
    MemberState,
    Organisation,
    RoleGrant,
)

_DECIDED_SHOWN, _OWN_SHOWN, _CHOICE_SHOWN = 20, 50, 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """Someone of a space; `organisations` are those that confirmed them."""

    public_id: str
    name: str
    joined_at: datetime
    role: Role | None = None
    leads: bool = False
    organisations: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Named:
    """Someone with a date: an invitation, or a ban and why."""

    public_id: str
    name: str
    at: datetime
    words: str = ""


def list_people(
    session: Session, space: Space, *, words: str = "", page: int = 1
) -> Page[PersonLine]:
    """One page of those who belong: who leads, who moderates, then by name. Three statements."""
    rows = session.execute(
        select(Member.id, Member.public_id, Member.name, Membership.joined_at)
        .join(Membership, Membership.member_id == Member.id)
        .where(Membership.space_id == space.id, Member.state == MemberState.ACTIVE)
    ).all()
    roles = _roles(session, space.id)
    wanted = fold(words).split()
    found = [row for row in rows if all(word in fold(row.name) for word in wanted)]
    leaders = {space.facilitator_id: 0, space.deputy_id: 1}
    found.sort(
        key=lambda row: (leaders.get(row.id, 2 + (row.id not in roles)), fold(row.name), row.id)
    )
    number = nearest_page(page, len(found))
    shown = found[page_start(number) :][:PAGE_SIZE]
    organisations = organisations_of(session, [row.id for row in shown])
    lines = [
        PersonLine(
            public_id=row.public_id,
            name=row.name,
            joined_at=row.joined_at,
            role=roles.get(row.id),
            leads=row.id in leaders,
            organisations=organisations.get(row.id, ()),
        )
        for row in shown
    ]
    return Page(lines, number, len(found))


def find_line(session: Session, space: Space, public_id: str) -> PersonLine | None:
    """One person of a space."""
    row = session.execute(
        select(Member.id, Member.public_id, Member.name, Membership.joined_at)
        .join(Membership, Membership.member_id == Member.id)
        .where(Membership.space_id == space.id, Member.public_id == public_id)
    ).first()
    if row is None:
        return None
    return PersonLine(
        public_id=row.public_id,
        name=row.name,
        joined_at=row.joined_at,
        role=_roles(session, space.id).get(row.id),
        leads=row.id in {space.facilitator_id, space.deputy_id},
        organisations=organisations_of(session, [row.id]).get(row.id, ()),
    )


def people_to_choose(session: Session, space: Space) -> list[tuple[str, str]]:
    """(public id, name) of the active people of a space, by name: who may lead it."""
    rows = session.execute(
        select(Member.public_id, Member.name)
        .join(Membership, Membership.member_id == Member.id)
        .where(Membership.space_id == space.id, Member.state == MemberState.ACTIVE)
        .limit(_CHOICE_SHOWN)
    )
    return sorted(((row.public_id, row.name) for row in rows), key=lambda one: fold(one[1]))


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


def invited_people(session: Session, space_id: int) -> list[Named]:
    """Those who have not answered, the latest first."""
    rows = session.execute(
        select(Member.public_id, Member.name, SpaceInvitation.invited_at, SpaceInvitation.message)
        .join(Member, Member.id == SpaceInvitation.member_id)
        .where(SpaceInvitation.space_id == space_id)
        .order_by(SpaceInvitation.invited_at.desc())
    )
    return [Named(*row) for row in rows]


def banned_people(session: Session, space_id: int) -> list[Named]:
    """Those who were shown the door, and why."""
    rows = session.execute(
        select(Member.public_id, Member.name, Sanction.at, Sanction.reason)
        .join(Member, Member.id == Sanction.member_id)
        .where(
            Sanction.space_id == space_id,
            Sanction.kind == SanctionKind.BAN,
            Sanction.lifted_at.is_(None),
        )
        .order_by(Sanction.at.desc())
    )
    return [Named(*row) for row in rows]


def organisations_of(session: Session, member_ids: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
    """The names of the organisations that confirmed each of these people: one statement."""
    if not member_ids:
        return {}
    found: dict[int, tuple[str, ...]] = {}
    rows = session.execute(
        select(MemberOrganisation.member_id, Organisation.name)
        .join(Organisation, Organisation.id == MemberOrganisation.organisation_id)
        .where(
            MemberOrganisation.member_id.in_(member_ids),
            MemberOrganisation.confirmed_at.is_not(None),
        )
        .order_by(Organisation.name)
    )
    for row in rows:
        found[row.member_id] = (*found.get(row.member_id, ()), row.name)
    return found


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


def _roles(session: Session, space_id: int) -> dict[int, Role]:
    """Who leads or moderates, by member id; leading counts first."""
    rows = session.execute(
        select(RoleGrant.member_id, RoleGrant.role).where(
            RoleGrant.space_id == space_id, RoleGrant.role.in_(tuple(SPACE_ROLES))
        )
    )
    found: dict[int, Role] = {}
    for row in rows:
        if found.get(row.member_id) is not Role.FACILITATOR:
            found[row.member_id] = row.role
    return found
