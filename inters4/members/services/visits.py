"""The way to the provider and back: one browser, one use, ten minutes, few failures a network.

The state that travels is a sealed note of why the browser left and of the secret it holds; the
nonce and the verifier are made from both. Leaving writes nothing, so that links and looks ahead
cost no row; coming back writes that the state was used.
"""

import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.i18n import _
from inters4.core.jobs import jobs
from inters4.core.oidc import SignOnRefused
from inters4.core.sealing import SealBroken, seal, unseal
from inters4.core.values import dataclass
from inters4.members.models import ProviderReturn
from inters4.members.services.sessions import digest

VISIT_LASTS = timedelta(minutes=10)
MOST_REFUSED = 30
"""Returns of one network that may be refused within the time of a visit."""
_PURPOSE = "provider visit"
_LONGEST = 6_000
_LONGEST_TARGET = 500  # the way back holds the state and a code: servers refuse long addresses


class TooManyReturns(SignOnRefused):
    """Too many returns of one network were refused; `retry_after` is in seconds."""

    status = 429

    def __init__(self, *, retry_after: int) -> None:
        super().__init__(
            "too_many",
            _(
                "Trop de connexions ont échoué depuis votre réseau. Réessayez dans dix minutes, ou "
                "entrez avec votre mot de passe si vous en avez un."
            ),
        )
        self.retry_after = retry_after


class Purpose(StrEnum):
    """Why a browser goes to the provider."""

    SIGN_IN = "sign_in"
    LINK = "link"
    PROVE = "prove"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A browser is at the provider.

    Attributes:
        target: where the person was going.
        session_id: the session that left, for what concerns an open one.
        invitation: secret of the invitation that they answer.
    """

    purpose: Purpose
    begun_at: datetime
    target: str = ""
    session_id: int = 0
    invitation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """What leaves with the browser; the verifier stays here."""

    state: str
    nonce: str
    verifier: str


def new_browser() -> str:
    """What a browser holds, and nobody else, while it goes and comes back."""
    return secrets.token_urlsafe(32)


def depart(visit: Visit, *, browser: str) -> Departure:
    """Seal why the browser that holds `browser` leaves."""
    note: dict[str, object] = {
        "purpose": visit.purpose.value,
        "at": visit.begun_at.timestamp(),
        "target": visit.target if len(visit.target) <= _LONGEST_TARGET else "",
        "session": visit.session_id,
        "invitation": visit.invitation[:200],
        "browser": digest(browser).hex(),
        "once": secrets.token_hex(8),
    }
    return _departure(sealed_text(note, purpose=_PURPOSE), browser)


def come_back(session: Session, state: str, *, browser: str) -> tuple[Visit, Departure]:
    """Why this browser had left; its state serves no more.

    Raises:
        SignOnRefused: it was not this browser, was too long ago, or came back already.
    """
    note = opened_text(state, purpose=_PURPOSE)
    if note is None:
        raise SignOnRefused("state", _begin_again())
    if not hmac.compare_digest(str(note["browser"]), digest(browser).hex()):
        raise SignOnRefused("browser", _begin_again())
    visit = Visit(
        purpose=Purpose(str(note["purpose"])),
        begun_at=datetime.fromtimestamp(float(str(note["at"])), UTC),
        target=str(note["target"]),
        session_id=int(str(note["session"])),
        invitation=str(note["invitation"]),
    )
    if now() - visit.begun_at > VISIT_LASTS:
        raise SignOnRefused("late", _begin_again())
    _use(session, state)
    return visit, _departure(state, browser)


def refuse_flood(session: Session, *, network: str) -> None:
    """Turn back a network whose returns are refused again and again: nothing is written for it.

    Raises:
        TooManyReturns: says how long to wait.
    """
    refused = select(func.count()).where(
        ProviderReturn.network == network, ProviderReturn.at > now() - VISIT_LASTS
    )
    if (session.scalar(refused) or 0) >= MOST_REFUSED:
        raise TooManyReturns(retry_after=int(VISIT_LASTS.total_seconds()))


def count_refusal(session: Session, *, network: str) -> None:
    """Remember that a return of this network was refused."""
    session.execute(
        insert(ProviderReturn).values(state_hash=secrets.token_bytes(32), at=now(), network=network)
    )


def sealed_text(note: dict[str, object], *, purpose: str) -> str:
    """`note` as only this installation reads it, fit for an address or a cookie."""
    hidden = seal(
        json.dumps(note, ensure_ascii=False).encode(), key=jobs.settings.secret_key, purpose=purpose
    )
    return _written(hidden)


def opened_text(text: str, *, purpose: str) -> dict[str, object] | None:
    """The note that was sealed for this purpose here; None for anything else."""
    if not text or len(text) > _LONGEST or not text.isascii():
        return None
    try:
        hidden = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        if _written(hidden) != text:
            return None  # another spelling of the same bytes would serve twice
        found = json.loads(unseal(hidden, key=jobs.settings.secret_key, purpose=purpose))
    except (SealBroken, ValueError):
        return None
    return found if isinstance(found, dict) else None


def purge_returns(session: Session, before: datetime) -> int:
    """Forget the states that came back before that instant; say how many there were."""
    statement = delete(ProviderReturn).where(ProviderReturn.at < before)
    return len(session.scalars(statement.returning(ProviderReturn.state_hash)).all())


def _departure(state: str, browser: str) -> Departure:
    return Departure(
        state=state,
        nonce=_made("nonce", state, browser),
        verifier=_made("verifier", state, browser),
    )


def _made(what: str, state: str, browser: str) -> str:
    """256 bits that need the key of this installation, the state and the browser's own secret."""
    text = f"provider {what}\0{state}\0{browser}".encode()
    made = hmac.digest(jobs.settings.secret_key.encode(), text, "sha256")
    return _written(made)


def _written(held: bytes) -> str:
    return urlsafe_b64encode(held).decode().rstrip("=")


def _use(session: Session, state: str) -> None:
    used = digest(state)
    again = SignOnRefused("used", _begin_again())
    if session.scalar(select(ProviderReturn.at).where(ProviderReturn.state_hash == used)):
        raise again
    try:
        with session.begin_nested():
            session.execute(insert(ProviderReturn).values(state_hash=used, at=now()))
    except IntegrityError:
        raise again from None  # two at once: one of them comes second


def _begin_again() -> str:
    return _(
        "Cette connexion a été commencée dans un autre navigateur, il y a plus de dix minutes, ou "
        "a déjà servi. Recommencez."
    )
