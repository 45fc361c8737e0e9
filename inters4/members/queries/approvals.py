"""Who decides, and what waits for them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.base import ExecutableOption

from inters4.core.access import Grant, Role, Viewer
from inters4.core.paging import Page, read_page
from inters4.core.values import dataclass
from inters4.members.models import ApprovalRequest, Member, MemberState, RoleGrant

_WHOLE: tuple[ExecutableOption, ...] = (
    joinedload(ApprovalRequest.member),
    joinedload(ApprovalRequest.organisation),
    joinedload(ApprovalRequest.hinted),
    joinedload(ApprovalRequest.decided_by),
)


@dataclass(frozen=True, slots=True)
class Decider:
    """Someone who decides: for one organisation, or for the coordination."""

    member_id: int
    name: str
    email: str
    locale: str
    organisation_id: int | None


def may_decide(request: ApprovalRequest, viewer: Viewer) -> bool:
    """True for the coordination and the organisation's approvers, never for the person."""
    if not viewer.is_signed_in or viewer.member_id == request.member_id:
        return False
    if viewer.is_staff:
        return True
    return request.organisation_id is not None and _approves(viewer, request.organisation_id)


def find_request(
    session: Session, public_id: str, *, viewer: Viewer, for_update: bool = False
) -> ApprovalRequest | None:
    """A request that `viewer` decides or decided; None for anyone else."""
    if for_update:
        session.scalars(
            select(ApprovalRequest.id)
            .where(ApprovalRequest.public_id == public_id)
            .with_for_update()
        ).first()
    found = session.scalars(
        select(ApprovalRequest)
        .options(*_WHOLE)
        .where(ApprovalRequest.public_id == public_id)
        .execution_options(populate_existing=True)
    ).first()
    return found if found is not None and may_decide(found, viewer) else None


def open_request(session: Session, member_id: int) -> ApprovalRequest | None:
    """What this person waits for."""
    return session.scalars(
        select(ApprovalRequest)
        .options(*_WHOLE)
        .where(ApprovalRequest.member_id == member_id, ApprovalRequest.decided_at.is_(None))
    ).first()


def list_requests(
    session: Session, *, viewer: Viewer, is_open: bool = True, page: int = 1
) -> Page[ApprovalRequest]:
    """A page of what `viewer` decides, the oldest first; or what was decided, the latest first."""
    statement = (
        select(ApprovalRequest).options(*_WHOLE).where(_decided_by(viewer), _not_own(viewer))
    )
    if is_open:
        statement = statement.where(ApprovalRequest.decided_at.is_(None)).order_by(
            ApprovalRequest.created_at, ApprovalRequest.id
        )
    else:
        statement = statement.where(ApprovalRequest.decided_at.is_not(None)).order_by(
            ApprovalRequest.decided_at.desc(), ApprovalRequest.id.desc()
        )
    return read_page(session, statement, page)


def count_open_requests(session: Session, *, viewer: Viewer) -> int:
    """How many wait for `viewer`."""
    return (
        session.scalar(
            select(func.count())
            .select_from(ApprovalRequest)
            .where(ApprovalRequest.decided_at.is_(None), _decided_by(viewer), _not_own(viewer))
        )
        or 0
    )


def deciders(session: Session) -> list[Decider]:
    """Active approvers by organisation, and the coordination; admins when nobody coordinates."""
    rows = session.execute(
        select(
            Member.id,
            Member.name,
            Member.email,
            Member.locale,
            RoleGrant.role,
            RoleGrant.organisation_id,
        )
        .join(RoleGrant, RoleGrant.member_id == Member.id)
        .where(
            Member.state == MemberState.ACTIVE,
            RoleGrant.role.in_((Role.APPROVER, Role.COORDINATION, Role.ADMIN)),
        )
        .order_by(Member.id)
    ).all()
    is_coordinated = any(row.role is Role.COORDINATION for row in rows)
    central = Role.COORDINATION if is_coordinated else Role.ADMIN
    return [
        Decider(row.id, row.name, row.email, row.locale, row.organisation_id)
        for row in rows
        if row.role in {Role.APPROVER, central}
    ]


def has_approver(people: Sequence[Decider], organisation_id: int | None, *, but: int) -> bool:
    """True when someone other than `but` approves for that organisation."""
    return organisation_id is not None and any(
        one.organisation_id == organisation_id and one.member_id != but for one in people
    )


def requests_of(person: Decider, requests: Sequence[ApprovalRequest]) -> list[ApprovalRequest]:
    """Those of `requests` for which this person is written to."""
    return [
        request
        for request in requests
        if request.member_id != person.member_id
        and (
            request.escalated_at is not None
            if person.organisation_id is None
            else request.organisation_id == person.organisation_id
        )
    ]


def open_requests(session: Session) -> list[ApprovalRequest]:
    """Everything that waits, the oldest first."""
    return list(
        session.scalars(
            select(ApprovalRequest)
            .options(*_WHOLE)
            .where(ApprovalRequest.decided_at.is_(None))
            .order_by(ApprovalRequest.created_at, ApprovalRequest.id)
        )
    )


def approved_organisations(viewer: Viewer) -> frozenset[int]:
    """The organisations for which `viewer` approves."""
    return frozenset(
        grant.organisation
        for grant in viewer.grants
        if grant.role is Role.APPROVER and grant.organisation is not None
    )


def _approves(viewer: Viewer, organisation_id: int) -> bool:
    return Grant(Role.APPROVER, organisation_id) in viewer.grants


def _decided_by(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.is_staff:
        return true()
    return ApprovalRequest.organisation_id.in_(approved_organisations(viewer))


def _not_own(viewer: Viewer) -> ColumnElement[bool]:
    return ApprovalRequest.member_id != (viewer.member_id or 0)


def deciders_of(session: Session, request: ApprovalRequest) -> list[Decider]:
    """Who decides this request now, for the person who waits."""
    return [one for one in deciders(session) if requests_of(one, [request])]
