"""Who wrote, reviewed and published a summary, and each step it took; names and dates are kept."""

import secrets
from enum import StrEnum

from sqlalchemy import ForeignKey
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
