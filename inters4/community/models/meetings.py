"""Meetings of a space, and who comes to them."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy import Connection, ForeignKey, event, select
from sqlalchemy.orm import Mapped, Mapper, Session, mapped_column, relationship

from inters4.community.models.spaces import MEETING_KIND, Space
from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey, Timestamps, Versioned
from inters4.core.outbox import AltersDocuments, DocumentRef, Searchable
from inters4.core.richtext import Profile, Rendered, RichColumns, render, stored

DEFAULT_MINUTES = 120
SEATS_KEPT_DAYS = 3 * 365
"""How long it is known who came: three years of balance sheets."""
_TOP_HEADING = 3
"""Agenda and minutes each stand under a heading of the page."""


class MeetingZone(StrEnum):
    """Where the clock of a meeting is read."""

    QUEBEC = "America/Toronto"
    ILES = "America/Halifax"

    def at(self, moment: datetime) -> datetime:
        """`moment` on this clock."""
        return moment.astimezone(ZoneInfo(self.value))


class SeatState(StrEnum):
    """Where the registration of a person stands."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"


ACTIVE_SEATS = (SeatState.PENDING, SeatState.CONFIRMED, SeatState.WAITING)


class _PostText(RichColumns):
    """Text of people, rendered as they post: links are recognised, nothing has an id."""

    def rendered(self) -> Rendered:
        """What the renderer of today makes of the source."""
        return render(self.source, profile=Profile.POST, top_heading=_TOP_HEADING)

    @property
    def markup(self) -> Markup:
        """The HTML to show."""
        return stored(self.html, renderer=self.renderer, profile=Profile.POST, again=self.rendered)


class Meeting(_PostText, Searchable, Timestamps, Versioned, Model):
    """A meeting; `source` is its agenda.

    Attributes:
        public_id: names it in addresses and in the calendar; it never changes.
        starts_at: the instant; people read it on the clock of `zone`.
        minutes: how long it lasts. ends_at: what follows from it, for lists to compare.
        capacity: seats; None for as many as come.
        is_confirmed_by_hand: a registration waits for who facilitates.
        is_inter: several organisations of the consortium; otherwise one (`intra`).
        link: where one joins from afar; only for those whose seat is confirmed, and who conduct.
        announced_at: when the people of the space were told of it.
        cancelled_for: why, told to those who were coming.
        sequence: raised at each change of when or where, as calendars want it (RFC 5545 3.8.7.4).
    """

    __tablename__ = "meetings"
    document_kind: ClassVar[str] = MEETING_KIND

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_hex(6))
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"), index=True)
    title: Mapped[str]
    starts_at: Mapped[Moment] = mapped_column(index=True)
    zone: Mapped[MeetingZone] = mapped_column(default=MeetingZone.QUEBEC)
    minutes: Mapped[int] = mapped_column(default=DEFAULT_MINUTES)
    ends_at: Mapped[Moment] = mapped_column(index=True)
    place: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    facilitator_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    capacity: Mapped[int | None]
    is_confirmed_by_hand: Mapped[bool] = mapped_column(default=False)
    is_inter: Mapped[bool] = mapped_column(default=True)
    attendance_at: Mapped[Moment | None]
    announced_at: Mapped[Moment | None]
    cancelled_at: Mapped[Moment | None]
    cancelled_for: Mapped[str] = mapped_column(default="")
    reminded_at: Mapped[Moment | None]
    sequence: Mapped[int] = mapped_column(default=0)

    space: Mapped[Space] = relationship(lazy="raise")

    @property
    def document_id(self) -> str:
        """Its name in addresses."""
        return self.public_id

    @property
    def has_started(self) -> bool:
        """True from its first minute on: nobody registers any more."""
        return self.starts_at <= now()

    @property
    def is_to_come(self) -> bool:
        """True while one can still register, or withdraw."""
        return self.cancelled_at is None and not self.has_started


@event.listens_for(Meeting, "before_insert")
@event.listens_for(Meeting, "before_update")
def _keep_its_end(_mapper: Mapper[Any], _connection: Connection, meeting: Meeting) -> None:
    minutes: int | None = meeting.minutes  # None where the default of the column is to come
    meeting.ends_at = meeting.starts_at + timedelta(
        minutes=DEFAULT_MINUTES if minutes is None else minutes
    )


class MeetingMinutes(_PostText, AltersDocuments, Versioned, Model):
    """What was said at a meeting; found by search."""

    __tablename__ = "meeting_minutes"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    at: Mapped[Moment] = mapped_column(default=now, onupdate=now)

    def search_dependents(self, session: Session) -> Iterable[DocumentRef]:
        """The meeting."""
        public_id = session.scalar(select(Meeting.public_id).where(Meeting.id == self.meeting_id))
        return (DocumentRef(MEETING_KIND, public_id),) if public_id else ()


class Seat(Model):
    """The registration of a person for a meeting.

    Attributes:
        asked_at: the order of the waiting list.
        was_present: None until the attendance list says it.
    """

    __tablename__ = "seats"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)
    state: Mapped[SeatState]
    asked_at: Mapped[Moment] = mapped_column(default=now)
    was_present: Mapped[bool | None]
