"""Who holds a role, for those who must be told something."""

from collections.abc import Container, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.audit import AuditEntry
from inters4.members.models import Member, MemberState, RoleGrant

ROLE_WITHDRAWN = "members.role_withdrawn"
"""What the journal calls a role that is taken back; the subject is `member:NUMBER`."""


def holders_of(session: Session, roles: Iterable[Role]) -> frozenset[int]:
    """Active people who hold one of `roles`, in whatever scope: one statement."""
    return frozenset(
        session.scalars(
            select(RoleGrant.member_id)
            .join(Member, Member.id == RoleGrant.member_id)
            .where(RoleGrant.role.in_(tuple(roles)), Member.state == MemberState.ACTIVE)
        )
    )


def holders_at(
    session: Session, roles: Iterable[Role], organisations: Iterable[int]
) -> frozenset[int]:
    """People who hold one of `roles` for one of these organisations: one statement."""
    return frozenset(
        session.scalars(
            select(RoleGrant.member_id).where(
                RoleGrant.role.in_(tuple(roles)),
                RoleGrant.organisation_id.in_(tuple(organisations)),
            )
        )
    )


def left_since(
    session: Session,
    roles: Iterable[Role],
    since: datetime,
    *,
    organisations: Container[int] | None = None,
) -> frozenset[int]:
    """People from whom one of `roles` was taken back since then, as the journal says.

    With `organisations`, only the roles that were held for one of them.
    """
    wanted = {role.value for role in roles}
    entries = session.execute(
        select(AuditEntry.subject, AuditEntry.detail).where(
            AuditEntry.action == ROLE_WITHDRAWN, AuditEntry.at >= since
        )
    )
    return frozenset(
        int(row.subject.partition(":")[2])
        for row in entries
        if row.detail.get("role") in wanted
        and (organisations is None or row.detail.get("organisation") in organisations)
    )
