"""What notices of meetings are about, by name, and the rows that they need."""

from collections.abc import Collection, Mapping

from sqlalchemy import Select, String, literal, select
from sqlalchemy.orm import Session, contains_eager

from inters4.community.models import (
    Level,
    Meeting,
    Membership,
    Seat,
    SeatState,
    SpaceReading,
)
from inters4.community.queries.reading_rights import may_read
from inters4.core.values import dataclass

MEETING_KIND = "community.meeting"
"""What happens to a meeting, or to the registration, of whoever is registered."""
REMINDER_KIND = "community.meeting-reminder"
NEW_KIND = "community.meeting-new"
WAITING_KIND = "community.meeting-seats"
"""Registrations that wait for whoever sees to the meeting."""
_PREFIX = "rencontre:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meetings:
    """The meetings that notices are about, with who may be told.

    Attributes:
        by_id: meetings with their space, by public id.
        readers: pairs (space, person) of those who read the space now.
        seats: where a registration stands, by (meeting, person).
    """

    by_id: Mapping[str, Meeting]
    readers: Collection[tuple[int, int]]
    seats: Mapping[tuple[int, int], SeatState]

    def seat(self, meeting: Meeting, member_id: int) -> SeatState | None:
        """Where the registration of a person stands."""
        return self.seats.get((meeting.id, member_id))


def about_meeting(meeting: Meeting) -> str:
    """The subject of notices about a meeting."""
    return f"{_PREFIX}{meeting.public_id}"


def subjects_in(space_id: int) -> Select[str]:
    """The subjects of notices about the meetings of a space."""
    return select(literal(_PREFIX, String).concat(Meeting.public_id)).where(
        Meeting.space_id == space_id
    )


def meetings_about(
    session: Session, subjects: Collection[str], member_ids: Collection[int]
) -> Meetings:
    """What these notices need: three statements at most."""
    ids = {one.removeprefix(_PREFIX) for one in subjects}
    rows = session.scalars(
        select(Meeting)
        .join(Meeting.space)
        .options(contains_eager(Meeting.space))
        .where(Meeting.public_id.in_(ids))
    ).all()
    seats = session.execute(
        select(Seat.meeting_id, Seat.member_id, Seat.state).where(
            Seat.meeting_id.in_([one.id for one in rows]), Seat.member_id.in_(set(member_ids))
        )
    )
    return Meetings(
        by_id={one.public_id: one for one in rows},
        readers=may_read(session, {one.space for one in rows}, member_ids),
        seats={(row.meeting_id, row.member_id): row.state for row in seats},
    )


def public_id_in(subject: str) -> str:
    """The meeting that a subject names."""
    return subject.removeprefix(_PREFIX)


def listeners_of(session: Session, space_id: int) -> frozenset[int]:
    """The people of a space who did not mute it."""
    return frozenset(
        session.scalars(
            select(Membership.member_id)
            .outerjoin(
                SpaceReading,
                (SpaceReading.space_id == Membership.space_id)
                & (SpaceReading.member_id == Membership.member_id),
            )
            .where(
                Membership.space_id == space_id,
                SpaceReading.level.is_(None) | (SpaceReading.level != Level.MUTED),
            )
        )
    )


def awaiting_confirmation(session: Session, meeting_ids: Collection[int]) -> frozenset[int]:
    """Which of these meetings have registrations to confirm."""
    return frozenset(
        session.scalars(
            select(Seat.meeting_id).where(
                Seat.meeting_id.in_(meeting_ids), Seat.state == SeatState.PENDING
            )
        )
    )
