"""Reads of the identities by which people enter."""

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.values import dataclass
from inters4.members.models import Member, ProviderIdentity


@dataclass(frozen=True, slots=True)
class LinkedIdentity:
    """An identity as its owner sees it; `name` tells it apart in addresses."""

    id: int
    name: str
    issuer: str
    email: str
    linked_at: datetime
    last_used_at: datetime | None


def find_identity(session: Session, issuer: str, subject: str) -> ProviderIdentity | None:
    """The account that a person of a provider opens; None when it opens none."""
    return session.scalars(
        select(ProviderIdentity).where(
            ProviderIdentity.issuer == issuer, ProviderIdentity.subject == subject
        )
    ).first()


def ways_in(session: Session, member_id: int | None, *, issuer: str) -> tuple[bool, bool]:
    """Whether a password, and whether an identity of `issuer`, open the account."""
    identity = select(ProviderIdentity.id).where(
        ProviderIdentity.member_id == member_id, ProviderIdentity.issuer == issuer
    )
    row = session.execute(
        select(Member.password_hash.is_not(None), identity.exists()).where(Member.id == member_id)
    ).first()
    return (bool(row[0]), bool(row[1])) if row else (False, False)


def identities_of(session: Session, member_id: int) -> tuple[LinkedIdentity, ...]:
    """Those of one person, the oldest first."""
    rows = session.scalars(
        select(ProviderIdentity)
        .where(ProviderIdentity.member_id == member_id)
        .order_by(ProviderIdentity.linked_at, ProviderIdentity.id)
    )
    return tuple(
        LinkedIdentity(
            id=row.id,
            name=hashlib.sha256(f"{row.issuer}\0{row.subject}".encode()).hexdigest()[:16],
            issuer=row.issuer,
            email=row.email,
            linked_at=row.linked_at,
            last_used_at=row.last_used_at,
        )
        for row in rows
    )
