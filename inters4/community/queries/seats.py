"""Reads of who comes to a meeting, and of who may lead it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.models import Meeting, Membership, Seat, SeatState, Space
from inters4.community.queries.moderators import moderators_of
from inters4.community.queries.people import organisations_of
from inters4.core.access import Viewer
from inters4.core.values import dataclass
from inters4.members.models import Member, MemberState

_FOUND_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatLine:
    """One registration, as those who conduct the meeting see it."""

    public_id: str
    name: str
    organisations: str
    state: SeatState
    asked_at: datetime
    was_present: bool | None


@dataclass(frozen=True, slots=True)
class Host:
    """Someone who may lead a meeting."""

    member_id: int
    public_id: str
    name: str


def seats_of(session: Session, meeting: Meeting) -> list[SeatLine]:
    """Every registration, in the order in which it was asked: two statements."""
    rows = session.execute(
        select(Seat, Member.public_id, Member.name)
        .join(Member, Member.id == Seat.member_id)
        .where(Seat.meeting_id == meeting.id)
        .order_by(Seat.asked_at, Seat.member_id)
    ).all()
    places = organisations_of(session, [row.Seat.member_id for row in rows])
    return [
        SeatLine(
            public_id=row.public_id,
            name=row.name,
            organisations="; ".join(places.get(row.Seat.member_id, ())),
            state=row.Seat.state,
            asked_at=row.Seat.asked_at,
            was_present=row.Seat.was_present,
        )
        for row in rows
    ]


def find_seat(session: Session, meeting: Meeting, public_id: str) -> Seat | None:
    """The registration of the person of this public id."""
    return session.scalars(
        select(Seat)
        .join(Member, Member.id == Seat.member_id)
        .where(Seat.meeting_id == meeting.id, Member.public_id == public_id)
    ).one_or_none()


def people_named(session: Session, meeting: Meeting, words: str) -> list[Host]:
    """People of the space, not on the list of the meeting, whose name holds `words`."""
    if not words.strip():
        return []
    listed = select(Seat.member_id).where(
        Seat.meeting_id == meeting.id, Seat.state != SeatState.WITHDRAWN
    )
    rows = session.execute(
        select(Member.id, Member.public_id, Member.name)
        .join(Membership, Membership.member_id == Member.id)
        .where(
            Membership.space_id == meeting.space_id,
            Member.state == MemberState.ACTIVE,
            Member.name.icontains(words.strip(), autoescape=True),
            Member.id.not_in(listed),
        )
        .order_by(Member.name, Member.id)
        .limit(_FOUND_MOST)
    )
    return [Host(*row) for row in rows]


def hosts_of(session: Session, space: Space, *, present: int | None, by: Viewer) -> list[Host]:
    """Who may lead a meeting: whoever facilitates or moderates, `by`, and who leads it now."""
    ids = set(moderators_of(session, [space.id])[space.id])
    ids |= {one for one in (present, by.member_id) if one is not None}
    rows = session.execute(
        select(Member.id, Member.public_id, Member.name)
        .where(Member.id.in_(ids), Member.state == MemberState.ACTIVE)
        .order_by(Member.name, Member.id)
    )
    return [Host(*row) for row in rows]
