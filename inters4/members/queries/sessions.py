"""Reads of sessions."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.members.models import MemberSession


def find_live_session(session: Session, token_hash: bytes, *, at: datetime) -> MemberSession | None:
    """The session that this token opens at that instant; None once revoked or expired."""
    found = session.scalars(
        select(MemberSession).where(MemberSession.token_hash == token_hash)
    ).first()
    return found if found is not None and found.is_live(at) else None
