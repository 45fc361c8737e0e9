"""Reads of sessions."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from inters4.members.models import MemberSession
from inters4.members.models.sessions import is_live

_OF_TOKEN = select(MemberSession).where(MemberSession.token_hash == bindparam("token"))
_TOLD = select(*MemberSession.__table__.columns).where(
    MemberSession.__table__.c.token_hash == bindparam("token")
)
"""Written once, and read without an object: every request of someone signed in asks it."""


def find_live_session(session: Session, token_hash: bytes, *, at: datetime) -> MemberSession | None:
    """The session that this token opens at that instant; None once revoked or expired."""
    found = session.scalars(_OF_TOKEN, {"token": token_hash}).first()
    return found if found is not None and found.is_live(at) else None


def read_live_session(session: Session, token_hash: bytes, *, at: datetime) -> Row[Any] | None:
    """What `find_live_session` finds, as a row that is only to be read."""
    found = session.connection().execute(_TOLD, {"token": token_hash}).first()
    return found if found is not None and is_live(found, at) else None
