"""What « Mes données » holds of meetings: those for which a person registered, or that they led."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager

from inters4.community.models import Meeting, Seat
from inters4.community.queries.visibility import containers
from inters4.members.queries import load_viewer


def meetings_of(session: Session, member_id: int) -> Iterable[Mapping[str, Any]]:
    """Each registration of a person, with what was noted of their coming; and what they led.

    A meeting of a space that they no longer read keeps its date, not its words.
    """
    seats = {
        seat.meeting_id: seat
        for seat in session.scalars(select(Seat).where(Seat.member_id == member_id))
    }
    rows = session.scalars(
        select(Meeting)
        .join(Meeting.space)
        .options(contains_eager(Meeting.space))
        .where(or_(Meeting.id.in_(seats), Meeting.facilitator_id == member_id))
        .order_by(Meeting.starts_at, Meeting.id)
    )
    readable = containers(session, load_viewer(session, member_id))
    for meeting in rows:
        yield {
            "starts_at": meeting.starts_at.isoformat(),
            "is_led": meeting.facilitator_id == member_id,
            **(_words_of(meeting) if meeting.space_id in readable else {}),
            **_seat_of(seats.get(meeting.id)),
        }


def _words_of(meeting: Meeting) -> dict[str, str]:
    return {"space": meeting.space.name, "meeting": meeting.title}


def _seat_of(seat: Seat | None) -> dict[str, Any]:
    if seat is None:
        return {}
    return {
        "registration": seat.state.value,
        "asked_at": seat.asked_at.isoformat(),
        "was_present": seat.was_present,
    }
