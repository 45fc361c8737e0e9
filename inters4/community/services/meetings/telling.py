"""Telling people of meetings: who comes, who sees to them, the people of the space."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.models import ACTIVE_SEATS, Meeting, Seat, SeatState, Space
from inters4.community.queries.leading import facilitators_of
from inters4.community.queries.meeting_telling import (
    MEETING_KIND,
    NEW_KIND,
    REMINDER_KIND,
    WAITING_KIND,
    about_meeting,
    listeners_of,
    subjects_in,
)
from inters4.core.hooks import hooks


class Happening(StrEnum):
    """What happens to a meeting, or to a registration."""

    CONFIRMED = "confirmed"
    PROMOTED = "promoted"
    LISTED = "listed"
    REFUSED = "refused"
    MOVED = "moved"
    RELOCATED = "relocated"
    CANCELLED = "cancelled"
    MINUTES = "minutes"


def tell(
    session: Session,
    meeting: Meeting,
    what: Happening,
    people: Iterable[int],
    *,
    is_once: bool = False,
) -> None:
    """Tell `people` what happened; each thing has a mail of its own, read or not the one before."""
    session.flush()
    subject = about_meeting(meeting)
    group = f"{subject}:{what}:{meeting.sequence}"
    hooks.notifier.notify(
        session,
        MEETING_KIND,
        people,
        subject=subject,
        facts={"what": what.value, "sequence": meeting.sequence},
        group=group,
        once=group if is_once else "",
    )


def tell_coming(session: Session, meeting: Meeting, what: Happening, *, but: int | None) -> None:
    """Tell whoever registered, and who leads it, except whoever did it."""
    tell(session, meeting, what, coming(session, meeting) - {but})


def tell_seat_waits(session: Session, meeting: Meeting) -> None:
    """Tell whoever sees to the meeting that a registration waits."""
    session.flush()
    people = set(facilitators_of(session, [meeting.space_id])[meeting.space_id])
    if meeting.facilitator_id is not None:
        people.add(meeting.facilitator_id)
    hooks.notifier.notify(session, WAITING_KIND, people, subject=about_meeting(meeting))


def settle_waiting(session: Session, meeting: Meeting) -> None:
    """No registration waits any more."""
    session.flush()
    left = session.scalar(
        select(Seat.member_id)
        .where(Seat.meeting_id == meeting.id, Seat.state == SeatState.PENDING)
        .limit(1)
    )
    if left is None:
        hooks.notifier.settle(session, WAITING_KIND, subject=about_meeting(meeting))


def forget_notices(session: Session, *, space: Space, member_id: int, **_more: Any) -> None:
    """Someone reads `space` no more: what they were told of its meetings awaits them no more."""
    hooks.notifier.seen(
        session,
        member_id,
        (MEETING_KIND, REMINDER_KIND, NEW_KIND, WAITING_KIND),
        subjects=lambda: subjects_in(space.id),
    )


def announce(session: Session, meeting: Meeting) -> None:
    """Tell the people of the space of a new meeting, but its author."""
    subject = about_meeting(meeting)
    people = listeners_of(session, meeting.space_id) - {meeting.author_id}
    hooks.notifier.notify(session, NEW_KIND, people, subject=subject, once=f"{subject}:new")


def remind_of(session: Session, meeting: Meeting) -> None:
    """Remind whoever has a seat, and who leads it."""
    subject = about_meeting(meeting)
    once = f"{subject}:reminder:{meeting.sequence}"
    people = coming(session, meeting, states=(SeatState.CONFIRMED,))
    hooks.notifier.notify(session, REMINDER_KIND, people, subject=subject, group=once, once=once)


def coming(
    session: Session, meeting: Meeting, *, states: tuple[SeatState, ...] = ACTIVE_SEATS
) -> set[int]:
    """Whoever registered, and who leads it."""
    found = set(
        session.scalars(
            select(Seat.member_id).where(Seat.meeting_id == meeting.id, Seat.state.in_(states))
        )
    )
    return found | ({meeting.facilitator_id} if meeting.facilitator_id is not None else set())
