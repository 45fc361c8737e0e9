"""What meetings keep of somebody who is erased: nothing that names them."""

from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from inters4.community.models import Meeting, MeetingMinutes, Seat, Space
from inters4.community.services.forgetting import hold_spaces_of
from inters4.community.services.meetings.seating import release_seats


def forget_attendee(session: Session, member_id: int) -> None:
    """Free their seats, then take their name off every meeting."""
    hold_spaces_of(session, member_id)
    held = (
        select(Meeting.space_id)
        .join(Seat, Seat.meeting_id == Meeting.id)
        .where(Seat.member_id == member_id)
    )
    spaces = session.scalars(select(Space).where(Space.id.in_(held)).order_by(Space.id)).all()
    for space in spaces:
        release_seats(session, space=space, member_id=member_id)
    session.execute(delete(Seat).where(Seat.member_id == member_id))
    led = or_(Meeting.facilitator_id == member_id, Meeting.author_id == member_id)
    for meeting in session.scalars(select(Meeting).where(led)):
        if meeting.facilitator_id == member_id:
            meeting.facilitator_id = None
        if meeting.author_id == member_id:
            meeting.author_id = None
    for minutes in session.scalars(select(MeetingMinutes).where(MeetingMinutes.by_id == member_id)):
        minutes.by_id = None
    session.flush()


def purge_seats(session: Session, before: datetime) -> int:
    """Forget who came to meetings that ended before that instant; how many rows there were."""
    old = select(Meeting.id).where(Meeting.ends_at < before)
    statement = delete(Seat).where(Seat.meeting_id.in_(old)).returning(Seat.meeting_id)
    return len(session.scalars(statement.execution_options(synchronize_session=False)).all())
