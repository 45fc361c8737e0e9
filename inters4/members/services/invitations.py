"""Inviting: nobody gives by an invitation what they could not give by hand."""

import secrets
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import ORGANISATION_ROLES, SPACE_ROLES, WATCHED_ROLES, Role, Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotAllowed, NotFound
from inters4.core.hooks import hooks
from inters4.core.i18n import _, current_locale
from inters4.core.mail import enqueue
from inters4.members.exports.letters import INVITATION
from inters4.members.models import (
    Invitation,
    InvitationUse,
    Member,
    Organisation,
    normalise_email,
)
from inters4.members.queries.people import find_member_by_email, load_viewer
from inters4.members.queries.tokens import secret_of_seed
from inters4.members.services.notices import tell_administrators
from inters4.members.services.people import (
    OPERATOR,
    check_email,
    grant_role,
    join_organisation,
    may_grant,
    refuse_own,
)
from inters4.members.services.sessions import digest
from inters4.members.services.tokens import DeadToken

MOST_USES = 100
INVITED_TO_SPACE = "members.invited_to_space"


def may_invite(
    by: Viewer,
    *,
    organisation: int | None = None,
    role: Role | None = None,
    space: int | None = None,
) -> bool:
    """True when `by` could let such a person in, and give that role, without an invitation."""
    if role is not None:
        scope = organisation if _is_of_organisation(role) else None
        if not may_grant(role, by=by, organisation=scope, space=space):
            return False
    if by.is_staff:
        return True
    if organisation is not None:
        return by.has(Role.APPROVER, organisation=organisation)
    return space is not None and by.has(Role.FACILITATOR, space=space)


def invite(
    session: Session,
    *,
    by: Viewer,
    email: str = "",
    organisation: Organisation | None = None,
    role: Role | None = None,
    space: int | None = None,
    max_uses: int = 1,
    locale: str = "",
) -> Invitation:
    """Make an invitation; one to an address is mailed, a link is for whoever invites to send.

    Raises:
        NotAllowed: it carries more than `by` may give.
        DomainError: the address cannot be read, or the number of uses makes no sense.
    """
    email = normalise_email(email)
    max_uses = 1 if email else max_uses
    number = organisation.id if organisation else None
    _check(by, email, max_uses, organisation=number, role=role, space=space)
    seed = secrets.token_bytes(32)
    row = Invitation(
        seed=seed,
        token_hash=digest(secret_of_seed(seed)),
        email=email,
        organisation_id=number,
        role=role,
        space_id=space,
        max_uses=max_uses,
        invited_by_id=by.member_id,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        "members.invited",
        by=by,
        subject=f"invitation:{row.public_id}",
        role=role.value if role else "",
        organisation=number,
    )
    if role in WATCHED_ROLES:
        tell_administrators(session, "role_offered", by=by)
    if email:
        enqueue(
            session,
            kind=INVITATION,
            template=INVITATION,
            recipient=email,
            locale=locale or current_locale(),
            parameters={"invitation": row.id},
        )
    return row


def _check(
    by: Viewer,
    email: str,
    max_uses: int,
    *,
    organisation: int | None,
    role: Role | None,
    space: int | None,
) -> None:
    if email:
        check_email(email)
    if not 1 <= max_uses <= MOST_USES:
        raise DomainError(
            _("Une invitation sert de 1 à %(most)s fois.", most=MOST_USES), about="max_uses"
        )
    if role is not None and _is_of_organisation(role) and organisation is None:
        raise DomainError(
            _("Ce rôle se tient dans une organisation : choisissez-la."), about="organisation"
        )
    if role in SPACE_ROLES and space is None:
        raise DomainError(_("Ce rôle se tient dans un espace."), about="role")
    if not may_invite(by, organisation=organisation, role=role, space=space):
        raise NotAllowed(
            _(
                "Cette invitation donnerait plus que ce que vous pouvez donner : demandez-la à la "
                "coordination."
            )
        )
    if role in WATCHED_ROLES and not email:
        raise DomainError(
            _("Ce rôle ouvre beaucoup : invitez une seule personne, à son adresse de courriel."),
            about="email",
        )


