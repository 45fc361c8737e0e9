"""Opening and ending sessions. The token leaves for the browser; only its digest stays."""

import hashlib
import secrets
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.values import dataclass
from inters4.members.models import (
    Invitation,
    Member,
    MemberSession,
    MemberToken,
    PasswordReset,
    Registration,
    SignInChallenge,
)
from inters4.members.models.sessions import absolute_limit
from inters4.members.queries import find_live_session

SEEN_EVERY = timedelta(minutes=5)
_KEPT_BITS = {4: 24, 6: 48}
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a request comes from.

    Attributes:
        address: the peer's IP address, whole; what is kept of it is decided here.
        network: mark of its network, by which attempts are counted.
        device: what the browser held of an earlier sign-in.
        agent: the `User-Agent` header.
        request_id: names the request in the audit journal.
    """

    address: str = ""
    network: str = ""
    device: str = ""
    agent: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedSession:
    """What the browser receives; the token exists nowhere else.

    Attributes:
        kept_for: seconds the cookie outlives the window, None when it goes with it.
    """

    token: str
    member_id: int
    kept_for: int | None


def digest(token: str) -> bytes:
    """What the database keeps of a token. It is random: a plain SHA-256 cannot be guessed back."""
    return hashlib.sha256(token.encode()).digest()


def open_session(
    session: Session,
    member_id: int,
    *,
    origin: Origin,
    is_remembered: bool = False,
    is_limited: bool = False,
) -> OpenedSession:
    """Start a session with a token never seen before."""
    token = secrets.token_urlsafe(32)
    moment = now()
    limit = absolute_limit(is_remembered=is_remembered)
    session.add(
        MemberSession(
            token_hash=digest(token),
            member_id=member_id,
            created_at=moment,
            last_seen_at=moment,
            expires_at=moment + limit,
            is_remembered=is_remembered,
            is_limited=is_limited,
            proved_at=moment,
            address=shortened(origin.address),
            agent=summary(origin.agent),
        )
    )
    session.flush()
    kept_for = int(limit.total_seconds()) if is_remembered else None
    return OpenedSession(token=token, member_id=member_id, kept_for=kept_for)


def enter(
    session: Session,
    member: Member,
    *,
    origin: Origin,
    is_remembered: bool = False,
    has_second_factor: bool = False,
    **told: Any,
) -> OpenedSession:
    """Let in someone who has proved who they are: note it, and open their session.

    Without a second factor the session is limited: the roles that ask for one are withheld. `told`
    is what else the journal says of how they came in.
    """
    member.last_active_at, member.inactivity_told_at = now(), None
    audit.record(
        session,
        "members.signed_in",
        by=Viewer(member_id=member.id),
        request_id=origin.request_id,
        remembered=is_remembered,
        second_factor=has_second_factor,
        **told,
    )
    return open_session(
        session,
        member.id,
        origin=origin,
        is_remembered=is_remembered,
        is_limited=not has_second_factor,
    )


def sign_out(session: Session, token: str, *, origin: Origin) -> bool:
    """End the session of `token` on the server; False when it was over already."""
    found = find_live_session(session, digest(token), at=now())
    if found is None:
        return False
    found.revoked_at = now()
    audit.record(
        session,
        "members.signed_out",
        by=Viewer(member_id=found.member_id),
        request_id=origin.request_id,
    )
    return True


def revoke_session(session: Session, session_id: int, *, by: Viewer, request_id: str = "") -> bool:
    """End one of one's own sessions; False when it is not theirs or is over."""
    found = session.scalars(
        select(MemberSession).where(
            MemberSession.id == session_id,
            MemberSession.member_id == by.member_id,
            MemberSession.revoked_at.is_(None),
        )
    ).first()
    if found is None:
        return False
    found.revoked_at = now()
    audit.record(session, "members.session_revoked", by=by, request_id=request_id)
    return True


def revoke_sessions(
    session: Session, member_id: int, *, by: Viewer, except_token: str = "", request_id: str = ""
) -> int:
    """End every session of a person, but the one of `except_token`; say how many."""
    statement = (
        update(MemberSession)
        .where(MemberSession.member_id == member_id, MemberSession.revoked_at.is_(None))
        .values(revoked_at=now())
    )
    if except_token:
        statement = statement.where(MemberSession.token_hash != digest(except_token))
    count = len(session.scalars(statement.returning(MemberSession.id)).all())
    if count:
        audit.record(
            session,
            "members.sessions_revoked",
            by=by,
            subject=f"member:{member_id}",
            request_id=request_id,
            count=count,
        )
    return count


def end_what_opens(session: Session) -> None:
    """End every session and every link: in a database put back, those ended since would live again.

    Whoever was sent a link asks for another; invitations are made again.
    """
    moment = now()
    session.execute(
        update(MemberSession).where(MemberSession.revoked_at.is_(None)).values(revoked_at=moment)
    )
    session.execute(
        update(Invitation).where(Invitation.revoked_at.is_(None)).values(revoked_at=moment)
    )
    for model in (MemberToken, PasswordReset, SignInChallenge):
        session.execute(delete(model))
    session.execute(
        update(Registration).where(Registration.used_at.is_(None)).values(expires_at=moment)
    )


def mark_seen(session: Session, session_id: int) -> None:
    """Note that the person is still there; a session ended meanwhile stays ended."""
    session.execute(
        update(MemberSession)
        .where(MemberSession.id == session_id, MemberSession.revoked_at.is_(None))
        .values(last_seen_at=now())
    )


def purge_sessions(session: Session, before: datetime) -> int:
    """Forget the sessions that ended before that instant; say how many there were."""
    has_ended = or_(MemberSession.revoked_at < before, MemberSession.expires_at < before)
    statement = delete(MemberSession).where(has_ended).returning(MemberSession.id)
    return len(session.scalars(statement).all())


def shortened(address: str) -> str:
    """The network of an address: /24 or /48, enough to recognise and too little to locate."""
    try:
        whole = ip_network(address)
    except ValueError:
        return ""
    return str(whole.supernet(new_prefix=_KEPT_BITS[whole.version]))


def summary(agent: str) -> str:
    """« Firefox, Windows »: browser and system, empty when neither is known."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return ", ".join(part for part in (browser, system) if part)
