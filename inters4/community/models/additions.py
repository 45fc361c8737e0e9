"""What a thread found, proposed to those who carry the sheet that it is about."""

import secrets
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inters4.community.models.threads import Thread
from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey
from inters4.practices.models import Practice


class AdditionState(StrEnum):
    """Where a proposed addition stands."""

    WAITING = "waiting"
    TAKEN = "taken"
    DECLINED = "declined"


_WAITING = "state = 'waiting'"


class SheetAddition(Model):
    """An answer, or the summary of a thread, proposed as an addition to a sheet.

    It keeps no text: those who decide read the post or the summary as it stands, so that what is
    removed, redacted or closed to them is gone from here too. Once taken, the sheet has its copy.

    Attributes:
        public_id: names it in addresses.
        post_id: the answer; None for the summary of the thread.
        reason: why it was declined, told to who proposed it.
    """

    __tablename__ = "sheet_additions"
    __table_args__ = (
        Index(
            "uq_sheet_additions_post",
            "post_id",
            unique=True,
            sqlite_where=text(_WAITING),
            postgresql_where=text(_WAITING),
        ),
        Index(
            "uq_sheet_additions_summary",
            "thread_id",
            unique=True,
            sqlite_where=text(f"{_WAITING} AND post_id IS NULL"),
            postgresql_where=text(f"{_WAITING} AND post_id IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_hex(6))
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"), index=True)
    practice_id: Mapped[str] = mapped_column(
        ForeignKey("practices.id", ondelete="CASCADE"), index=True
    )
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    at: Mapped[Moment] = mapped_column(default=now)
    state: Mapped[AdditionState] = mapped_column(default=AdditionState.WAITING)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    decided_at: Mapped[Moment | None]
    reason: Mapped[str] = mapped_column(default="")

    thread: Mapped[Thread] = relationship(lazy="raise")
    practice: Mapped[Practice] = relationship(lazy="raise")

    @property
    def is_waiting(self) -> bool:
        """True while nobody has decided."""
        return self.state is AdditionState.WAITING
