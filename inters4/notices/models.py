"""Notices, what people chose about them, and the mails that carry them.

A notice holds what it is about, never its words: they are read when it is shown or sent, in the
language and with the rights of that moment. Whatever must happen once is a unique constraint.
"""

import secrets
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey
from inters4.core.notices import Channel, NoticeKind

READ_KEPT_DAYS, KEPT_DAYS = 90, 365
MAIL_DELAY = timedelta(minutes=6)
MOST_A_DAY = 20
ABSENT_AFTER = timedelta(days=180)


class Notice(Model):
    """One thing of which one person is told.

    Attributes:
        subject: what it is about, as its kind writes it; never words.
        group_key: notices of one kind and group make one mail.
        once: told once under this name, None when it may be told again.
        channel: how far it goes, settled when it was told: choices and daily limits included.
        digest_id: the digest that took it.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("member_id", "kind", "once"),
        Index("ix_notices_unread", "member_id", "read_at"),
    )

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_hex(8))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    kind: Mapped[str]
    subject: Mapped[str]
    group_key: Mapped[str]
    once: Mapped[str | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    channel: Mapped[Channel]
    created_at: Mapped[Moment] = mapped_column(default=now, index=True)
    read_at: Mapped[Moment | None] = mapped_column(index=True)
    digest_id: Mapped[int | None] = mapped_column(
        ForeignKey("notice_digests.id", ondelete="SET NULL"), index=True
    )


class MailRule(StrEnum):
    """What a person said of mail in general; it rules over each kind."""

    BY_KIND = "by-kind"
    DIGEST_ONLY = "digest-only"
    NEVER = "never"


class Frequency(StrEnum):
    """How often digests leave."""

    DAILY = "daily"
    WEEKLY = "weekly"


class Zone(StrEnum):
    """The clocks of Québec."""

    TORONTO = "America/Toronto"
    HALIFAX = "America/Halifax"


class NoticeSettings(Model):
    """How a person wants to be told. Who has no row has these defaults.

    Attributes:
        hour: local hour of the digest, 0 to 23; `weekday` counts from Monday, 0.
        is_discreet: mails say that something waits, and not what.
        version: how many times the person chose otherwise what they receive by mail; links of mails
            sent before refuse nothing any more.
    """

    __tablename__ = "notice_settings"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    mail: Mapped[MailRule] = mapped_column(default=MailRule.BY_KIND)
    frequency: Mapped[Frequency] = mapped_column(default=Frequency.DAILY)
    hour: Mapped[int] = mapped_column(default=7)
    weekday: Mapped[int] = mapped_column(default=0)
    zone: Mapped[Zone] = mapped_column(default=Zone.TORONTO)
    is_discreet: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=0, server_default="0")
    updated_at: Mapped[Moment] = mapped_column(default=now, onupdate=now)


def default_settings(member_id: int) -> NoticeSettings:
    """The settings of whoever chose nothing, with every field filled."""
    return NoticeSettings(
        member_id=member_id,
        mail=MailRule.BY_KIND,
        frequency=Frequency.DAILY,
        hour=7,
        weekday=0,
        zone=Zone.TORONTO,
        is_discreet=False,
        version=0,
    )


class NoticeChoice(Model):
    """The channel that a person chose for a kind."""

    __tablename__ = "notice_choices"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[Channel]


class NoticeLetter(Model):
    """A mail about a group waits or has left, and the person has not read the group since.

    One row a person and group: the first unread notice makes it, reading takes it away.
    """

    __tablename__ = "notice_letters"
    __table_args__ = (UniqueConstraint("member_id", "kind", "group_key"),)

    id: Mapped[PrimaryKey]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    kind: Mapped[str]
    group_key: Mapped[str]
    mail_id: Mapped[int | None] = mapped_column(index=True)
    created_at: Mapped[Moment] = mapped_column(default=now, index=True)


class NoticeDigest(Model):
    """A digest to make, or made: one a person and period, whoever runs the job and how often.

    Attributes:
        period: the local day on which it leaves.
        due_at: the instant at which that day reaches the hour that the person chose.
        made_at: when it was made; its mail, if anything was still new, is in the queue since.
    """

    __tablename__ = "notice_digests"
    __table_args__ = (
        UniqueConstraint("member_id", "period"),
        Index("ix_notice_digests_due", "made_at", "due_at"),
    )

    id: Mapped[PrimaryKey]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    period: Mapped[date]
    due_at: Mapped[Moment]
    made_at: Mapped[Moment | None]


def next_digest(
    settings: NoticeSettings, *, after: datetime, past: date | None = None
) -> tuple[date, datetime]:
    """The first period whose hour comes after that instant, and later than the day `past`.

    A local hour that does not exist the night clocks go forward is that much later; one that
    comes twice the night they go back is the first: a day has one digest whatever clocks do.
    """
    zone = ZoneInfo(settings.zone.value)
    day = after.astimezone(zone).date() - timedelta(days=1)
    while True:
        is_day = settings.frequency is Frequency.DAILY or day.weekday() == settings.weekday
        if is_day and (past is None or day > past):
            due = datetime.combine(day, time(settings.hour), tzinfo=zone).astimezone(UTC)
            if due > after:
                return day, due
        day += timedelta(days=1)


def channel_for(kind: NoticeKind, settings: NoticeSettings, chosen: Channel | None) -> Channel:
    """How far a notice of this kind goes, by what the person chose."""
    wanted = _wanted(kind, chosen)
    if kind.must_leave or settings.mail is MailRule.BY_KIND:
        return wanted
    if wanted in {Channel.NONE, Channel.IN_APP}:
        return wanted
    if settings.mail is MailRule.DIGEST_ONLY and Channel.DIGEST in kind.channels:
        return Channel.DIGEST
    return without_mail(kind)


def waits_for_digest(kind: NoticeKind, settings: NoticeSettings, chosen: Channel | None) -> bool:
    """True for a letter that no digest can tell: it leaves at the hour of the digest."""
    return (
        settings.mail is MailRule.DIGEST_ONLY
        and not kind.must_leave
        and Channel.DIGEST not in kind.channels
        and _wanted(kind, chosen) is Channel.MAIL
    )


def without_mail(kind: NoticeKind) -> Channel:
    """What is left of a kind when no mail may leave for it."""
    return Channel.IN_APP if Channel.IN_APP in kind.channels else Channel.NONE


def _wanted(kind: NoticeKind, chosen: Channel | None) -> Channel:
    return chosen if chosen in kind.channels else kind.channel
