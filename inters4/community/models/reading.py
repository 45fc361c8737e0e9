"""What each person has read, how closely they follow, and which posts they are to be told of."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from inters4.community.models.spaces import Level
from inters4.core.clock import now
from inters4.core.db import Model, Moment


class SpaceReading(Model):
    """A person in a space.

    Attributes:
        read_seq: every post up to this one of the space counts as read; it only grows.
        level: how they follow the space.
        visited_at: when they last opened something of the space, and `seen_seq` its newest post
            then.
        visited_seq: its newest post when their visit before this one ended: « depuis votre
            dernière visite » starts there.
    """

    __tablename__ = "space_readings"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    space_id: Mapped[int] = mapped_column(
        ForeignKey("spaces.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    read_seq: Mapped[int] = mapped_column(default=0)
    level: Mapped[Level] = mapped_column(default=Level.NORMAL)
    visited_at: Mapped[Moment] = mapped_column(default=now)
    seen_seq: Mapped[int] = mapped_column(default=0)
    visited_seq: Mapped[int] = mapped_column(default=0)


class ThreadReading(Model):
    """A person in a thread.

    Attributes:
        last_number: the highest number they have read; it only grows.
        last_seq: the same post among those of the space, as `Thread.last_seq` counts: a post that
            waited, and comes after others, is news.
        level: how they follow the thread; None follows the space.
    """

    __tablename__ = "thread_readings"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"), primary_key=True, index=True)
    last_number: Mapped[int] = mapped_column(default=0)
    last_seq: Mapped[int] = mapped_column(default=0)
    level: Mapped[Level | None]


class CommunityPreference(Model):
    """What a person wants of the threads where they write.

    Attributes:
        follows_own: a thread where they post becomes followed.
    """

    __tablename__ = "community_preferences"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    follows_own: Mapped[bool] = mapped_column(default=True)


class PostTelling(Model):
    """A post of which people are still to be told; the worker does it."""

    __tablename__ = "post_tellings"

    post_id: Mapped[int] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True
    )
    at: Mapped[Moment] = mapped_column(default=now)
