"""Reads of meetings: those of a space, one of them, who comes; within what the viewer reads."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, contains_eager

from inters4.community.models import (
    ACTIVE_SEATS,
    Meeting,
    MeetingMinutes,
    Seat,
    SeatState,
    Space,
)
from inters4.community.queries.visibility import moderates, readable_space
from inters4.core.access import ANONYMOUS, Viewer
from inters4.core.clock import now
from inters4.core.paging import Page, read_page
from inters4.core.values import dataclass
from inters4.members.models import Member

CALENDAR_PAST = timedelta(days=366)
"""How far back a calendar goes; past that, programs keep what they have taken."""
_CALENDAR_MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatCounts:
    """How many people stand where for one meeting."""

    pending: int = 0
    confirmed: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingLine:
    """A meeting in a list; `own` is where the viewer's registration stands."""

    meeting: Meeting
    seats: SeatCounts
    own: SeatState | None = None

    @property
    def free(self) -> int | None:
        """Seats that are left; None for as many as come."""
        if self.meeting.capacity is None:
            return None
        return max(0, self.meeting.capacity - self.seats.confirmed)


def conducts(viewer: Viewer, meeting: Meeting) -> bool:
    """True when `viewer` sees to this meeting: they moderate the space, or lead the meeting."""
    if moderates(viewer, meeting.space_id):
        return True
    leads = viewer.member_id is not None and meeting.facilitator_id == viewer.member_id
    return leads and meeting.space_id in viewer.spaces


def find_meeting(session: Session, slug: str, public_id: str, *, viewer: Viewer) -> Meeting | None:
    """A meeting of this space, with its space, if `viewer` reads it."""
    return session.scalars(
        _meetings(viewer).where(Space.slug == slug, Meeting.public_id == public_id)
    ).one_or_none()


def load_meeting(session: Session, public_id: str) -> Meeting | None:
    """A meeting with its space, whoever may read it: for the index."""
    return session.scalars(
        select(Meeting)
        .join(Meeting.space)
        .options(contains_eager(Meeting.space))
        .where(Meeting.public_id == public_id)
    ).one_or_none()


def every_public_id(session: Session) -> Iterator[str]:
    """The meetings that the index holds: those that were not cancelled."""
    yield from session.scalars(select(Meeting.public_id).where(Meeting.cancelled_at.is_(None)))


def readable_meetings(
    session: Session, public_ids: Collection[str], *, viewer: Viewer
) -> Sequence[Meeting]:
    """Those of these meetings that `viewer` reads and that stand: one statement."""
    return session.scalars(
        _meetings(viewer).where(Meeting.public_id.in_(public_ids), Meeting.cancelled_at.is_(None))
    ).all()


def public_ids(session: Session) -> Iterator[str]:
    """The meetings that any visitor reads."""
    yield from session.scalars(
        select(Meeting.public_id)
        .join(Meeting.space)
        .where(readable_space(ANONYMOUS), Meeting.cancelled_at.is_(None))
        .order_by(Meeting.id)
    )


def ids_under(session: Session, theme: str) -> Sequence[str]:
    """Public ids of the meetings of spaces classified under a theme, or under one below it."""
    spaces = [
        row.id
        for row in session.execute(select(Space.id, Space.themes))
        if any(own == theme or own.startswith(f"{theme}.") for own in row.themes)
    ]
    return session.scalars(
        select(Meeting.public_id).where(
            Meeting.space_id.in_(spaces), Meeting.cancelled_at.is_(None)
        )
    ).all()


def list_meetings(
    session: Session, space: Space, *, viewer: Viewer, is_past: bool = False, page: int = 1
) -> Page[MeetingLine]:
    """Those to come and under way, the next first; or those that are over, the last first."""
    found = _meetings(viewer).where(Meeting.space_id == space.id)
    if is_past:
        found = found.where(_is_over()).order_by(Meeting.starts_at.desc(), Meeting.id.desc())
    else:
        found = found.where(~_is_over()).order_by(Meeting.starts_at, Meeting.id)
    held = read_page(session, found, page)
    return Page(_lines(session, held.rows, viewer), held.number, held.total)


