"""What a person is shown of the safety of their own account."""

import hashlib
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.values import dataclass
from inters4.members.models import (
    Member,
    MemberSession,
    RecoveryCode,
    SecondFactor,
)
from inters4.members.queries.identities import LinkedIdentity, identities_of


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A browser in which the person is signed in; `name` tells it apart in addresses."""

    id: int
    name: str
    agent: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    is_remembered: bool
    is_present: bool


@dataclass(frozen=True, slots=True)
class Safety:
    """How an account is kept.

    Attributes:
        has_password: False for an account that a provider alone opens.
        password_changed_at: None when it was never changed since the account was made.
        second_factor_since: None without a second factor.
    """

    name: str
    email: str
    has_password: bool
    password_changed_at: datetime | None
    second_factor_since: datetime | None
    codes_left: int
    sessions: tuple[OpenSession, ...]
    identities: tuple[LinkedIdentity, ...]


def safety_of(session: Session, member_id: int, *, present: int) -> Safety:
    """All of it, in four statements; `present` is the session that asks."""
    member, since = session.execute(
        select(Member, SecondFactor.confirmed_at)
        .outerjoin(SecondFactor, SecondFactor.member_id == Member.id)
        .where(Member.id == member_id)
    ).one()
    left = session.scalar(
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.member_id == member_id, RecoveryCode.used_at.is_(None))
    )
    moment = now()
    rows = session.scalars(
        select(MemberSession)
        .where(MemberSession.member_id == member_id, MemberSession.revoked_at.is_(None))
        .order_by(MemberSession.last_seen_at.desc(), MemberSession.id.desc())
    )
    return Safety(
        name=member.name,
        email=member.email,
        has_password=member.password_hash is not None,
        password_changed_at=member.password_changed_at,
        second_factor_since=since,
        codes_left=left or 0,
        sessions=tuple(
            OpenSession(
                id=row.id,
                name=hashlib.sha256(row.token_hash).hexdigest()[:16],
                agent=row.agent,
                address=row.address,
                created_at=row.created_at,
                last_seen_at=row.last_seen_at,
                is_remembered=row.is_remembered,
                is_present=row.id == present,
            )
            for row in rows
            if row.is_live(moment)
        ),
        identities=identities_of(session, member_id),
    )
