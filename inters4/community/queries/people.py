"""Reads of the people of a space: who belongs, who is invited, who was shown the door."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from indexer.analysis import fold
from inters4.community.models import (
    Membership,
    Sanction,
    SanctionKind,
    Space,
    SpaceInvitation,
)
from inters4.core.access import SPACE_ROLES, Role
from inters4.core.paging import PAGE_SIZE, Page, nearest_page, page_start
from inters4.core.values import dataclass
from inters4.members.models import (
    Member,
    MemberOrganisation,
    MemberState,
    Organisation,
    RoleGrant,
)

_CHOICE_SHOWN = 2_000


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
