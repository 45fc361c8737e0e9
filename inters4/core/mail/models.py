"""The queue of mail: one row a message and a recipient, the truth of what was sent."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey


class MailState(StrEnum):
    """Where a message stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class QueuedMail(Model):
    """A message to one person. Its text does not exist before it is sent.

    `message_id` is given at the first attempt and never changes, so that a message whose fate is
    uncertain after a crash is recognised by whoever receives it twice.
    """

    __tablename__ = "mail_queue"
    __table_args__ = (Index("ix_mail_queue_due", "state", "not_before"),)

    id: Mapped[PrimaryKey]
    kind: Mapped[str]
    template: Mapped[str]
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    recipient: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(index=True)
    locale: Mapped[str]
    state: Mapped[MailState] = mapped_column(default=MailState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[Moment] = mapped_column(default=now)
    lease_until: Mapped[Moment | None]
    lease_owner: Mapped[str | None]
    message_id: Mapped[str | None] = mapped_column(unique=True)
    last_error: Mapped[str | None]
    created_at: Mapped[Moment] = mapped_column(default=now)
    sent_at: Mapped[Moment | None]
    settled_at: Mapped[Moment | None] = mapped_column(index=True)
