"""The link of the letter was used: the account is made, and let in or made to wait.

Whoever reads the letter did not necessarily fill the form. The password typed in it is asked for:
only who knows both the letter and the password makes the account.
"""

from enum import StrEnum

from sqlalchemy import delete
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import ANONYMOUS
from inters4.core.clock import now
from inters4.core.errors import DomainError
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.members.models import (
    ConsentPurpose,
    DomainPolicy,
    Invitation,
    Member,
    MemberState,
    Organisation,
    Registration,
    SignInAttempt,
)
from inters4.members.queries.domains import find_domain, hinted_organisation, policy_for
from inters4.members.queries.people import find_member_by_email
from inters4.members.queries.registrations import (
    AGAIN_AFTER,
    Letter,
    find_registration,
    letter_due,
    refused_at,
)
from inters4.members.services.approvals import request_approval
from inters4.members.services.consents import NEWSLETTER_AGREED, record_consent
from inters4.members.services.invitations import accept_invitation, may_arrive
from inters4.members.services.people import insert_member, join_organisation
from inters4.members.services.registration import Said, keep_said
from inters4.members.services.states import change_state, note_state
from inters4.members.services.throttle import admit
from inters4.members.services.tokens import DeadToken

SOURCE = "/inscription"


class Outcome(StrEnum):
    """What the person is told."""

    OPEN = "open"
    WAITING = "waiting"
    ALREADY = "already"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Whose account it is, and where it stands."""

    member: Member | None
    outcome: Outcome


def arrival_of(session: Session, secret: str) -> tuple[Registration, Arrival | None]:
    """The registration of a link, and where its account stands once it was used.

    Raises:
        DeadToken: the link is not one of ours, or is too old.
    """
    row = find_registration(session, secret)
    if row is None:
        raise DeadToken(_("Ce lien n’est pas complet, ou il a été remplacé par un plus récent."))
    if row.used_at is not None:
        member = session.get(Member, row.member_id) if row.member_id else None
        return row, Arrival(member, Outcome.ALREADY)
    if row.expires_at <= now():
        raise DeadToken(_("Ce lien est trop ancien : remplissez de nouveau le formulaire."))
    return row, None


@dataclass(frozen=True, slots=True, kw_only=True)
class Knock:
    """Someone holds the letter and types a password, not looked at yet."""

    attempt_id: int
    password_hash: str


def knock(session: Session, secret: str, *, network: str) -> Knock | None:
    """Count the attempt; None when the link was used, for nothing is asked then.

    Raises:
        DeadToken: the link is not one of ours, or is too old.
        TooMany: too many wrong passwords; nothing is looked at.
    """
    row, earlier = arrival_of(session, secret)
    if earlier is not None:
        return None
    attempt = admit(session, email=f"registration {row.id}", network=network)
    return Knock(attempt_id=attempt.id, password_hash=row.password_hash)


def note_right_password(session: Session, knocked: Knock) -> None:
    """The password was the one of the form: the attempt is no error."""
    session.get_one(SignInAttempt, knocked.attempt_id).has_succeeded = True


def confirm(session: Session, secret: str) -> Arrival:
    """Make the account of a registration whose password was given; repeated, say where it stands.

    Other forms that wait with the same address, whoever typed them, are forgotten.

    Raises:
        DeadToken: the link is not one of ours, or is too old.
    """
    find_registration(session, secret, for_update=True)
    row, earlier = arrival_of(session, secret)
    if earlier is not None:
        return earlier
    return settle(session, row)


def settle(session: Session, row: Registration, *, source: str = SOURCE) -> Arrival:
    """The address of a form is proved: make its account, let it in or make it wait.

    `source` is the page where the person agreed to what they agreed to.
    """
    row.used_at = now()
    _forget_others(session, row)
    member = find_member_by_email(session, row.email)
    if member is not None and not may_apply_again(session, member):
        row.password_hash = ""
        row.member_id = member.id
        is_refused = member.state is MemberState.REFUSED
        return Arrival(member, Outcome.REFUSED if is_refused else Outcome.ALREADY)
    member = _make(session, row, member)
    row.member_id = member.id
    row.password_hash = ""
    _note_consent(session, row, member, source=source)
    return Arrival(member, _let_in(session, row, member))


def is_the_readers(session: Session, secret: str) -> bool:
    """True when the letter is good to whoever reads it, who fills a form of their own."""
    row = find_registration(session, secret)
    return row is not None and row.used_at is None and letter_due(session, row) is Letter.OF_READER


def claim(session: Session, secret: str, said: Said, *, password_hash: str) -> Arrival:
    """Make the account of who reads such a letter, with what they typed themselves.

    Raises:
        DeadToken: the link is not one of ours, or is too old.
        DomainError: no address of this domain opens an account.
    """
    row = find_registration(session, secret, for_update=True)
    if row is not None and is_the_readers(session, secret):
        keep_said(row, said)
        row.password_hash, row.invitation_id = password_hash, None
        session.flush()
    return confirm(session, secret)


def _forget_others(session: Session, row: Registration) -> None:
    session.execute(
        delete(Registration).where(
            Registration.email == row.email,
            Registration.id != row.id,
            Registration.used_at.is_(None),
        )
    )


def may_apply_again(session: Session, member: Member) -> bool:
    """True for an account that was never opened, or refused long enough ago."""
    if member.state is MemberState.UNVERIFIED:
        return True
    refusal = refused_at(session, member)
    return refusal is not None and now() >= refusal.at + AGAIN_AFTER


def _make(session: Session, row: Registration, known: Member | None) -> Member:
    """A new account; the row of one who was refused is taken up again."""
    member = known or Member(email=row.email, name=row.name, state=MemberState.UNVERIFIED)
    member.name = row.name
    member.locale = row.locale
    member.password_hash = row.password_hash or None
    member.password_changed_at = row.created_at if row.password_hash else None
    if known is None:
        insert_member(session, member)
        note_state(session, member, by=ANONYMOUS, reason=SOURCE)
        audit.record(session, "members.registered", by=ANONYMOUS, subject=f"member:{member.id}")
    elif member.state is MemberState.REFUSED:
        change_state(session, member, MemberState.UNVERIFIED, by=ANONYMOUS, reason=SOURCE)
    return member


def _let_in(session: Session, row: Registration, member: Member) -> Outcome:
    invitation = session.get(Invitation, row.invitation_id) if row.invitation_id else None
    if invitation is not None and may_arrive(session, invitation, email=member.email):
        change_state(session, member, MemberState.ACTIVE, by=ANONYMOUS, reason=_("Invitation"))
        accept_invitation(session, invitation, member)
        return Outcome.OPEN
    domain = find_domain(session, member.email)
    policy = policy_for(domain, row.organisation_id)
    organisation = session.get(Organisation, row.organisation_id) if row.organisation_id else None
    if policy is DomainPolicy.REFUSE:
        raise DomainError(_("Les adresses de ce domaine n’ouvrent pas de compte."))
    if organisation is not None:
        join_organisation(session, member, organisation, is_confirmed=policy is DomainPolicy.AUTO)
    if policy is DomainPolicy.AUTO:
        reason = _("Adresse de l’organisation")
        change_state(session, member, MemberState.ACTIVE, by=ANONYMOUS, reason=reason)
        return Outcome.OPEN
    change_state(session, member, MemberState.PENDING_APPROVAL, by=ANONYMOUS)
    request_approval(
        session,
        member,
        organisation_id=row.organisation_id,
        other_organisation=row.other_organisation,
        hinted_id=hinted_organisation(domain, member.email),
        is_for_entry=True,
    )
    return Outcome.WAITING


def _note_consent(session: Session, row: Registration, member: Member, *, source: str) -> None:
    if not row.wants_newsletter:
        return
    record_consent(
        session,
        ConsentPurpose.NEWSLETTER,
        email=row.email,
        text=row.consent_text,
        locale=row.locale,
        source=source,
        is_given=True,
        member_id=member.id,
    )
    hooks.emit(NEWSLETTER_AGREED, session, email=row.email, locale=row.locale, member_id=member.id)
