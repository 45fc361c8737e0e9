"""Between the password and the code: what the browser holds opens nothing by itself.

Several browsers may wait at once: whoever knows the password does not end the wait of the owner,
nor use up their codes. Waits that no code follows slow down like errors, by network, and are told.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import ANONYMOUS
from inters4.core.clock import now
from inters4.core.errors import TooMany
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.members.models import Member, SignInChallenge
from inters4.members.services.devices import counted_by
from inters4.members.services.notices import tell
from inters4.members.services.second_factor import take_code
from inters4.members.services.sessions import OpenedSession, Origin, digest, enter
from inters4.members.services.throttle import (
    WINDOW,
    admit,
    count_errors,
    forget_errors,
)

LIFETIME = timedelta(minutes=10)
MOST_ERRORS = 5
MOST_ERRORS_OF_MEMBER = 50
"""Wrong codes an hour from browsers that the account does not know; a new password counts anew."""
MOST_WAITING = 50
TOLD_AT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """The password was right and a code is waited for; the token exists nowhere else."""

    token: str


def open_challenge(
    session: Session, member_id: int, *, origin: Origin, is_remembered: bool = False
) -> Challenge:
    """Wait for the code of this person for ten minutes, beside those who wait already.

    The owner is told when it is the third time in an hour that no code has followed.

    Raises:
        TooMany: too many waits from there that no code followed.
    """
    waits = _waits_of(member_id)
    admit(session, email=waits, network=counted_by(origin, member_id))
    audit.record(
        session,
        "members.code_awaited",
        by=ANONYMOUS,
        subject=f"member:{member_id}",
        request_id=origin.request_id,
    )
    token = secrets.token_urlsafe(32)
    moment = now()
    if count_errors(session, waits, since=moment - WINDOW) == TOLD_AT:
        tell(session, member_id, "codes_missing")
    latest = (
        select(SignInChallenge.id)
        .where(SignInChallenge.member_id == member_id)
        .order_by(SignInChallenge.id.desc())
        .limit(MOST_WAITING - 1)
    )
    session.execute(
        delete(SignInChallenge).where(
            SignInChallenge.member_id == member_id, SignInChallenge.id.not_in(latest)
        )
    )
    session.add(
        SignInChallenge(
            token_hash=digest(token),
            member_id=member_id,
            is_remembered=is_remembered,
            created_at=moment,
            expires_at=moment + LIFETIME,
        )
    )
    return Challenge(token=token)


def find_challenge(session: Session, token: str) -> SignInChallenge | None:
    """The wait of this browser; None once it is over."""
    return session.scalars(
        select(SignInChallenge).where(
            SignInChallenge.token_hash == digest(token), SignInChallenge.expires_at > now()
        )
    ).first()


def answer_challenge(
    session: Session, challenge: SignInChallenge, typed: str, *, origin: Origin
) -> OpenedSession | None:
    """Open the session when the code is right; None, and an error counted, when it is not.

    After five errors from there, the password is asked for again and the owner is told: somebody
    knows it.

    Raises:
        TooMany: too many wrong codes; nothing is looked at.
    """
    waited_for = f"code of member {challenge.member_id}"
    counted = counted_by(origin, challenge.member_id)
    member = session.get(Member, challenge.member_id, with_for_update=True)
    if counted == origin.network:
        _check_errors(session, member, waited_for)
    attempt = admit(session, email=waited_for, network=counted)
    is_right = (
        member is not None and member.is_active and take_code(session, challenge.member_id, typed)
    )
    if not is_right or member is None:
        audit.record(
            session,
            "members.code_refused",
            by=ANONYMOUS,
            subject=f"member:{challenge.member_id}",
            request_id=origin.request_id,
        )
        errors = count_errors(session, waited_for, since=challenge.created_at, network=counted)
        if errors >= MOST_ERRORS:
            tell(session, challenge.member_id, "codes_refused")
            session.delete(challenge)
        return None
    attempt.has_succeeded = True
    forget_errors(session, _waits_of(member.id), network=counted)
    is_remembered = challenge.is_remembered
    session.delete(challenge)
    return enter(
        session, member, origin=origin, is_remembered=is_remembered, has_second_factor=True
    )


def _waits_of(member_id: int) -> str:
    return f"code waited for by member {member_id}"


def _check_errors(session: Session, member: Member | None, waited_for: str) -> None:
    """All networks together guess so many codes an hour, however many they are."""
    since = now() - WINDOW
    if member is not None and member.password_changed_at is not None:
        since = max(since, member.password_changed_at)
    if count_errors(session, waited_for, since=since) >= MOST_ERRORS_OF_MEMBER:
        raise TooMany(
            _(
                "Trop de codes faux ont suivi ce mot de passe, que quelqu’un connaît : "
                "choisissez-en un autre, par « Mot de passe oublié »."
            ),
            retry_after=int(WINDOW.total_seconds()),
        )


def purge_challenges(session: Session, before: datetime) -> int:
    """Forget the waits that were over before that instant; say how many there were."""
    statement = delete(SignInChallenge).where(SignInChallenge.expires_at < before)
    return len(session.scalars(statement.returning(SignInChallenge.id)).all())
