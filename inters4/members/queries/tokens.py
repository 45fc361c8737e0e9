"""What makes a secret of a row: the seed that is kept, and the key that is not in the database."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.jobs import jobs
from inters4.members.models import Member, MemberToken, TokenPurpose


def secret_of_seed(seed: bytes) -> str:
    """256 bits that only the key of this installation makes of `seed`, fit for an address."""
    key = jobs.settings.secret_key.encode()
    made = hmac.digest(key, b"inters4 secret by mail\0" + seed, "sha256")
    return urlsafe_b64encode(made).decode().rstrip("=")


def keyed_digest(text: str) -> bytes:
    """A digest that nobody makes without the key of this installation."""
    return hmac.digest(jobs.settings.secret_key.encode(), text.encode(), "sha256")


def binding_of(member: Member) -> bytes:
    """Digest of what a secret dies with: the address, and the day of the password."""
    changed = member.password_changed_at
    text = f"{member.email}\0{changed.isoformat() if changed else ''}"
    return hashlib.sha256(text.encode()).digest()


def secret_of_token(session: Session, token_id: int) -> str | None:
    """The secret of a row, for the message that leaves; None once it opens nothing."""
    row = session.get(MemberToken, token_id)
    if row is None or not row.is_live(now()):
        return None
    member = session.get(Member, row.member_id)
    if member is None or not hmac.compare_digest(row.binding, binding_of(member)):
        return None
    return secret_of_seed(row.seed)


def asked_address(session: Session, member_id: int) -> MemberToken | None:
    """The link to another address that this person asked for and may still use."""
    return session.scalars(
        select(MemberToken)
        .where(
            MemberToken.member_id == member_id,
            MemberToken.purpose == TokenPurpose.CHANGE_EMAIL,
            MemberToken.used_at.is_(None),
            MemberToken.expires_at > now(),
        )
        .order_by(MemberToken.id.desc())
        .limit(1)
    ).first()
