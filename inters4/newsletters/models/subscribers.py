"""Who receives the infolettres, what they chose, and the proof that they agreed.

An address is confirmed before anything is sent to it, or came in a file whose proof of consent was
declared. What a subscriber did is a list of steps that are only ever added: together they are the
proof of consent. The form of whoever asks changes nothing before its letter is followed.
"""

import secrets
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey, Timestamps, Versioned


class SubscriberState(StrEnum):
    """Where a subscriber stands. Only an active one is written to."""

    TO_CONFIRM = "to-confirm"
    ACTIVE = "active"
    PAUSED = "paused"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    ERASED = "erased"


class Frequency(StrEnum):
    """How often a subscriber wishes to be written to at most, by newsletter."""

    EACH = "each"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class SubscriberTheme(Model):
    """A theme that a subscriber wants first; an id of the vocabulary."""

    __tablename__ = "subscriber_themes"

    subscriber_id: Mapped[int] = mapped_column(
        ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True
    )
    theme: Mapped[str] = mapped_column(primary_key=True, index=True)


class Subscription(Model):
    """A subscriber receives a newsletter; the row stays when they leave it.

    Attributes:
        ended_at: when they left this newsletter, None while they receive it.
    """

    __tablename__ = "subscriptions"

    subscriber_id: Mapped[int] = mapped_column(
        ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True
    )
    newsletter_id: Mapped[str] = mapped_column(
        ForeignKey("newsletters.id"), primary_key=True, index=True
    )
    since: Mapped[Moment] = mapped_column(default=now)
    ended_at: Mapped[Moment | None]


class Subscriber(Versioned, Timestamps, Model):
    """An address that asked for infolettres.

    Attributes:
        public_id: names it in addresses, always signed.
        email: as it was typed; `address` the same normalised, one row an address. Both are None
            once erased.
        member_id: the person registered with this address, when there is one.
        language: of the page where they subscribed, and of what is written to them.
        paused_until: when a pause ends by itself; None with no end.
        confirmed_at: when the address was confirmed; None before.
        key: raised when links sent before must stop naming this subscriber's choices; links that
            unsubscribe do not look at it.
    """

    __tablename__ = "subscribers"
    __table_args__ = (Index("ix_subscribers_state", "state", "language"),)

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_hex(8))
    email: Mapped[str | None]
    address: Mapped[str | None] = mapped_column(unique=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), unique=True)
    language: Mapped[str] = mapped_column(default="fr")
    frequency: Mapped[Frequency] = mapped_column(default=Frequency.EACH)
    state: Mapped[SubscriberState] = mapped_column(default=SubscriberState.TO_CONFIRM)
    paused_until: Mapped[Moment | None] = mapped_column(index=True)
    confirmed_at: Mapped[Moment | None]
    key: Mapped[int] = mapped_column(default=1)

    themes: Mapped[list[SubscriberTheme]] = relationship(lazy="raise", cascade="all, delete-orphan")
    subscriptions: Mapped[list[Subscription]] = relationship(
        lazy="raise", cascade="all, delete-orphan"
    )


class SubscriberStep(Model):
    """One thing that happened to a subscriber; those that gave or took consent are its proof.

    Attributes:
        after: the state it led to.
        text_version: of the words agreed to; empty when the step is no consent.
        text: these words.
        source: the page, the message or the file that it came from.
        network: the truncated address (/24, /48) of the browser; empty when there was none.
        by_id: the member of the team who did it; None for the subscriber, or the portal.
        reason: what is declared (proof of an imported consent), or said by a relay.
        issue_id: the issue by whose link, button or return they left; None for anything else.
    """

    __tablename__ = "subscriber_steps"

    id: Mapped[PrimaryKey]
    subscriber_id: Mapped[int] = mapped_column(
        ForeignKey("subscribers.id", ondelete="CASCADE"), index=True
    )
    before: Mapped[SubscriberState | None]
    after: Mapped[SubscriberState]
    text_version: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    network: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    reason: Mapped[str] = mapped_column(default="")
    issue_id: Mapped[str | None] = mapped_column(ForeignKey("issues.id"), index=True)
    at: Mapped[Moment] = mapped_column(default=now)


class SubscriptionRequest(Model):
    """The form of whoever asked for the infolettre: kept as typed until its letter is followed.

    It is the same for an address that is known and one that is not.

    Attributes:
        public_id: names it in the letter, signed.
        email: as it was typed; `address` the same normalised.
        themes, newsletters: ids that were chosen.
        text_version: of the words beside the box; `text` these words.
        network: the truncated address (/24, /48), for the proof.
        mark: of the network that sent it, to count; tells nobody where it is.
        used_at: when it was confirmed.
    """

    __tablename__ = "subscription_requests"
    __table_args__ = (Index("ix_subscription_requests_mark", "mark", "created_at"),)

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_hex(16))
    email: Mapped[str]
    address: Mapped[str] = mapped_column(index=True)
    language: Mapped[str]
    frequency: Mapped[Frequency]
    themes: Mapped[list[str]] = mapped_column(JSON)
    newsletters: Mapped[list[str]] = mapped_column(JSON)
    text_version: Mapped[str]
    text: Mapped[str]
    source: Mapped[str]
    network: Mapped[str]
    mark: Mapped[str]
    created_at: Mapped[Moment] = mapped_column(default=now, index=True)
    used_at: Mapped[Moment | None]
