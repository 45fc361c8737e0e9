"""Between the password and the code: what the browser holds opens nothing by itself."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import ANONYMOUS
from inters4.core.clock import now
from inters4.members.models import Member, SignInChallenge
from inters4.members.services.devices import counted_by
from inters4.members.services.notices import tell
from inters4.members.services.second_factor import take_code
from inters4.members.services.sessions import OpenedSession, Origin, digest, enter
from inters4.members.services.throttle import admit, count_errors

LIFETIME = timedelta(minutes=10)
MOST_ERRORS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """The password was right and a code is waited for; the token exists nowhere else."""

    token: str


def open_challenge(session: Session, member_id: int, *, is_remembered: bool) -> Challenge:
    """Wait for the code of this person for ten minutes; an earlier wait is over."""
    session.execute(delete(SignInChallenge).where(SignInChallenge.member_id == member_id))
    token = secrets.token_urlsafe(32)
    moment = now()
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

    After five errors, wherever they came from, the password is asked for again and the owner is
    told: somebody knows it.

    Raises:
        TooMany: too many wrong codes; nothing is looked at.
    """
    waited_for = f"code of member {challenge.member_id}"
    counted = counted_by(origin, challenge.member_id)
    attempt = admit(session, email=waited_for, network=counted)
    member = session.get(Member, challenge.member_id, with_for_update=True)
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
        if count_errors(session, waited_for, since=challenge.created_at) >= MOST_ERRORS:
            tell(session, challenge.member_id, "codes_refused")
            session.delete(challenge)
        return None
    attempt.has_succeeded = True
    is_remembered = challenge.is_remembered
    session.delete(challenge)
    return enter(
        session, member, origin=origin, is_remembered=is_remembered, has_second_factor=True
    )


def purge_challenges(session: Session, before: datetime) -> int:
    """Forget the waits that were over before that instant; say how many there were."""
    statement = delete(SignInChallenge).where(SignInChallenge.expires_at < before)
    return len(session.scalars(statement.returning(SignInChallenge.id)).all())
