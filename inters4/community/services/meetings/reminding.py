"""What is told by the hour: new meetings to the people of the space, reminders to who comes."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from inters4.community.models import Meeting, Space, SpaceStage
from inters4.community.services.meetings.telling import announce, remind_of
from inters4.core.clock import now

BEFORE = timedelta(hours=24)
"""How long before its start a meeting is reminded of."""
_AT_A_TIME = 20


def announce_new(session: Session) -> int:
    """Tell of meetings that nobody was told of yet; how many there were. Twice tells once."""
    moment = now()
    found = session.scalars(
        select(Meeting)
        .where(Meeting.announced_at.is_(None))
        .order_by(Meeting.id)
        .limit(_AT_A_TIME)
        .with_for_update(skip_locked=True)
    ).all()
    for meeting in found:
        if meeting.is_to_come:
            announce(session, meeting)
        meeting.announced_at = moment
    session.flush()
    return len(found)


def remind(session: Session) -> int:
    """Remind of what is near; how many meetings there were. Twice reminds once."""
    moment = now()
    found = session.scalars(
        select(Meeting)
        .join(Meeting.space)
        .options(contains_eager(Meeting.space))
        .where(
            Meeting.reminded_at.is_(None),
            Meeting.cancelled_at.is_(None),
            Meeting.starts_at > moment,
            Meeting.starts_at <= moment + BEFORE,
            Space.stage != SpaceStage.CLOSED,
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(_AT_A_TIME)
        .with_for_update(of=Meeting, skip_locked=True)
    ).all()
    for meeting in found:
        remind_of(session, meeting)
        meeting.reminded_at = moment
    session.flush()
    return len(found)
