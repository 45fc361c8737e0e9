"""Who holds a role, for those who must be told something."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.members.models import Member, MemberState, RoleGrant


def holders_of(session: Session, roles: Iterable[Role]) -> frozenset[int]:
    """Active people who hold one of `roles`, in whatever scope: one statement."""
    return frozenset(
        session.scalars(
            select(RoleGrant.member_id)
            .join(Member, Member.id == RoleGrant.member_id)
            .where(RoleGrant.role.in_(tuple(roles)), Member.state == MemberState.ACTIVE)
        )
    )
