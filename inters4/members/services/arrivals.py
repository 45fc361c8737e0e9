"""Someone came back from the provider whom no account knows yet.

Their browser keeps, sealed, what the provider said of them: ten minutes to join, or to show that an
account is theirs. An address alone never links an account: addresses change hands, and a provider
may be wrong about one. Whoever signs in once by password, or opens the letter in the very browser
that came back, shows both at once.
"""

import unicodedata
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.errors import DomainError
from inters4.core.i18n import _
from inters4.core.jobs import jobs
from inters4.core.oidc import Claims, SignOnRefused
from inters4.core.values import dataclass
from inters4.members.models import Member, normalise_email
from inters4.members.queries.domains import domain_of
from inters4.members.queries.people import find_member_by_email
from inters4.members.services.entry import may_apply_again
from inters4.members.services.people import check_email
from inters4.members.services.visits import opened_text, sealed_text

KEPT = timedelta(minutes=10)
_PURPOSE = "provider arrival"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """What the provider said, as the browser keeps it.

    Attributes:
        is_proved: the provider answers for this address: it needs no letter.
        is_strong: they gave a second proof there, and the settings let it count.
        session_id: the open session that asked for a link; 0 when nobody was signed in.
        invitation: secret of the invitation that they answer.
    """

    issuer: str
    subject: str
    email: str
    name: str
    is_proved: bool
    is_strong: bool
    at: datetime
    session_id: int = 0
    invitation: str = ""


class Standing(StrEnum):
    """What may come next for someone whom no account knows."""

    JOIN = "join"
    LINK = "link"
    CLOSED = "closed"
    ELSEWHERE = "elsewhere"


def arrived(claims: Claims, *, session_id: int = 0, invitation: str = "") -> Arrived:
    """Keep what is needed of `claims`.

    Raises:
        SignOnRefused: the provider gives no address, says nobody checked it, or writes one that
            might be read as another.
    """
    email = normalise_email(claims.email) if claims.is_email_verified else ""
    if email and not _is_plain(claims.email):
        if not session_id:
            raise SignOnRefused(
                "email_unreadable",
                _(
                    "Le service de connexion donne une adresse de courriel que le portail ne lit "
                    "pas avec certitude : rien n’a été ouvert. Parlez-en à votre service "
                    "informatique, ou créez un compte avec un mot de passe."
                ),
            )
        email = ""  # it would only have been shown: the session says whose account it is
    if not email and not session_id:
        raise SignOnRefused(
            "email_unverified" if claims.email else "no_email",
            _(
                "Le service de connexion ne donne pas d’adresse de courriel vérifiée : le portail "
                "ne peut pas vous reconnaître. Créez un compte avec un mot de passe, ou parlez-en "
                "à votre service informatique."
            ),
        )
    return Arrived(
        issuer=claims.issuer,
        subject=claims.subject,
        email=email,
        name=claims.name,
        is_proved=bool(email) and speaks_for(email),
        is_strong=is_strong(claims),
        at=now(),
        session_id=session_id,
        invitation=invitation,
    )


def _is_plain(given: str) -> bool:
    """True for an address written as ours are, but for the case of its letters.

    What normalising joins to another spelling could be somebody else's at the provider.
    """
    try:
        check_email(normalise_email(given))
    except DomainError:
        return False
    return unicodedata.is_normalized("NFKC", given)


def speaks_for(email: str) -> bool:
    """True when the settings say that the provider answers for the domain of `email`."""
    domains = jobs.settings.sso_domains
    return domains == ("*",) or domain_of(email) in domains


def is_strong(claims: Claims) -> bool:
    """True when the person gave a second proof at the provider, and the settings let it count."""
    return bool(claims.methods & set(jobs.settings.sso_second_factor))


def standing_of(session: Session, found: Arrived) -> tuple[Standing, Member | None]:
    """What this person may do, and the account of their address if they may know of it.

    Of an address for which the provider does not answer, nothing is looked at: the answer is the
    same whether it has an account or not.
    """
    if not found.is_proved:
        return Standing.ELSEWHERE, None
    member = find_member_by_email(session, found.email)
    if member is None or may_apply_again(session, member):
        return Standing.JOIN, member
    return (Standing.LINK if member.is_active else Standing.CLOSED), member


def to_cookie(found: Arrived) -> str:
    """What the browser keeps; only this installation reads it."""
    note: dict[str, object] = {
        "issuer": found.issuer,
        "subject": found.subject,
        "email": found.email,
        "name": found.name,
        "is_proved": found.is_proved,
        "is_strong": found.is_strong,
        "at": found.at.timestamp(),
        "session": found.session_id,
        "invitation": found.invitation,
    }
    return sealed_text(note, purpose=_PURPOSE)


def from_cookie(held: str) -> Arrived | None:
    """Who came back to this browser; None once ten minutes passed, or the provider changed."""
    note = opened_text(held, purpose=_PURPOSE)
    if note is None or note["issuer"] != jobs.settings.sso_issuer:
        return None
    at = datetime.fromtimestamp(float(str(note["at"])), UTC)
    if now() - at > KEPT:
        return None
    return Arrived(
        issuer=str(note["issuer"]),
        subject=str(note["subject"]),
        email=str(note["email"]),
        name=str(note["name"]),
        is_proved=note["is_proved"] is True,
        is_strong=note["is_strong"] is True,
        at=at,
        session_id=int(str(note["session"])),
        invitation=str(note["invitation"]),
    )
