"""Signing in, in three steps, so that no transaction waits for a hash.

`begin_sign_in` writes the attempt down, `judge` computes one hash whether the address is known
or not, `finish_sign_in` opens the session or notes the refusal. An address without an account and a
wrong password are told apart by nothing the visitor sees; who gives the right password of an
account that waits, or is closed, or of a form whose address is not confirmed, is told so.
"""

from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import ANONYMOUS
from inters4.core.values import dataclass
from inters4.members.models import Member, MemberState, SignInAttempt
from inters4.members.queries import find_member_by_email
from inters4.members.queries.unconfirmed import waiting_form
from inters4.members.services import passwords
from inters4.members.services.challenges import Challenge, open_challenge
from inters4.members.services.devices import counted_by
from inters4.members.services.second_factor import has_second_factor
from inters4.members.services.sessions import OpenedSession, Origin, enter
from inters4.members.services.throttle import admit

_TOLD = frozenset(
    {
        MemberState.ACTIVE,
        MemberState.PENDING_APPROVAL,
        MemberState.REFUSED,
        MemberState.SUSPENDED,
        MemberState.DEACTIVATED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Someone who says they are a member, before their password was looked at.

    Attributes:
        member_id: None when no account has this address.
        registration_id: the form that waits for this address, when no account has it.
        password_hash: of the account or of the form; the decoy without either.
    """

    attempt_id: int
    member_id: int | None
    password_hash: str
    registration_id: int | None = None


def begin_sign_in(session: Session, *, email: str, origin: Origin) -> Candidate:
    """Count the attempt and find the account.

    Raises:
        TooMany: too many errors; nothing is written.
    """
    member = find_member_by_email(session, email)
    form = waiting_form(session, email)
    counted = counted_by(origin, member.id if member else None)
    attempt = admit(session, email=email, network=counted)
    if form is not None and (member is None or member.state is MemberState.UNVERIFIED):
        return Candidate(
            attempt_id=attempt.id,
            member_id=None,
            password_hash=form.password_hash,
            registration_id=form.id,
        )
    if member is None or member.state not in _TOLD or member.password_hash is None:
        return Candidate(attempt_id=attempt.id, member_id=None, password_hash=passwords.DECOY_HASH)
    return Candidate(attempt_id=attempt.id, member_id=member.id, password_hash=member.password_hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether the password is right.

    Attributes:
        new_hash: the same password under today's parameters, when its hash is of an older make.
    """

    is_right: bool
    new_hash: str | None = None


def judge(candidate: Candidate, password: str) -> Verdict:
    """Compute the hash, outside any transaction."""
    is_someone = candidate.member_id is not None or candidate.registration_id is not None
    if not passwords.matches(password, candidate.password_hash) or not is_someone:
        return Verdict(is_right=False)
    if candidate.member_id is not None and passwords.is_outdated(candidate.password_hash):
        return Verdict(is_right=True, new_hash=passwords.hash_password(password))
    return Verdict(is_right=True)


@dataclass(frozen=True, slots=True)
class Closed:
    """The password is right, but the account opens no session now."""

    member_id: int


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """The password is that of a form whose address is not confirmed: there is no account yet."""

    registration_id: int


def finish_sign_in(
    session: Session,
    candidate: Candidate,
    verdict: Verdict,
    *,
    origin: Origin,
    is_remembered: bool = False,
) -> OpenedSession | Challenge | Closed | Unconfirmed | None:
    """Open a session, wait for a code when one is due, or note the refusal and give None.

    A password changed since `begin_sign_in` is a refusal too. That of a form opens nothing: it
    counts as an error, and bounds how often one may ask.

    Raises:
        TooMany: too many codes were waited for from there and none given.
    """
    member = _still_the_same(session, candidate) if verdict.is_right else None
    if member is None or not member.is_active:
        audit.record(
            session,
            "members.sign_in_refused",
            by=ANONYMOUS,
            subject=f"member:{candidate.member_id}" if candidate.member_id else "",
            request_id=origin.request_id,
        )
        if member is None:
            is_form = verdict.is_right and candidate.registration_id is not None
            return Unconfirmed(candidate.registration_id or 0) if is_form else None
    session.get_one(SignInAttempt, candidate.attempt_id).has_succeeded = True
    if not member.is_active:
        return Closed(member.id)
    if verdict.new_hash is not None:
        member.password_hash = verdict.new_hash
    if has_second_factor(session, member.id):
        return open_challenge(session, member.id, origin=origin, is_remembered=is_remembered)
    return enter(session, member, origin=origin, is_remembered=is_remembered)


def _still_the_same(session: Session, candidate: Candidate) -> Member | None:
    if candidate.member_id is None:
        return None
    member = session.get(Member, candidate.member_id, with_for_update=True)
    if (
        member is None
        or member.state not in _TOLD
        or member.password_hash != candidate.password_hash
    ):
        return None
    return member
