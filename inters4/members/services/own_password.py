"""One's own password: changed, proved again, or replaced when it was forgotten.

As for signing in, no transaction waits for a hash: what is needed is read, the hashes are
computed, then the change is written if nothing moved meanwhile.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import case, delete, func, select
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _, current_locale
from inters4.core.mail import enqueue
from inters4.core.turns import Turn, wait_for_turn
from inters4.members.models import (
    Member,
    MemberSession,
    MemberState,
    PasswordReset,
    SignInAttempt,
)
from inters4.members.queries import find_member_by_email, secret_of_seed
from inters4.members.services.identities import unlink_all
from inters4.members.services.notices import tell
from inters4.members.services.passwords import check_strength, hash_password
from inters4.members.services.sessions import digest
from inters4.members.services.sign_in import Candidate, Verdict
from inters4.members.services.tokens import end_access

PROOF_LASTS = timedelta(minutes=15)
RESET_LIFETIME = timedelta(hours=1)
FORGOTTEN = "members.forgotten_password"
_MOST_OF_PAIR, _MOST_OF_NETWORK, _MOST_OF_DAY = 3, 60, 12
"""Messages an hour to an address from one network, and from a network; a day to an address."""
_MAY_RESET = frozenset({MemberState.ACTIVE, MemberState.PENDING_APPROVAL})


class DeadReset(DomainError):
    """The link leads nowhere any more."""

    status = 410


def new_hash(password: str, *, name: str, email: str) -> str:
    """Check a password and hash it, outside any transaction.

    Raises:
        WeakPassword: it is guessed first.
    """
    check_strength(password, context=(name, email))
    return hash_password(password)


def change_password(
    session: Session,
    candidate: Candidate,
    verdict: Verdict,
    hashed: str,
    *,
    by: Viewer,
    token: str,
    request_id: str = "",
) -> bool:
    """Write the new password and end the other sessions; False when the old one was wrong.

    Raises:
        Conflict: the account changed meanwhile.
    """
    attempt = session.get_one(SignInAttempt, candidate.attempt_id)
    if not verdict.is_right or candidate.member_id != by.member_id:
        return False
    attempt.has_succeeded = True
    member = session.get(Member, by.member_id, with_for_update=True, populate_existing=True)
    if member is None or member.password_hash != candidate.password_hash:
        raise Conflict(
            _("Le mot de passe vient d’être changé ailleurs. Connectez-vous de nouveau.")
        )
    _replace(session, member, hashed, by=by, except_token=token, request_id=request_id)
    return True


def set_first_password(
    session: Session, hashed: str, *, by: Viewer, token: str, request_id: str = ""
) -> None:
    """Give a password to an account that a provider alone opened; the other sessions end.

    Raises:
        Conflict: it has one since.
    """
    member = session.get(Member, by.member_id, with_for_update=True, populate_existing=True)
    if member is None or member.password_hash is not None:
        raise Conflict(_("Ce compte a déjà un mot de passe. Rouvrez la page pour le changer."))
    _replace(session, member, hashed, by=by, except_token=token, request_id=request_id)


def prove(
    session: Session,
    candidate: Candidate,
    verdict: Verdict,
    *,
    by: Viewer,
    session_id: int,
) -> bool:
    """Note that the person has just given their password; False when it was wrong."""
    attempt = session.get_one(SignInAttempt, candidate.attempt_id)
    if not verdict.is_right or candidate.member_id != by.member_id:
        audit.record(session, "members.proof_refused", by=by)
        return False
    attempt.has_succeeded = True
    session.get_one(MemberSession, session_id).proved_at = now()
    return True


def ask_for_reset(session: Session, *, email: str, network: str) -> bool:
    """Queue a message to an address, whoever it is; False when it was asked too often.

    The account is looked for when the message leaves: here all addresses cost the same. The first
    message of an hour always leaves, and its link lasts that hour: a stranger who asks for somebody
    never keeps the owner without one.
    """
    wait_for_turn(session, Turn.RESET)
    moment = now()
    is_recent = PasswordReset.created_at > moment - RESET_LIFETIME
    is_same = PasswordReset.email == email
    is_near = PasswordReset.network == network
    earlier = session.execute(
        select(
            func.count(case((is_recent & is_near, 1))).label("of_network"),
            func.count(case((is_recent & is_near & is_same, 1))).label("of_pair"),
            func.count(case((is_recent & is_same, 1))).label("of_hour"),
            func.count(case((is_same, 1))).label("of_day"),
        ).where(PasswordReset.created_at > moment - timedelta(days=1))
    ).one()
    if earlier.of_hour and (
        earlier.of_network >= _MOST_OF_NETWORK
        or earlier.of_pair >= _MOST_OF_PAIR
        or earlier.of_day >= _MOST_OF_DAY
    ):
        return False
    row = PasswordReset(
        email=email,
        network=network,
        seed=secrets.token_bytes(32),
        created_at=moment,
        expires_at=moment + RESET_LIFETIME,
    )
    row.token_hash = digest(secret_of_seed(row.seed))
    session.add(row)
    session.flush()
    enqueue(
        session,
        kind=FORGOTTEN,
        template="forgotten_password",
        recipient=email,
        locale=current_locale(),
        parameters={"reset": row.id},
    )
    return True


def secret_of_reset(session: Session, reset_id: int) -> str | None:
    """The secret of the link, when the message leaves; None when it must not leave."""
    row = session.get(PasswordReset, reset_id)
    if row is None or row.used_at is not None or row.expires_at <= now():
        return None
    return secret_of_seed(row.seed) if _owner(session, row) is not None else None


def find_reset(session: Session, secret: str) -> Member:
    """Whose password the link replaces; nothing changes.

    Raises:
        DeadReset: it was used, is too old, or the password changed since.
    """
    return _live(session, secret)[1]


def use_reset(session: Session, secret: str, hashed: str, *, request_id: str = "") -> bool:
    """Write the new password, end every session and unlink every identity of a provider.

    Whoever asks for a letter may have lost the account to somebody, who may have linked an identity
    of theirs. True when there were some: the owner links theirs again. The link opens nothing any
    more.

    Raises:
        DeadReset: it was used, is too old, or the password changed since.
    """
    row, member = _live(session, secret, for_update=True)
    row.used_at = now()
    by = Viewer(member_id=member.id)
    _replace(session, member, hashed, by=by, except_token="", request_id=request_id)
    return unlink_all(session, member.id, by=by, request_id=request_id)


def purge_resets(session: Session, before: datetime) -> int:
    """Forget the links that expired before that instant; say how many there were."""
    statement = delete(PasswordReset).where(PasswordReset.expires_at < before)
    return len(session.scalars(statement.returning(PasswordReset.id)).all())


def _live(
    session: Session, secret: str, *, for_update: bool = False
) -> tuple[PasswordReset, Member]:
    statement = select(PasswordReset).where(PasswordReset.token_hash == digest(secret))
    if for_update:
        statement = statement.with_for_update()
    row = session.scalars(statement).first()
    member = _owner(session, row) if row is not None else None
    if row is None or member is None or row.used_at is not None or row.expires_at <= now():
        raise DeadReset(
            _(
                "Ce lien ne sert plus : il a déjà servi, ou il a plus d’une heure. Demandez-en "
                "un autre."
            )
        )
    return row, member


def _owner(session: Session, row: PasswordReset) -> Member | None:
    member = find_member_by_email(session, row.email)
    if member is None or member.state not in _MAY_RESET:
        return None
    changed = member.password_changed_at
    return member if changed is None or changed < row.created_at else None


def _replace(
    session: Session,
    member: Member,
    hashed: str,
    *,
    by: Viewer,
    except_token: str,
    request_id: str,
) -> None:
    member.password_hash, member.password_changed_at = hashed, now()
    end_access(session, member.id, by=by, except_token=except_token, request_id=request_id)
    audit.record(
        session,
        "members.password_changed",
        by=by,
        subject=f"member:{member.id}",
        request_id=request_id,
    )
    tell(session, member.id, "password_changed")
