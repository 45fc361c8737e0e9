"""The second step of signing in: set up, checked, renewed, taken away.

A code passes once: the step of the last one is kept, under the lock of its row. Recovery codes are
random enough that their plain digest tells nothing; they open even when the installation's key
was lost.
"""

import re
import secrets
from base64 import b32encode

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from inters4.core import audit, one_time
from inters4.core.access import ANONYMOUS, Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _
from inters4.core.jobs import jobs
from inters4.core.sealing import SealBroken, seal, unseal
from inters4.members.models import MemberSession, RecoveryCode, SecondFactor
from inters4.members.services.devices import counted_by
from inters4.members.services.notices import tell
from inters4.members.services.sessions import Origin, digest
from inters4.members.services.throttle import admit

RECOVERY_CODES = 10
_PURPOSE = "second factor"
_SIGNS = re.compile(r"[\s-]+")
_CODE_BYTES = 10


class WrongCode(DomainError):
    """The code is not the one of this moment, or was used already."""

    status = 422


def begin_set_up(session: Session, member_id: int) -> None:
    """Make a secret to be confirmed; one that waits already stays, so that a reload keeps it.

    Raises:
        Conflict: a second factor is in force.
    """
    found = session.get(SecondFactor, member_id, with_for_update=True)
    if found is not None and found.confirmed_at is not None:
        raise Conflict(_("La validation en deux étapes est déjà en place."))
    if found is not None and _opened(found) is not None:
        return
    if found is None:
        found = SecondFactor(member_id=member_id)
        session.add(found)
    found.sealed = seal(one_time.new_secret(), key=jobs.settings.secret_key, purpose=_PURPOSE)
    session.flush()


def waiting_secret(session: Session, member_id: int) -> bytes | None:
    """The secret that waits for its first code; None when there is none, or it is in force."""
    found = session.get(SecondFactor, member_id)
    return _opened(found) if found is not None and found.confirmed_at is None else None


def has_second_factor(session: Session, member_id: int) -> bool:
    """True when signing in asks for a code."""
    return (
        session.scalar(
            select(SecondFactor.member_id).where(
                SecondFactor.member_id == member_id, SecondFactor.confirmed_at.is_not(None)
            )
        )
        is not None
    )


def confirm_set_up(
    session: Session, typed: str, *, by: Viewer, session_id: int, request_id: str = ""
) -> list[str]:
    """Put the second factor in force; give back the recovery codes, shown this once.

    Raises:
        WrongCode: not the code of this moment; nothing changes.
    """
    member_id = _signed_in(by)
    found = session.get(SecondFactor, member_id, with_for_update=True)
    secret = _opened(found) if found is not None and found.confirmed_at is None else None
    step = one_time.matching_step(secret, _bare(typed), at=now()) if secret else None
    if found is None or step is None:
        raise WrongCode(
            _(
                "Ce n’est pas le code de ce moment. Vérifiez l’heure de votre téléphone, puis "
                "réessayez."
            )
        )
    found.confirmed_at, found.last_step = now(), step
    session.execute(
        update(MemberSession).where(MemberSession.id == session_id).values(is_limited=False)
    )
    audit.record(session, "members.second_factor_set", by=by, request_id=request_id)
    tell(session, member_id, "second_factor_set")
    return _make_codes(session, member_id)


def renew_recovery_codes(session: Session, *, by: Viewer, request_id: str = "") -> list[str]:
    """Ten new codes; the old ones open nothing any more.

    Raises:
        Conflict: there is no second factor.
    """
    member_id = _signed_in(by)
    if not has_second_factor(session, member_id):
        raise Conflict(_("La validation en deux étapes n’est pas en place."))
    audit.record(session, "members.recovery_codes_renewed", by=by, request_id=request_id)
    tell(session, member_id, "recovery_codes_renewed")
    return _make_codes(session, member_id)


def remove_second_factor(session: Session, typed: str, *, by: Viewer, origin: Origin) -> bool:
    """Sign in by password alone again; False, and an error counted, when the code is wrong.

    Raises:
        TooMany: too many wrong codes; nothing is looked at.
    """
    member_id = _signed_in(by)
    counted = counted_by(origin, member_id)
    attempt = admit(session, email=f"removal by member {member_id}", network=counted)
    if not take_code(session, member_id, typed):
        audit.record(
            session,
            "members.code_refused",
            by=by,
            subject=f"member:{member_id}",
            request_id=origin.request_id,
        )
        return False
    attempt.has_succeeded = True
    forget_second_factor(session, member_id)
    audit.record(session, "members.second_factor_removed", by=by, request_id=origin.request_id)
    tell(session, member_id, "second_factor_removed")
    return True


def reset_by_operator(session: Session, member_id: int) -> None:
    """Drop a second factor whose telephone and codes are lost; whoever runs the server asks."""
    forget_second_factor(session, member_id)
    audit.record(
        session, "members.second_factor_removed", by=ANONYMOUS, subject=f"member:{member_id}"
    )
    tell(session, member_id, "second_factor_removed")


def forget_second_factor(session: Session, member_id: int) -> None:
    """Drop the secret and the codes; roles that ask for them are withheld from open sessions."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.member_id == member_id))
    session.execute(delete(SecondFactor).where(SecondFactor.member_id == member_id))
    session.execute(
        update(MemberSession).where(MemberSession.member_id == member_id).values(is_limited=True)
    )


def take_code(session: Session, member_id: int, typed: str) -> bool:
    """Use a code of the telephone, or a recovery code, once; False when it is neither."""
    found = session.get(SecondFactor, member_id, with_for_update=True, populate_existing=True)
    if found is None or found.confirmed_at is None:
        return False
    bare = _bare(typed)
    secret = _opened(found)
    if secret is not None and len(bare) == one_time.DIGITS:
        step = one_time.matching_step(secret, bare, at=now(), after=found.last_step)
        if step is not None:
            found.last_step = step
            return True
    used = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.member_id == member_id,
            RecoveryCode.code_hash == digest(bare),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now())
        .returning(RecoveryCode.id)
    ).first()
    if used is None:
        return False
    tell(session, member_id, "recovery_code_used")
    return True


def _make_codes(session: Session, member_id: int) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.member_id == member_id))
    bare = [
        _bare(b32encode(secrets.token_bytes(_CODE_BYTES)).decode())
        for _number in range(RECOVERY_CODES)
    ]
    session.add_all(RecoveryCode(member_id=member_id, code_hash=digest(code)) for code in bare)
    return ["-".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in bare]


def _bare(typed: str) -> str:
    return _SIGNS.sub("", typed).lower()[:64]


def _opened(found: SecondFactor) -> bytes | None:
    try:
        return unseal(found.sealed, key=jobs.settings.secret_key, purpose=_PURPOSE)
    except SealBroken:
        return None


def _signed_in(by: Viewer) -> int:
    if by.member_id is None:
        raise ValueError("nobody is signed in")
    return by.member_id
