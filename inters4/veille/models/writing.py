"""Who wrote, reviewed and published a summary, and each step it took; names and dates are kept.

A correction waits in a row of its own until someone else has read it: readers see nothing of it.
"""

import secrets
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey
from inters4.veille.models.states import SummaryState


class Opinion(StrEnum):
    """What the second pair of eyes says."""

    READY = "ready"
    REWORK = "rework"


class SummaryReview(Model):
    """A summary shown to someone other than its writer.

    Attributes:
        opinion: None while it is waited for.
        comments: Markdown for whoever wrote.
        withdrawn_at: the writer took it back, or another person reviews in their place.
    """

    __tablename__ = "summary_reviews"

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_hex(6))
    summary_id: Mapped[str] = mapped_column(
        ForeignKey("summaries.id", ondelete="CASCADE"), index=True
    )
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    asked_at: Mapped[Moment] = mapped_column(default=now)
    opinion: Mapped[Opinion | None]
    comments: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[Moment | None]
    withdrawn_at: Mapped[Moment | None]

    @property
    def is_waited_for(self) -> bool:
        """True while the reviewer has not answered and nobody took it back."""
        return self.answered_at is None and self.withdrawn_at is None


class SummaryStep(Model):
    """A summary went from one state to another.

    Attributes:
        before: None when it was begun.
        reason: what was said of it, for a correction, a retraction or a return.
    """

    __tablename__ = "summary_steps"

    id: Mapped[PrimaryKey]
    summary_id: Mapped[str] = mapped_column(
        ForeignKey("summaries.id", ondelete="CASCADE"), index=True
    )
    before: Mapped[SummaryState | None]
    after: Mapped[SummaryState]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[Moment] = mapped_column(default=now)


class SummaryCorrection(Model):
    """What somebody would change in a summary that readers have; one at a time.

    Attributes:
        typed: what the changed fields would hold.
        seen: the mark of each as it was: what changed meanwhile is not written over.
        reason: what readers will read.
        returned_at: when its reader gave it back; None while it waits for one.
    """

    __tablename__ = "summary_corrections"

    summary_id: Mapped[str] = mapped_column(
        ForeignKey("summaries.id", ondelete="CASCADE"), primary_key=True
    )
    typed: Mapped[dict[str, Any]] = mapped_column(JSON)
    seen: Mapped[dict[str, str]] = mapped_column(JSON)
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    at: Mapped[Moment] = mapped_column(default=now)
    returned_at: Mapped[Moment | None]

    @property
    def stamp(self) -> str:
        """Changes each time it is written again."""
        return self.at.isoformat()
