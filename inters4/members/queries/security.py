"""What a person is shown of the safety of their own account."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.members.models import Member, MemberSession, RecoveryCode, SecondFactor


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
        password_changed_at: None when it was never changed since the account was made.
        second_factor_since: None without a second factor.
    """

    name: str
    email: str
    password_changed_at: datetime | None
    second_factor_since: datetime | None
    codes_left: int
    sessions: tuple[OpenSession, ...]


def safety_of(session: Session, member_id: int, *, present: int) -> Safety:
    """All of it, in three statements; `present` is the session that asks."""
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
    )
