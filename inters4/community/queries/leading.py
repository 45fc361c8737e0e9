"""Who leads spaces: those who decide of people, requests and settings."""

from collections.abc import Collection, Mapping

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from inters4.community.models import Membership
from inters4.core.access import Role
from inters4.members.models import Member, MemberState, RoleGrant


def facilitators_of(session: Session, space_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Active people who facilitate these spaces and belong to them: one statement."""
    return holders_of(session, space_ids, (Role.FACILITATOR,))


def holders_of(
    session: Session, space_ids: Collection[int], roles: Collection[Role]
) -> Mapping[int, frozenset[int]]:
    """Active people who hold one of `roles` in these spaces and belong to them: one statement."""
    found: dict[int, set[int]] = {number: set() for number in space_ids}
    if not found:
        return {}
    rows = session.execute(
        select(RoleGrant.space_id, RoleGrant.member_id)
        .join(
            Membership,
            and_(
                Membership.space_id == RoleGrant.space_id,
                Membership.member_id == RoleGrant.member_id,
            ),
        )
        .join(Member, Member.id == RoleGrant.member_id)
        .where(
            RoleGrant.space_id.in_(found),
            RoleGrant.role.in_(tuple(roles)),
            Member.state == MemberState.ACTIVE,
        )
    )
    for space_id, member_id in rows:
        if space_id is not None:
            found[space_id].add(member_id)
    return {number: frozenset(people) for number, people in found.items()}
