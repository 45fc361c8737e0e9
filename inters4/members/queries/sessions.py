"""Reads of sessions."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from inters4.members.models import MemberSession

_OF_TOKEN = select(MemberSession).where(MemberSession.token_hash == bindparam("token"))
"""Written once: every request of someone signed in asks it."""


def find_live_session(session: Session, token_hash: bytes, *, at: datetime) -> MemberSession | None:
    """The session that this token opens at that instant; None once revoked or expired."""
    found = session.scalars(_OF_TOKEN, {"token": token_hash}).first()
    return found if found is not None and found.is_live(at) else None
