"""What leaves: the frozen message, one row a subscriber, what came back, what was clicked.

A delivery is one row, settled one at a time. `sending` with a lease that ended is the only state
in which nobody knows whether the message left: it leaves again under the same Message-ID.
"""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey
from inters4.veille.models import SummaryState


class DeliveryState(StrEnum):
    """Where one message to one subscriber stands."""

    QUEUED = "queued"
    SENDING = "sending"
    DEFERRED = "deferred"
    SENT = "sent"
    BOUNCED = "bounced"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


UNSETTLED = frozenset({DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.DEFERRED})
"""States from which a message may still leave."""


class Hold(StrEnum):
    """Why an issue waits for a person though its hour has come."""

    LATE = "late"
    INSTANCE = "instance"
    CHANGED = "changed"
    EMPTY = "empty"


CONFIRMED = frozenset({Hold.LATE, Hold.INSTANCE})
"""What a person may pass over; the others are mended first."""


class Pause(StrEnum):
    """Why a sending waits for a person."""

    PERSON = "person"
    REFUSALS = "refusals"
    RELAY = "relay"
    INSTANCE = "instance"


class FrozenIssue(Model):
    """An issue as it leaves: rendered once, the same for all but for the order of its blocks.

    Attributes:
        instance: the installation that froze it.
        content: digest of the message that was approved.
        subject, sender, reply_to, language: of every message of the issue.
        parts: what the message is put together from; `services.freezing` says its shape.
        paused_for: why the sending waits; empty when it does not.
        troubles: how many times in a row the relay was out of reach.
    """

    __tablename__ = "frozen_issues"

    issue_id: Mapped[str] = mapped_column(ForeignKey("issues.id"), primary_key=True)
    frozen_at: Mapped[Moment] = mapped_column(default=now)
    instance: Mapped[str]
    content: Mapped[str]
    subject: Mapped[str]
    sender: Mapped[str]
    reply_to: Mapped[str] = mapped_column(default="")
    language: Mapped[str]
    parts: Mapped[dict[str, Any]] = mapped_column(JSON)
    paused_for: Mapped[str] = mapped_column(default="")
    troubles: Mapped[int] = mapped_column(default=0)


class Delivery(Model):
    """One issue to one subscriber.

    Attributes:
        address: normalised, as it was when the issue was frozen; None once erased.
        domain: of the address, for the rate.
        wanted: the themes that the subscriber wanted first then: the order of the blocks.
        since: ids of the issues that came out since the last one this subscriber received.
        attempts: how many times it was tried; `uncertain` how many of them nobody knows the end of.
        message_id: given with the row, never changed.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("issue_id", "subscriber_id"),
        UniqueConstraint("issue_id", "address"),
        Index("ix_deliveries_due", "issue_id", "state", "not_before", "id"),
    )

    id: Mapped[PrimaryKey]
    issue_id: Mapped[str] = mapped_column(ForeignKey("issues.id"))
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id"), index=True)
    address: Mapped[str | None]
    domain: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="fr")
    wanted: Mapped[list[str]] = mapped_column(JSON, default=list)
    since: Mapped[list[str]] = mapped_column(JSON, default=list)
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    uncertain: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[Moment] = mapped_column(default=now)
    lease_until: Mapped[Moment | None]
    lease_owner: Mapped[str | None]
    message_id: Mapped[str] = mapped_column(unique=True)
    last_error: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[Moment | None]
    settled_at: Mapped[Moment | None]


class BounceKind(StrEnum):
    """What came back."""

    HARD = "hard"
    SOFT = "soft"
    COMPLAINT = "complaint"


class Bounce(Model):
    """One message that came back, or was refused by the relay.

    Attributes:
        status: the enhanced code (RFC 3463), empty when none was given.
        said: the words of the server, cut.
    """

    __tablename__ = "bounces"

    id: Mapped[PrimaryKey]
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"), index=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id"), index=True)
    kind: Mapped[BounceKind]
    status: Mapped[str] = mapped_column(default="")
    said: Mapped[str] = mapped_column(default="")
    at: Mapped[Moment] = mapped_column(default=now)


class IssueLink(Model):
    """A link of a frozen issue; only these are followed by the signed redirects."""

    __tablename__ = "issue_links"
    __table_args__ = (UniqueConstraint("issue_id", "position"),)

    id: Mapped[PrimaryKey]
    issue_id: Mapped[str] = mapped_column(ForeignKey("issues.id"))
    position: Mapped[int]
    item_id: Mapped[int | None] = mapped_column(
        ForeignKey("issue_items.id", ondelete="SET NULL"), index=True
    )
    url: Mapped[str]


class IssueCorrection(Model):
    """Readers of an issue were written to of what became of a summary that they received in it.

    Attributes:
        state: of the summary, as it became.
        letters: how many subscribers were written to, once each.
    """

    __tablename__ = "issue_corrections"

    id: Mapped[PrimaryKey]
    issue_id: Mapped[str] = mapped_column(ForeignKey("issues.id"), index=True)
    summary_id: Mapped[str] = mapped_column(ForeignKey("summaries.id"), index=True)
    state: Mapped[SummaryState]
    at: Mapped[Moment] = mapped_column(default=now)
    letters: Mapped[int]


class LinkDay(Model):
    """How many times a link was followed on a day; who did is not kept."""

    __tablename__ = "link_days"

    link_id: Mapped[int] = mapped_column(
        ForeignKey("issue_links.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    clicks: Mapped[int] = mapped_column(default=0)
