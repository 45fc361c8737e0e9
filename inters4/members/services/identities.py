"""Identities of a provider: what they open, linked and unlinked.

An identity opens one account; an account may have several. The last way in is never taken away.
"""

import hmac
from datetime import timedelta

from sqlalchemy import case, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import ANONYMOUS, Viewer
from inters4.core.audit import AuditEntry
from inters4.core.clock import now
from inters4.core.errors import Conflict, NotAllowed, NotFound, TooMany
from inters4.core.i18n import _
from inters4.core.jobs import jobs
from inters4.core.mail import enqueue
from inters4.core.oidc import Claims, SignOnRefused
from inters4.members.exports.letters import IDENTITY
from inters4.members.models import (
    Member,
    MemberSession,
    MemberToken,
    ProviderIdentity,
    TokenPurpose,
)
from inters4.members.queries.identities import find_identity, identities_of
from inters4.members.services import sessions
from inters4.members.services.arrivals import Arrived
from inters4.members.services.challenges import Challenge, open_challenge
from inters4.members.services.notices import tell
from inters4.members.services.second_factor import has_second_factor
from inters4.members.services.sessions import OpenedSession, Origin, digest
from inters4.members.services.sign_in import Closed
from inters4.members.services.tokens import DeadToken, find_token, issue_token, use_token

MOST_LETTERS, MOST_LETTERS_OF_ALL = 5, 20
"""Letters an hour to a person for one identity, and for all of them."""
_WINDOW = timedelta(hours=1)
_LETTER = "members.identity_letter"


def enter(
    session: Session, identity: ProviderIdentity, *, is_strong: bool, origin: Origin
) -> OpenedSession | Challenge | Closed:
    """Open the account of an identity, or wait for its code.

    `is_strong` says that a second proof was given at the provider: ours is then not asked for.
    """
    identity.last_used_at = now()
    return enter_account(session, identity.member_id, is_strong=is_strong, origin=origin)


def enter_account(
    session: Session, member_id: int, *, is_strong: bool, origin: Origin
) -> OpenedSession | Challenge | Closed:
    """Open an account whose owner the provider named."""
    member = session.get_one(Member, member_id, with_for_update=True)
    if not member.is_active:
        audit.record(
            session,
            "members.sign_in_refused",
            by=ANONYMOUS,
            subject=f"member:{member.id}",
            request_id=origin.request_id,
            provider=True,
        )
        return Closed(member.id)
    if not is_strong and has_second_factor(session, member.id):
        return open_challenge(session, member.id, origin=origin)
    return sessions.enter(
        session, member, origin=origin, has_second_factor=is_strong, provider=True
    )


def link(session: Session, found: Arrived, *, by: Viewer, request_id: str = "") -> bool:
    """Let an identity open the account of `by`; False when it does already.

    Raises:
        Conflict: it opens another account.
    """
    member = session.get(Member, by.member_id, with_for_update=True)
    if member is None or not member.is_active:
        raise NotFound(_("Cette page n’existe pas."))
    is_new = attach(session, found, member, by=by, request_id=request_id)
    if is_new:
        tell(session, member.id, "identity_linked")
    return is_new


