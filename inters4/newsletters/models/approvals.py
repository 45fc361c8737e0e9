"""Who was asked to approve an issue, what they decided, and every step of its life."""

from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey
from inters4.newsletters.models.issues import IssueState


class ApprovalDecision(StrEnum):
    """How a request for approval ended."""

    APPROVED = "approved"
    RETURNED = "returned"
    RELEASED = "released"
    OVERTAKEN = "overtaken"


class IssueApproval(Model):
    """One request: a person and a deputy are asked to read the very message.

    Attributes:
        approver_id, deputy_id: either decides; never who wrote a word of it.
        asked_by_id: who asked.
        content: digest of the message that was shown; what is approved is this and nothing else.
        send_at: the hour that was at stake when it was asked.
        remind_at, escalate_at: when the two are reminded, then the coordination told.
        reminded_at, escalated_at: when it was done.
        decision: None while it waits; overtaken when the message changed meanwhile.
        reason: why it was returned, or released by the coordination alone.
    """

    __tablename__ = "issue_approvals"

    id: Mapped[PrimaryKey]
    issue_id: Mapped[str] = mapped_column(ForeignKey("issues.id"), index=True)
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    asked_at: Mapped[Moment] = mapped_column(default=now)
    content: Mapped[str]
    send_at: Mapped[Moment | None]
    remind_at: Mapped[Moment | None] = mapped_column(index=True)
    escalate_at: Mapped[Moment | None] = mapped_column(index=True)
    reminded_at: Mapped[Moment | None]
    escalated_at: Mapped[Moment | None]
    decision: Mapped[ApprovalDecision | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    decided_at: Mapped[Moment | None]
    reason: Mapped[str] = mapped_column(default="")


class IssueStep(Model):
    """One move of an issue from a state to another, or a word on it; `by_id` None: the portal."""

    __tablename__ = "issue_steps"

    id: Mapped[PrimaryKey]
    issue_id: Mapped[str] = mapped_column(ForeignKey("issues.id"), index=True)
    before: Mapped[IssueState | None]
    after: Mapped[IssueState]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    at: Mapped[Moment] = mapped_column(default=now)
    reason: Mapped[str] = mapped_column(default="")