def next_meetings(
    session: Session, space: Space, *, viewer: Viewer, limit: int = 3
) -> Sequence[MeetingLine]:
    """The next meetings of a space, cancelled ones left out: three statements at most."""
    rows = session.scalars(
        _meetings(viewer)
        .where(Meeting.space_id == space.id, ~_is_over(), Meeting.cancelled_at.is_(None))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(limit)
    ).all()
    return _lines(session, rows, viewer)


def own_meetings(session: Session, viewer: Viewer, *, limit: int = 10) -> Sequence[MeetingLine]:
    """Meetings to come for which `viewer` is registered, in whatever space they still read."""
    rows = session.scalars(
        _meetings(viewer)
        .join(Seat, and_(Seat.meeting_id == Meeting.id, Seat.member_id == viewer.member_id))
        .where(Seat.state.in_(ACTIVE_SEATS), ~_is_over(), Meeting.cancelled_at.is_(None))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(limit)
    ).all()
    return _lines(session, rows, viewer)


def calendar_meetings(session: Session, space: Space, *, viewer: Viewer) -> Sequence[Meeting]:
    """What a calendar of the space shows, cancelled ones included, so that they are struck."""
    return session.scalars(
        _meetings(viewer)
        .where(Meeting.space_id == space.id, Meeting.starts_at > now() - CALENDAR_PAST)
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(_CALENDAR_MOST)
    ).all()


def linked_to(session: Session, meetings: Collection[Meeting], *, viewer: Viewer) -> frozenset[int]:
    """Ids of those whose link `viewer` is told: they have a seat there, or conduct it."""
    if viewer.member_id is None:
        return frozenset()
    seated = session.scalars(
        select(Seat.meeting_id).where(
            Seat.member_id == viewer.member_id,
            Seat.state == SeatState.CONFIRMED,
            Seat.meeting_id.in_([one.id for one in meetings]),
        )
    )
    return frozenset(seated) | {one.id for one in meetings if conducts(viewer, one)}


def line_of(session: Session, meeting: Meeting, *, viewer: Viewer) -> MeetingLine:
    """One meeting with its counts and the viewer's own seat."""
    return _lines(session, [meeting], viewer)[0]


def minutes_of(session: Session, meeting: Meeting) -> MeetingMinutes | None:
    """What was said there."""
    return session.get(MeetingMinutes, meeting.id)


def name_of(session: Session, member_id: int | None) -> str:
    """The name of who leads it; empty for nobody."""
    if member_id is None:
        return ""
    return session.scalar(select(Member.name).where(Member.id == member_id)) or ""


def counts_of(session: Session, meeting_ids: Collection[int]) -> Mapping[int, SeatCounts]:
    """How many stand where, by meeting: one statement."""
    found: dict[int, dict[str, int]] = {}
    rows = session.execute(
        select(Seat.meeting_id, Seat.state, func.count().label("number"))
        .where(Seat.meeting_id.in_(meeting_ids), Seat.state.in_(ACTIVE_SEATS))
        .group_by(Seat.meeting_id, Seat.state)
    )
    for row in rows:
        found.setdefault(row.meeting_id, {})[row.state.value] = row.number
    return {number: SeatCounts(**counts) for number, counts in found.items()}


def _meetings(viewer: Viewer) -> Select[Meeting]:
    return (
        select(Meeting)
        .join(Meeting.space)
        .options(contains_eager(Meeting.space))
        .where(readable_space(viewer))
    )


def _is_over() -> ColumnElement[bool]:
    return Meeting.ends_at <= now()


def _lines(session: Session, rows: Sequence[Meeting], viewer: Viewer) -> list[MeetingLine]:
    if not rows:
        return []
    ids = [one.id for one in rows]
    counts = counts_of(session, ids)
    own: dict[int, SeatState] = {}
    if viewer.member_id is not None:
        seats = session.execute(
            select(Seat.meeting_id, Seat.state).where(
                Seat.meeting_id.in_(ids), Seat.member_id == viewer.member_id
            )
        )
        own = {row.meeting_id: row.state for row in seats}
    return [
        MeetingLine(meeting=one, seats=counts.get(one.id, SeatCounts()), own=own.get(one.id))
        for one in rows
    ]
