"""The sheet being written: its passage through the house, from the first words to readers."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey, Timestamps, Versioned
from inters4.practices.models.practices import Practice
from inters4.practices.models.states import PracticeState

FIRST_DAY = date(2000, 1, 1)
"""A day before it is a year written in two figures: browsers send 0026 for « 26 »."""
WHOLE_LIFE = timedelta(days=90)
"""From proposal to readers, what the consortium aims at."""


class Move(StrEnum):
    """What makes a revision change its state, or hands."""

    START = "start"
    SUBMIT = "submit"
    ADMIT = "admit"
    DECLINE = "decline"
    TAKE = "take"
    SEND_TO_OWNER = "send-to-owner"
    VALIDATE = "validate"
    RETURN = "return"
    REVIEWED = "reviewed"
    PUBLISH = "publish"
    PUBLISH_MINOR = "publish-minor"
    ABANDON = "abandon"
    WITHDRAW = "withdraw"
    REPLACE = "replace"
    REVIEW_DUE = "review-due"


class PracticeRevision(Timestamps, Versioned, Model):
    """A sheet as it is being written, kept as typed: wrong values too are kept until mended.

    At most one is open for a sheet; what readers see does not change before it is published.

    Attributes:
        state: where it stands; that of the sheet too, while the sheet was never published.
        state_since: when it came there.
        values: fields as the front matter of a file writes them, by their key.
        blocks: Markdown of the long texts, by the value of `Block`.
        stamps: by field, the `version` in which it was last changed: two people who write
            different fields are no conflict.
        base: number of the published version from which it departs; 0 for a new sheet.
        round: how many times it was sent to reviewers.
        drafter_id: the person of the brokering team who writes it with its owner; None while nobody
            of the team took it.
        written_by_id: who wrote last; `PracticeWriter` holds everyone who did.
        is_minor: it changes nothing that the ratings rest on, and keeps them.
        note: what changes, in a sentence for readers.
        closed_at: when it was published, declined or given up.
    """

    __tablename__ = "practice_revisions"
    __table_args__ = (
        Index(
            "uq_practice_revisions_open",
            "practice_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    practice_id: Mapped[str] = mapped_column(
        ForeignKey("practices.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[PracticeState] = mapped_column(index=True)
    state_since: Mapped[Moment] = mapped_column(default=now)
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    blocks: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    stamps: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    base: Mapped[int] = mapped_column(default=0)
    round: Mapped[int] = mapped_column(default=0)
    drafter_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    is_minor: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(default="")
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    closed_at: Mapped[Moment | None]

    practice: Mapped[Practice] = relationship(lazy="raise")

    @property
    def is_open(self) -> bool:
        """False once it was published, declined or given up."""
        return self.closed_at is None

    @property
    def is_new_sheet(self) -> bool:
        """True while readers have never seen the sheet."""
        return self.base == 0


class PracticeStep(Model):
    """One move of a revision; rows are only ever added.

    Attributes:
        reason: what the person wrote: why it is declined, what to change.
        replaced_by: id of the sheet that takes its place, when it is replaced.
    """

    __tablename__ = "practice_steps"

    id: Mapped[PrimaryKey]
    practice_id: Mapped[str] = mapped_column(
        ForeignKey("practices.id", ondelete="CASCADE"), index=True
    )
    revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("practice_revisions.id", ondelete="CASCADE"), index=True
    )
    move: Mapped[Move]
    from_state: Mapped[PracticeState | None]
    to_state: Mapped[PracticeState]
    at: Mapped[Moment] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    reason: Mapped[str] = mapped_column(default="")
    replaced_by: Mapped[str | None] = mapped_column(
        ForeignKey("practices.id", ondelete="SET NULL"), index=True
    )


class PracticeAuthor(Model):
    """A person who carries the sheet: its owner, or a co-author."""

    __tablename__ = "practice_authors"
    __table_args__ = (
        Index(
            "uq_practice_authors_owner",
            "practice_id",
            unique=True,
            sqlite_where=text("is_owner"),
            postgresql_where=text("is_owner"),
        ),
    )

    practice_id: Mapped[str] = mapped_column(
        ForeignKey("practices.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)
    is_owner: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[Moment] = mapped_column(default=now)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))


class PracticeWriter(Model):
    """A person who wrote in a revision, or carried the sheet then and left; rows are only added.

    Whoever worked on a text does not judge it: they neither review it, nor sign for it, nor let it
    pass alone.
    """

    __tablename__ = "practice_writers"

    revision_id: Mapped[int] = mapped_column(
        ForeignKey("practice_revisions.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)
    since: Mapped[Moment] = mapped_column(default=now)


class PracticeVersion(Model):
    """A sheet as readers saw it: the whole of it, as a file.

    Attributes:
        number: from 1, in the order of publication.
        edition: that of the sheet then; minor changes keep it.
        note: what changed, in a sentence.
    """

    __tablename__ = "practice_versions"

    practice_id: Mapped[str] = mapped_column(
        ForeignKey("practices.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    edition: Mapped[int]
    text: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    is_minor: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[Moment] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
