"""Who watches what, and for whom: the watch, its themes and its team.

A watch answers for its criteria: it is reviewed within two years, or it says that it is late.
"""

import secrets
from datetime import date
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey, Timestamps, Versioned

MONTHS_BETWEEN_REVIEWS = 24
"""A watch is reviewed at least this often."""


class Rhythm(StrEnum):
    """How often the team means to sort what came in."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class WatchTheme(Model):
    """A theme that the watch covers; an id of the vocabulary."""

    __tablename__ = "watch_themes"

    watch_id: Mapped[int] = mapped_column(
        ForeignKey("watches.id", ondelete="CASCADE"), primary_key=True
    )
    theme: Mapped[str] = mapped_column(primary_key=True, index=True)
    position: Mapped[int]


class WatchMember(Model):
    """Someone of the team of a watch: told of what goes wrong with its sources."""

    __tablename__ = "watch_members"

    watch_id: Mapped[int] = mapped_column(
        ForeignKey("watches.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)
    joined_at: Mapped[Moment] = mapped_column(default=now)


class Watch(Versioned, Timestamps, Model):
    """A « dispositif de veille »: what is looked for, where, by whom.

    Attributes:
        public_id: names it in addresses; the number never leaves the database.
        purpose: what the watch is for.
        audience: for whom it is done.
        inclusion, exclusion: what is kept, and what is not, in Markdown of one paragraph each.
        languages: ISO codes of what the team reads.
        is_sorted_twice: two people sort each finding apart, a third when they disagree.
        review_on: by when its criteria are reviewed, at most 24 months after `reviewed_on`.
        closed_at: nothing is collected for it any more.
    """

    __tablename__ = "watches"

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_hex(6))
    name: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[str]
    audience: Mapped[str] = mapped_column(default="")
    inclusion: Mapped[str] = mapped_column(default="")
    exclusion: Mapped[str] = mapped_column(default="")
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    rhythm: Mapped[Rhythm] = mapped_column(default=Rhythm.WEEKLY)
    is_sorted_twice: Mapped[bool] = mapped_column(default=False)
    reviewed_on: Mapped[date]
    review_on: Mapped[date]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    closed_at: Mapped[Moment | None]

    themes: Mapped[list[WatchTheme]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by=WatchTheme.position
    )
    team: Mapped[list[WatchMember]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by=WatchMember.joined_at
    )
