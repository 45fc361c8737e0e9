"""Sessions as rows, so that they can be ended, and the attempts that slow guessing down."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey

IDLE_LIMIT = timedelta(hours=2)
ABSOLUTE_LIMIT = timedelta(hours=12)
REMEMBERED_IDLE_LIMIT = timedelta(days=30)
REMEMBERED_ABSOLUTE_LIMIT = timedelta(days=90)


class MemberSession(Model):
    """A browser in which a person signed in.

    Attributes:
        token_hash: SHA-256 of the random token that only the browser holds.
        expires_at: the absolute limit, whatever the person does.
        is_remembered: « rester connecté » was ticked: longer limits, kept when the browser closes.
        address: the network it came from, cut short: enough to recognise one's own sessions.
        agent: browser and system, in a few words.
        proved_at: when the person last gave their password, which touchy pages ask for anew.
        is_limited: opened by a password alone: roles that ask for more are withheld.
    """

    __tablename__ = "member_sessions"

    id: Mapped[PrimaryKey]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    created_at: Mapped[Moment] = mapped_column(default=now)
    last_seen_at: Mapped[Moment] = mapped_column(default=now)
    expires_at: Mapped[Moment] = mapped_column(index=True)
    is_remembered: Mapped[bool] = mapped_column(default=False)
    address: Mapped[str] = mapped_column(default="")
    agent: Mapped[str] = mapped_column(default="")
    revoked_at: Mapped[Moment | None] = mapped_column(index=True)
    proved_at: Mapped[Moment] = mapped_column(default=now)
    is_limited: Mapped[bool] = mapped_column(default=False)

    def is_live(self, at: datetime) -> bool:
        """True while neither revoked, nor too old, nor left alone for too long."""
        return is_live(self, at)


def is_live(row: Any, at: datetime) -> bool:
    """What `MemberSession.is_live` says, of a session or of its row."""
    idle = REMEMBERED_IDLE_LIMIT if row.is_remembered else IDLE_LIMIT
    return row.revoked_at is None and at < min(row.expires_at, row.last_seen_at + idle)


def absolute_limit(*, is_remembered: bool) -> timedelta:
    """How long a session may last at most."""
    return REMEMBERED_ABSOLUTE_LIMIT if is_remembered else ABSOLUTE_LIMIT


class SignInAttempt(Model):
    """Someone tried a password. The row is written before the password is looked at.

    Attributes:
        account: keyed digest of the address typed: what a stranger types is not kept readable.
        address: mark of the network it came from (a whole IPv6 /64 counts as one), or of a browser
            in which the account was opened.
    """

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index("ix_sign_in_attempts_account_at", "account", "at"),
        Index("ix_sign_in_attempts_address_at", "address", "at"),
    )

    id: Mapped[PrimaryKey]
    at: Mapped[Moment] = mapped_column(default=now, index=True)
    account: Mapped[bytes] = mapped_column(LargeBinary(32))
    address: Mapped[str]
    has_succeeded: Mapped[bool] = mapped_column(default=False)
