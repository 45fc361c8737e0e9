"""What is true of this database as a whole: its identity, and whether `demo` made it."""

import secrets
from datetime import datetime

from sqlalchemy import CheckConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey

RESTORED = "installation_restored"
"""Event told once a backup was put back: `handler(session)`."""


class Installation(Model):
    """The single row that names this installation.

    Attributes:
        instance: random, told apart from a restored backup's.
        demo_since: when `inters4 demo` marked the database; None for a real one.
    """

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="single_row"),)

    id: Mapped[PrimaryKey] = mapped_column(default=1)
    instance: Mapped[str] = mapped_column(default=lambda: secrets.token_hex(16))
    created_at: Mapped[Moment] = mapped_column(default=now)
    demo_since: Mapped[Moment | None]


def find_installation(session: Session) -> Installation | None:
    """The row, None before the first start."""
    return session.scalars(select(Installation).limit(1)).first()


def is_demo(session: Session) -> bool:
    """True in a database that `inters4 demo` made."""
    found = find_installation(session)
    return found is not None and found.demo_since is not None


def name_installation(session: Session) -> Installation:
    """The row, made at the first start; it never changes afterwards."""
    found = find_installation(session)
    if found is None:
        found = Installation()
        session.add(found)
        session.flush()
    return found


def mark_demo(session: Session) -> datetime:
    """Mark this database as a demonstration, for ever; give back since when."""
    found = name_installation(session)
    if found.demo_since is None:
        found.demo_since = now()
    return found.demo_since