def attach(
    session: Session, found: Arrived, member: Member, *, by: Viewer, request_id: str = ""
) -> bool:
    """Write that an identity opens `member`; whoever calls checked that it may.

    Raises:
        Conflict: it opens another account.
    """
    taken = _("Cette identité ouvre déjà un autre compte du portail.")
    known = find_identity(session, found.issuer, found.subject)
    if known is not None:
        if known.member_id != member.id:
            raise Conflict(taken)
        return False
    row = ProviderIdentity(
        member_id=member.id, issuer=found.issuer, subject=found.subject, email=found.email
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise Conflict(taken) from None
    audit.record(
        session,
        "members.identity_linked",
        by=by,
        subject=f"member:{member.id}",
        request_id=request_id,
    )
    return True


def unlink(session: Session, name: str, *, by: Viewer, request_id: str = "") -> None:
    """Take an identity away from the account of `by`.

    Raises:
        NotFound: it is not theirs.
        NotAllowed: nothing else would open the account.
    """
    member = session.get(Member, by.member_id, with_for_update=True)
    held = identities_of(session, member.id) if member else ()
    wanted = next((one for one in held if one.name == name), None)
    if member is None or wanted is None:
        raise NotFound(_("Cette page n’existe pas."))
    others = [one for one in held if one is not wanted and one.issuer == jobs.settings.sso_issuer]
    if member.password_hash is None and not others:
        raise NotAllowed(
            _(
                "C’est votre seule façon d’entrer : choisissez d’abord un mot de passe, puis "
                "déliez-la."
            )
        )
    session.execute(delete(ProviderIdentity).where(ProviderIdentity.id == wanted.id))
    audit.record(
        session,
        "members.identity_unlinked",
        by=by,
        subject=f"member:{member.id}",
        request_id=request_id,
    )
    tell(session, member.id, "identity_unlinked")


def unlink_all(session: Session, member_id: int, *, by: Viewer, request_id: str = "") -> bool:
    """Take every identity away from an account that has a password; False when it had none."""
    taken = session.scalars(
        delete(ProviderIdentity)
        .where(ProviderIdentity.member_id == member_id)
        .returning(ProviderIdentity.id)
    ).all()
    if taken:
        audit.record(
            session,
            "members.identity_unlinked",
            by=by,
            subject=f"member:{member_id}",
            request_id=request_id,
            count=len(taken),
        )
        tell(session, member_id, "identities_unlinked")
    return bool(taken)


def prove_by_provider(
    session: Session, claims: Claims, *, by: Viewer, session_id: int, request_id: str = ""
) -> None:
    """Note that the person has just signed in at the provider anew.

    The freshness of `claims` was looked at by the caller, who knows when the browser left.

    Raises:
        SignOnRefused: somebody else came back.
    """
    identity = find_identity(session, claims.issuer, claims.subject)
    if identity is None or identity.member_id != by.member_id:
        raise SignOnRefused(
            "another_person",
            _("Ce n’est pas une identité de ce compte. Recommencez avec celle qui y est reliée."),
        )
    session.get_one(MemberSession, session_id).proved_at = now()
    audit.record(session, "members.proved", by=by, request_id=request_id, provider=True)


def send_letter(
    session: Session, found: Arrived, member: Member, *, browser: str, request_id: str = ""
) -> None:
    """Send the owner of the address a link that lets this identity open their account.

    The link works in the browser that asked and nowhere else: pressing its button elsewhere
    would let in whoever asked. The first letter of an hour for an identity always leaves, and
    none shuts that of another: whoever else is given this address there keeps nobody out.

    Raises:
        TooMany: five an hour for one identity, or twenty for the address.
    """
    subject = f"member:{member.id}"
    identity = digest(f"{found.issuer}\0{found.subject}").hex()[:16]
    is_same = AuditEntry.detail["identity"].as_string() == identity
    sent = session.execute(
        select(func.count().label("of_all"), func.count(case((is_same, 1))).label("of_same")).where(
            AuditEntry.action == _LETTER,
            AuditEntry.subject == subject,
            AuditEntry.at > now() - _WINDOW,
        )
    ).one()
    if sent.of_same >= MOST_LETTERS or (sent.of_same and sent.of_all >= MOST_LETTERS_OF_ALL):
        raise TooMany(
            _("Plusieurs liens ont déjà été envoyés à cette adresse. Réessayez dans une heure."),
            retry_after=int(_WINDOW.total_seconds()),
        )
    data = {
        "issuer": found.issuer,
        "subject": found.subject,
        "email": found.email,
        "browser": digest(browser).hex(),
    }
    row = issue_token(
        session,
        member,
        TokenPurpose.LINK_IDENTITY,
        data=data,
        replaces=MemberToken.data["subject"].as_string() == found.subject,
    )
    audit.record(
        session,
        _LETTER,
        by=ANONYMOUS,
        subject=subject,
        request_id=request_id,
        identity=identity,
    )
    enqueue(
        session,
        kind=IDENTITY,
        template=IDENTITY,
        recipient=member.email,
        locale=member.locale,
        member_id=member.id,
        parameters={"token": row.id},
    )


def letter_address(session: Session, secret: str, *, browser: str) -> str:
    """The address at the provider that the link is about, for the page with the button.

    Raises:
        DeadToken: it is dead, or is opened in another browser.
    """
    row = find_token(session, secret, TokenPurpose.LINK_IDENTITY)
    _check_browser(str(row.data["browser"]), browser)
    return str(row.data["email"])


def use_letter(session: Session, secret: str, *, browser: str, request_id: str = "") -> None:
    """Use the link: the identity opens the account.

    Raises:
        DeadToken: it is dead, or is used in another browser.
        Conflict: the identity opens another account.
    """
    row = use_token(session, secret, TokenPurpose.LINK_IDENTITY)
    _check_browser(str(row.data["browser"]), browser)
    member = session.get_one(Member, row.member_id, with_for_update=True)
    if not member.is_active or row.data["issuer"] != jobs.settings.sso_issuer:
        raise DeadToken(_("Ce lien ne sert plus : il est trop ancien, ou le compte a changé."))
    found = Arrived(
        issuer=str(row.data["issuer"]),
        subject=str(row.data["subject"]),
        email=str(row.data["email"]),
        name="",
        is_proved=True,
        is_strong=False,
        at=now(),
    )
    link(session, found, by=Viewer(member_id=member.id), request_id=request_id)


def _check_browser(kept: str, browser: str) -> None:
    if not browser or not hmac.compare_digest(kept, digest(browser).hex()):
        raise DeadToken(
            _(
                "Ouvrez ce lien dans le navigateur où vous l’avez demandé : dans un autre, il ne "
                "relie rien."
            )
        )
