"""Meetings for tests, as their services leave them."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from inters4.community.models import Meeting, Seat, SeatState, Space
from inters4.core.access import Viewer
from inters4.core.clock import now


def make_meeting(
    session: Session,
    space: Space,
    *,
    host: Viewer | None = None,
    agenda: str = "Accueil, puis **bilan** de l’automne.",
    **fields: Any,
) -> Meeting:
    """A meeting in a week, for as many as come, that everyone was told of."""
    meeting = Meeting(
        **{
            "space_id": space.id,
            "space": space,
            "title": "Rencontre du mardi",
            "starts_at": now().replace(second=0, microsecond=0) + timedelta(days=7),
            "minutes": 120,
            "facilitator_id": host.member_id if host else None,
            "author_id": host.member_id if host else None,
            "announced_at": now(),
            **fields,
        }
    )
    meeting.write(agenda)
    session.add(meeting)
    session.flush()
    return meeting


def hold(session: Session, meeting: Meeting, *, hours: int = 3) -> None:
    """Let time pass: the meeting began some hours ago."""
    meeting.starts_at = now().replace(second=0, microsecond=0) - timedelta(hours=hours)
    session.flush()


def give_seat(
    session: Session, meeting: Meeting, who: Viewer, state: SeatState = SeatState.CONFIRMED
) -> Seat:
    """A registration, as it stands."""
    seat = Seat(meeting_id=meeting.id, member_id=who.member_id, state=state)
    session.add(seat)
    session.flush()
    return seat


def state_of(session: Session, meeting: Meeting, who: Viewer) -> SeatState | None:
    """Where the registration of someone stands."""
    session.flush()
    seat = session.get(Seat, (meeting.id, who.member_id), populate_existing=True)
    return seat.state if seat else None
