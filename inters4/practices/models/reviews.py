"""Who judges a sheet before readers see it: two reviewers apart, then its organisations."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey


class Advice(StrEnum):
    """What a reviewer advises."""

    PUBLISH = "publish"
    REWORK = "rework"


class PracticeReview(Model):
    """What one reviewer, from outside the carrying organisations, thinks of a revision.

    Attributes:
        public_id: names it in addresses.
        round: the passage that it judges; a revision sent back starts another.
        is_adjudication: settles the gap between two reviews.
        has_no_interest: the reviewer declares nothing to gain from the rating.
        maturity, evidence_strength: vocabulary ids; empty until it is sent.
        reason: why these ratings.
        comments: Markdown for those who write the sheet.
        declined_at: when the person said that they could not.
    """

    __tablename__ = "practice_reviews"
    __table_args__ = (UniqueConstraint("revision_id", "round", "reviewer_id"),)

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(unique=True)
    revision_id: Mapped[int] = mapped_column(
        ForeignKey("practice_revisions.id", ondelete="CASCADE")
    )
    round: Mapped[int]
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    is_adjudication: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[Moment] = mapped_column(default=now)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    due_on: Mapped[date]
    has_no_interest: Mapped[bool] = mapped_column(default=False)
    advice: Mapped[Advice | None]
    maturity: Mapped[str] = mapped_column(default="")
    evidence_strength: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    comments: Mapped[str] = mapped_column(default="")
    submitted_at: Mapped[Moment | None]
    declined_at: Mapped[Moment | None]

    @property
    def is_waited_for(self) -> bool:
        """True while the reviewer has neither answered nor declined."""
        return self.submitted_at is None and self.declined_at is None


class PracticeApproval(Model):
    """What one carrying organisation says of a revision; silence is no yes.

    Attributes:
        reminded_at: when its signatories were reminded.
        escalated_at: when the coordination was told of their silence.
    """

    __tablename__ = "practice_approvals"

    revision_id: Mapped[int] = mapped_column(
        ForeignKey("practice_revisions.id", ondelete="CASCADE"), primary_key=True
    )
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id"), primary_key=True, index=True
    )
    asked_at: Mapped[Moment] = mapped_column(default=now)
    is_granted: Mapped[bool | None]
    decided_at: Mapped[Moment | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    reason: Mapped[str] = mapped_column(default="")
    reminded_at: Mapped[Moment | None]
    escalated_at: Mapped[Moment | None]
