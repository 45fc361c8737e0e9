"""Flags, measures taken towards people, and what who moderates did in a space.

The audit journal says the same without a word that anyone typed: it is never changed, and a
redaction must reach every word.
"""

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey


class FlagReason(StrEnum):
    """Why a post is flagged; personal data hides it at once."""

    OFF_TOPIC = "off-topic"
    PERSONAL = "personal"
    INAPPROPRIATE = "inappropriate"
    OTHER = "other"


class FlagState(StrEnum):
    """Where a flag stands."""

    OPEN = "open"
    IN_PROGRESS = "in-progress"
    UPHELD = "upheld"
    REJECTED = "rejected"


_UNSETTLED = text("state IN ('open', 'in-progress')")


class Flag(Model):
    """Someone, or the detector (no `member_id`), says that a post has a problem.

    Attributes:
        note: what they add; read by who moderates alone.
        answer: what who moderates says of the decision.
    """

    __tablename__ = "flags"
    __table_args__ = (
        Index(
            "uq_flags_unsettled",
            "post_id",
            "member_id",
            unique=True,
            sqlite_where=_UNSETTLED,
            postgresql_where=_UNSETTLED,
        ),
    )

    id: Mapped[PrimaryKey]
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    reason: Mapped[FlagReason]
    note: Mapped[str] = mapped_column(default="")
    state: Mapped[FlagState] = mapped_column(default=FlagState.OPEN)
    at: Mapped[Moment] = mapped_column(default=now)
    handled_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    decided_at: Mapped[Moment | None]
    answer: Mapped[str] = mapped_column(default="")


class SanctionKind(StrEnum):
    """A measure: a warning, a time without writing, or the door."""

    WARNING = "warning"
    SUSPENSION = "suspension"
    BAN = "ban"


class Sanction(Model):
    """A measure towards a person in a space.

    Attributes:
        until: when it ends; None never (a ban), or at once (a warning).
        lifted_at: when it was taken back before its end.
    """

    __tablename__ = "sanctions"
    __table_args__ = (Index("ix_sanctions_person", "space_id", "member_id"),)

    id: Mapped[PrimaryKey]
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    kind: Mapped[SanctionKind]
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    at: Mapped[Moment] = mapped_column(default=now)
    until: Mapped[Moment | None]
    lifted_at: Mapped[Moment | None]


class Act(StrEnum):
    """What who moderates does; the portal hides alone what is flagged as personal data."""

    HIDE = "hide"
    RESTORE = "restore"
    REMOVE = "remove"
    EDIT = "edit"
    REDACT = "redact"
    APPROVE = "approve"
    DECLINE = "decline"
    TAKE_FLAG = "take-flag"
    UPHOLD = "uphold"
    REJECT = "reject"
    LOCK = "lock"
    UNLOCK = "unlock"
    PIN = "pin"
    UNPIN = "unpin"
    MOVE_OUT = "move-out"
    MOVE_IN = "move-in"
    SPLIT = "split"
    MERGE = "merge"
    REMOVE_THREAD = "remove-thread"
    RESTORE_THREAD = "restore-thread"
    WARN = "warn"
    SUSPEND = "suspend"
    LIFT = "lift"
    PUT_OUT = "put-out"
    BAN = "ban"
    LIFT_BAN = "lift-ban"


class ModerationAct(Model):
    """One line of the journal of a space, read by who moderates it; rows are only added.

    Attributes:
        by_id: None when the portal did it alone.
        post_id: the post; `thread_id` is its thread then, and may be elsewhere since.
        member_id: whom a measure concerns.
        reason: as it was typed; a redaction reaches it.
        scrubbed_at: when what a redaction erased had left the files of the index too.
    """

    __tablename__ = "moderation_acts"
    __table_args__ = (Index("ix_moderation_acts_space", "space_id", "id"),)

    id: Mapped[PrimaryKey]
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id", ondelete="CASCADE"))
    act: Mapped[Act]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    at: Mapped[Moment] = mapped_column(default=now)
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("threads.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    reason: Mapped[str] = mapped_column(default="")
    scrubbed_at: Mapped[Moment | None]
