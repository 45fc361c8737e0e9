"""Changing one's address: confirmed at the new one, told to the old one.

The letter proves the address and the session proves the account: both are asked for. Otherwise
whoever asks for somebody's address would hold it once its owner pressed the button of the letter.
What the old address alone proved is proved no more: an organisation whose domain had let the
person in is asked. What was kept under the old address goes with it, or is tied to the account,
so that erasing the account forgets it too.
"""

from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.audit import AuditEntry
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotAllowed, NotFound, TooMany
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.core.mail import QueuedMail, enqueue
from inters4.members.exports.letters import ADDRESS, ADDRESS_CHANGED
from inters4.members.models import (
    ApprovalRequest,
    Decision,
    DomainPolicy,
    Invitation,
    InvitationUse,
    Member,
    MemberOrganisation,
    MemberToken,
    PasswordReset,
    Registration,
    RoleGrant,
    SignInAttempt,
    TokenPurpose,
    normalise_email,
)
from inters4.members.queries.approvals import open_request
from inters4.members.queries.domains import find_domain, policy_for
from inters4.members.queries.people import find_member_by_email
from inters4.members.services.approvals import request_approval
from inters4.members.services.invitations import forget_invited
from inters4.members.services.people import check_email
from inters4.members.services.throttle import account_mark
from inters4.members.services.tokens import DeadToken, find_token, issue_token, use_token

MOVED = "members.address_changed"
MOST_ASKED = 5
_WINDOW = timedelta(hours=1)
_ASKED = "members.address_asked"


def ask_address(session: Session, email: str, *, by: Viewer) -> None:
    """Send a link to the new address; nothing changes before it is used.

    Whether the address has an account is not told here: its letter does not leave then.

    Raises:
        DomainError: the address cannot be read, is the present one, or is of a refused domain.
        TooMany: five times an hour at most.
    """
    email = normalise_email(email)
    check_email(email)
    member = session.get(Member, by.member_id, with_for_update=True)
    if member is None:
        raise NotFound(_("Cette page n’existe pas."))
    if email == member.email:
        raise DomainError(_("C’est déjà votre adresse : donnez-en une autre."))
    if policy_for(find_domain(session, email), None) is DomainPolicy.REFUSE:
        raise DomainError(_("Les adresses de ce domaine n’ouvrent pas de compte."))
    _admit(session, member.id)
    row = issue_token(session, member, TokenPurpose.CHANGE_EMAIL, data={"email": email})
    audit.record(session, _ASKED, by=by, subject=f"member:{member.id}")
    enqueue(
        session,
        kind=ADDRESS,
        template=ADDRESS,
        recipient=email,
        locale=member.locale,
        member_id=member.id,
        parameters={"token": row.id},
    )


def forget_asked_address(session: Session, *, by: Viewer) -> bool:
    """The link that was sent opens nothing any more; False when none awaited."""
    dropped = session.scalars(
        delete(MemberToken)
        .where(
            MemberToken.member_id == by.member_id,
            MemberToken.purpose == TokenPurpose.CHANGE_EMAIL,
            MemberToken.used_at.is_(None),
        )
        .returning(MemberToken.id)
    ).all()
    if dropped:
        audit.record(session, "members.address_dropped", by=by, subject=f"member:{by.member_id}")
    return bool(dropped)


