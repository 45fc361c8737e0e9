"""Roles given and taken back by hand, and organisations.

A role that opens much is never given to oneself, and is told to whoever receives it and to the
administrators. The last who administers or facilitates stays.
"""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import WATCHED_ROLES, Role, Viewer
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.i18n import _
from inters4.members.models import (
    ApprovalRequest,
    Member,
    MemberOrganisation,
    MemberState,
    Organisation,
    RoleGrant,
)
from inters4.members.queries.holders import ROLE_WITHDRAWN
from inters4.members.queries.people import find_grant
from inters4.members.services.notices import tell, tell_administrators
from inters4.members.services.people import (
    grant_role,
    join_organisation,
    may_grant,
    refuse_own,
)
from inters4.members.services.states import keep_last_holder


def give_role(
    session: Session,
    member: Member,
    role: Role,
    *,
    by: Viewer,
    organisation: int | None = None,
) -> RoleGrant:
    """Give a role by hand; a watched one is told.

    Raises:
        DomainError: the person holds it there.
        NotAllowed: the role is above those of `by`, or a watched one for themselves.
        Conflict: someone gives it at this instant, or the account is erased.
    """
    if find_grant(session, member.id, role, organisation=organisation) is not None:
        raise DomainError(_("%(name)s tient déjà ce rôle.", name=member.name))
    refuse_own(member, role, by=by)
    grant = grant_role(session, member, role, by=by, organisation=organisation)
    if role in WATCHED_ROLES:
        tell_administrators(session, "role_given", by=by)
        tell(session, member.id, "role_received")
    return grant


def withdraw_role(
    session: Session,
    member: Member,
    role: Role,
    *,
    by: Viewer,
    organisation: int | None = None,
    space: int | None = None,
) -> bool:
    """Take a role back in its scope; False when it was not held. One may drop one's own.

    Raises:
        NotAllowed: the role is above those of `by`, or nobody would hold it any more.
    """
    is_own = by.member_id == member.id
    if not is_own and not may_grant(role, by=by, organisation=organisation, space=space):
        raise NotAllowed(
            _(
                "Vous ne pouvez pas retirer un rôle plus élevé que le vôtre : demandez-le à "
                "l’administration."
            )
        )
    grant = find_grant(session, member.id, role, organisation=organisation, space=space)
    if grant is None:
        return False
    if role in {Role.ADMIN, Role.FACILITATOR}:
        keep_last_holder(session, member.id, role, space=space)
    _take_back(session, grant, by=by)
    return True


def confirm_organisation(
    session: Session, member: Member, organisation: Organisation, *, by: Viewer
) -> MemberOrganisation:
    """Vouch for a person without a request.

    Raises:
        NotAllowed: `by` does not approve for this organisation.
        Conflict: the account is erased.
    """
    _check_approves(by, organisation.id)
    if member.state is MemberState.ERASED:
        raise Conflict(_("Ce compte est effacé : il ne reçoit plus rien."))
    audit.record(
        session,
        "members.organisation_confirmed",
        by=by,
        subject=f"member:{member.id}",
        organisation=organisation.id,
    )
    return join_organisation(session, member, organisation, is_confirmed=True)


def leave_organisation(
    session: Session, member: Member, organisation: Organisation, *, by: Viewer
) -> bool:
    """End the link between a person and an organisation, the roles held there, and what waits.

    Raises:
        NotAllowed: neither the person, nor someone who approves for the organisation.
    """
    if by.member_id != member.id:
        _check_approves(by, organisation.id)
    row = session.get(MemberOrganisation, (member.id, organisation.id))
    if row is None:
        return False
    session.delete(row)
    session.execute(
        delete(ApprovalRequest).where(
            ApprovalRequest.member_id == member.id,
            ApprovalRequest.organisation_id == organisation.id,
            ApprovalRequest.decided_at.is_(None),
            ApprovalRequest.is_for_entry.is_(False),
        )
    )
    for grant in session.scalars(
        select(RoleGrant).where(
            RoleGrant.member_id == member.id, RoleGrant.organisation_id == organisation.id
        )
    ).all():
        _take_back(session, grant, by=by)
    session.flush()
    audit.record(
        session,
        "members.organisation_left",
        by=by,
        subject=f"member:{member.id}",
        organisation=organisation.id,
    )
    return True


def _take_back(session: Session, grant: RoleGrant, *, by: Viewer) -> None:
    session.delete(grant)
    session.flush()
    audit.record(
        session,
        ROLE_WITHDRAWN,
        by=by,
        subject=f"member:{grant.member_id}",
        role=grant.role.value,
        organisation=grant.organisation_id,
        space=grant.space_id,
    )


def _check_approves(by: Viewer, organisation: int) -> None:
    if not (
        by.has(Role.ADMIN)
        or by.has(Role.COORDINATION)
        or by.has(Role.APPROVER, organisation=organisation)
    ):
        raise NotAllowed(_("Seule son approbation, ou la coordination, parle pour l’organisation."))
