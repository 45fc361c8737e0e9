"""Reads of people. A mapped `Member` stays inside this domain."""

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    ScalarSelect,
    Select,
    bindparam,
    cast,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session, joinedload, selectinload

from indexer.analysis import fold
from inters4.core.access import ANONYMOUS, Grant, Role, Viewer
from inters4.core.hooks import hooks
from inters4.core.values import dataclass
from inters4.members.models import (
    Member,
    MemberOrganisation,
    MemberPreference,
    MemberState,
    RoleGrant,
    normalise_email,
)


def find_member_by_email(session: Session, email: str) -> Member | None:
    """The account of this address, however it is typed."""
    return session.scalars(select(Member).where(Member.email == normalise_email(email))).first()


def email_of(session: Session, member_id: int | None) -> str:
    """The address of one person, for a form that they alone read; empty for nobody."""
    if member_id is None:
        return ""
    return session.scalar(select(Member.email).where(Member.id == member_id)) or ""


def load_viewer(session: Session, member_id: int) -> Viewer:
    """What this person may see and do now, in one statement.

    A person who is not active sees what a visitor sees.
    """
    statement = _viewer_statement(hooks.memberships, hooks.notifier.unread)
    if session.autoflush:
        session.flush()
    rows = session.connection().execute(statement, {"member": member_id}).all()  # no object in it
    if not rows:
        return ANONYMOUS
    return Viewer(
        member_id=member_id,
        display_name=rows[0].name,
        organisations=frozenset(
            row.organisation for row in rows if row.role is None and row.organisation is not None
        ),
        grants=frozenset(
            Grant(row.role, row.organisation, row.space) for row in rows if row.role is not None
        ),
        spaces=frozenset(row.space for row in rows if row.role is None and row.space is not None),
        locale=rows[0].locale,
        unread=rows[0].unread,
    )


@cache
def _viewer_statement(
    memberships: Callable[[ColumnElement[int]], Select[int]] | None,
    unread: Callable[[ColumnElement[int]], ScalarSelect[int]],
) -> Select[Any]:
    """What loads a viewer, written once: every request of someone signed in asks it.

    The spaces that they belong to, and what awaits them, are told by domains above this one.
    """
    member = bindparam("member", type_=Integer())
    scopes = [
        select(
            RoleGrant.member_id,
            RoleGrant.role.label("role"),
            RoleGrant.organisation_id.label("organisation"),
            RoleGrant.space_id.label("space"),
        ).where(RoleGrant.member_id == member),
        select(
            MemberOrganisation.member_id,
            literal(None, RoleGrant.role.type).label("role"),
            MemberOrganisation.organisation_id.label("organisation"),
            null().label("space"),
        ).where(
            MemberOrganisation.member_id == member,
            MemberOrganisation.confirmed_at.is_not(None),
        ),
    ]
    if memberships is not None:
        spaces = memberships(member).subquery()
        belonging: Select[Any] = select(
            cast(member, Integer).label("member_id"),
            literal(None, RoleGrant.role.type).label("role"),
            cast(null(), Integer).label("organisation"),
            spaces.c.space.label("space"),
        )
        scopes.insert(0, belonging)
    scope = union_all(*scopes).subquery()
    return (
        select(
            Member.name,
            Member.locale,
            scope.c.role,
            scope.c.organisation,
            scope.c.space,
            unread(member).label("unread"),
        )
        .outerjoin(scope, scope.c.member_id == Member.id)
        .where(Member.id == member, Member.state == MemberState.ACTIVE)
    )


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One person, as the administrator's list shows them."""

    name: str
    email: str
    state: MemberState
    roles: tuple[Role, ...]


def list_members(session: Session) -> list[MemberLine]:
    """Everyone, by name, with their roles in whatever scope."""
    members = session.scalars(select(Member).options(selectinload(Member.grants)))
    lines = [
        MemberLine(
            name=member.name,
            email=member.email,
            state=member.state,
            roles=tuple(sorted({grant.role for grant in member.grants})),
        )
        for member in members
    ]
    return sorted(lines, key=lambda line: (fold(line.name), line.email))


def links_of(session: Session, member_id: int) -> list[MemberOrganisation]:
    """The organisations that a person names, confirmed or not."""
    return list(
        session.scalars(
            select(MemberOrganisation)
            .options(joinedload(MemberOrganisation.organisation))
            .where(MemberOrganisation.member_id == member_id)
            .order_by(MemberOrganisation.declared_at)
        )
    )


def preference_of(session: Session, member_id: int | None, name: str) -> object | None:
    """What a person chose under `name`, None when they chose nothing."""
    found = session.get(MemberPreference, (member_id or 0, name))
    return found.value if found else None


def load_grants(session: Session, member_id: int) -> frozenset[Grant]:
    """The roles of an account, active or not."""
    rows = session.scalars(select(RoleGrant).where(RoleGrant.member_id == member_id))
    return frozenset(Grant(row.role, row.organisation_id, row.space_id) for row in rows)


def find_grant(
    session: Session,
    member_id: int,
    role: Role,
    *,
    organisation: int | None = None,
    space: int | None = None,
) -> RoleGrant | None:
    """The role of a person in exactly this scope; None when they do not hold it there."""
    return session.scalars(
        select(RoleGrant).where(
            RoleGrant.member_id == member_id,
            RoleGrant.role == role,
            RoleGrant.organisation_id.is_not_distinct_from(organisation),
            RoleGrant.space_id.is_not_distinct_from(space),
        )
    ).first()