def change_address(session: Session, secret: str, *, by: Viewer) -> Member:
    """Use the link: the address is the new one, and the old one is told.

    Raises:
        NotAllowed: `by` is not who asked; the link still serves.
        DeadToken: the link leads nowhere any more, the account is not open, or the domain of the
            address is refused since.
        Conflict: the address has an account since.
    """
    if find_token(session, secret, TokenPurpose.CHANGE_EMAIL).member_id != by.member_id:
        raise NotAllowed(_("Ce changement a été demandé dans un autre compte que le vôtre."))
    row = use_token(session, secret, TokenPurpose.CHANGE_EMAIL)
    member = session.get_one(Member, row.member_id, with_for_update=True)
    email = str(row.data["email"])
    if not member.is_active:
        raise DeadToken(_("Ce lien ne sert plus : il est trop ancien, ou le compte a changé."))
    if policy_for(find_domain(session, email), None) is DomainPolicy.REFUSE:
        raise DeadToken(_("Les adresses de ce domaine n’ouvrent pas de compte."))
    if find_member_by_email(session, email) is not None:
        raise Conflict(
            _(
                "Cette adresse a un compte depuis : connectez-vous avec elle, ou donnez-en une "
                "autre."
            )
        )
    former, member.email = member.email, email
    session.flush()
    _forget_under(session, former, member)
    hooks.emit(MOVED, session, former=former, email=email)
    _ask_organisation_again(session, member, former=former)
    audit.record(
        session,
        "members.address_changed",
        by=Viewer(member_id=member.id),
        subject=f"member:{member.id}",
    )
    enqueue(
        session,
        kind=ADDRESS_CHANGED,
        template=ADDRESS_CHANGED,
        recipient=former,
        locale=member.locale,
        member_id=member.id,
        parameters={"at": now().isoformat()},
    )
    return member


def _forget_under(session: Session, former: str, member: Member) -> None:
    session.execute(delete(PasswordReset).where(PasswordReset.email == former))
    session.execute(delete(SignInAttempt).where(SignInAttempt.account == account_mark(former)))
    forget_invited(session, former)
    session.execute(
        update(QueuedMail)
        .where(QueuedMail.recipient == former, QueuedMail.member_id.is_(None))
        .values(member_id=member.id)
    )
    session.execute(
        delete(Registration).where(Registration.email == former, Registration.used_at.is_(None))
    )


def _ask_organisation_again(session: Session, member: Member, *, former: str) -> None:
    """The organisation that the domain alone vouched for; what a person confirmed stays."""
    left, joined = find_domain(session, former), find_domain(session, member.email)
    links = session.scalars(
        select(MemberOrganisation).where(
            MemberOrganisation.member_id == member.id,
            MemberOrganisation.confirmed_at.is_not(None),
        )
    )
    for link in links:
        number = link.organisation_id
        was_proved = policy_for(left, number) is DomainPolicy.AUTO
        is_proved = policy_for(joined, number) is DomainPolicy.AUTO
        if not was_proved or is_proved or _has_someone_vouched(session, member.id, number):
            continue
        link.confirmed_at = None
        if open_request(session, member.id) is None:
            request_approval(session, member, organisation_id=number, is_for_entry=False)


def _has_someone_vouched(session: Session, member_id: int, organisation_id: int) -> bool:
    approved = select(ApprovalRequest.id).where(
        ApprovalRequest.member_id == member_id,
        ApprovalRequest.organisation_id == organisation_id,
        ApprovalRequest.decision == Decision.APPROVED,
    )
    granted = select(RoleGrant.id).where(
        RoleGrant.member_id == member_id, RoleGrant.organisation_id == organisation_id
    )
    invited = (
        select(InvitationUse.member_id)
        .join(Invitation, Invitation.id == InvitationUse.invitation_id)
        .where(InvitationUse.member_id == member_id, Invitation.organisation_id == organisation_id)
    )
    statement = select(approved.exists() | granted.exists() | invited.exists())
    return bool(session.scalar(statement))


def _admit(session: Session, member_id: int) -> None:
    asked = session.scalar(
        select(func.count())
        .select_from(AuditEntry)
        .where(
            AuditEntry.actor_id == member_id,
            AuditEntry.action == _ASKED,
            AuditEntry.at > now() - _WINDOW,
        )
    )
    if (asked or 0) >= MOST_ASKED:
        raise TooMany(
            _("Vous avez demandé plusieurs changements d’adresse. Réessayez dans une heure."),
            retry_after=int(_WINDOW.total_seconds()),
        )