def already_known(session: Session, email: str) -> str:
    """Why an invitation would serve nothing, in a sentence; empty when it would."""
    if find_member_by_email(session, email) is not None:
        return _("a déjà un compte")
    live = session.scalars(
        select(Invitation).where(
            Invitation.email == normalise_email(email),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > now(),
        )
    ).first()
    return _("est déjà invitée") if live is not None and live.uses == 0 else ""


def revoke_invitation(session: Session, public_id: str, *, by: Viewer) -> Invitation:
    """Nobody comes by it any more.

    Raises:
        NotFound: there is none that `by` may revoke.
    """
    row = session.scalars(select(Invitation).where(Invitation.public_id == public_id)).first()
    is_theirs = row is not None and row.invited_by_id == by.member_id
    if row is None or not (is_theirs or by.is_staff):
        raise NotFound(_("Cette invitation n’existe pas."))
    if row.revoked_at is None:
        row.revoked_at = now()
        audit.record(
            session, "members.invitation_revoked", by=by, subject=f"invitation:{row.public_id}"
        )
    return row


def forget_invited(session: Session, email: str) -> None:
    """Take an address out of its invitations, which nobody uses any more."""
    session.execute(
        update(Invitation)
        .where(Invitation.email == email)
        .values(email="", revoked_at=func.coalesce(Invitation.revoked_at, now()))
    )


def may_arrive(session: Session, invitation: Invitation, *, email: str) -> bool:
    """True while the invitation is live, for this address, and its giver could still give it."""
    if not invitation.is_live(now()):
        return False
    if invitation.email and invitation.email != normalise_email(email):
        return False
    if invitation.role in WATCHED_ROLES and not invitation.email:
        return False
    giver = _giver(session, invitation)
    return may_invite(
        giver,
        organisation=invitation.organisation_id,
        role=invitation.role,
        space=invitation.space_id,
    )


def accept_invitation(session: Session, invitation: Invitation, member: Member) -> None:
    """Give an active person what the invitation carries, once a person.

    Raises:
        DeadToken: it is used up, revoked, too old, for another address, or its giver lost the
            right to give it.
        NotAllowed: one would give oneself a role that opens much.
        Conflict: this person came by it already.
    """
    session.refresh(invitation, ["uses", "revoked_at", "expires_at"], with_for_update=True)
    if session.get(InvitationUse, (invitation.id, member.id)) is not None:
        raise Conflict(_("Vous avez déjà accepté cette invitation."))
    if not may_arrive(session, invitation, email=member.email):
        raise DeadToken(
            _("Cette invitation ne sert plus : demandez-en une autre à qui vous l’a envoyée.")
        )
    giver = _giver(session, invitation)
    if invitation.role is not None:
        refuse_own(member, invitation.role, by=giver)
    invitation.uses += 1
    session.add(InvitationUse(invitation_id=invitation.id, member_id=member.id))
    if invitation.organisation_id is not None:
        organisation = session.get_one(Organisation, invitation.organisation_id)
        join_organisation(session, member, organisation, is_confirmed=True)
    if invitation.role is not None:
        scope = invitation.organisation_id if _is_of_organisation(invitation.role) else None
        grant_role(
            session,
            member,
            invitation.role,
            by=giver,
            organisation=scope,
            space=invitation.space_id,
        )
    if invitation.space_id is not None:
        hooks.emit(INVITED_TO_SPACE, session, member_id=member.id, space_id=invitation.space_id)
    session.flush()
    audit.record(
        session,
        "members.invitation_accepted",
        by=Viewer(member_id=member.id),
        subject=f"invitation:{invitation.public_id}",
    )


def _giver(session: Session, invitation: Invitation) -> Viewer:
    """Whoever invited, with what they may do now; the operator for a command."""
    if invitation.invited_by_id is None:
        return OPERATOR
    return load_viewer(session, invitation.invited_by_id)


def _is_of_organisation(role: Role) -> bool:
    return role in ORGANISATION_ROLES


def purge_invitations(session: Session, before: datetime) -> int:
    """Forget the addresses of invitations that expired before that instant; say how many."""
    found = session.scalars(
        update(Invitation)
        .where(Invitation.expires_at < before, Invitation.email != "")
        .values(email="")
        .returning(Invitation.id)
    )
    return len(found.all())
