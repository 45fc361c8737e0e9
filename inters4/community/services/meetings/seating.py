"""Registering for a meeting, and giving seats: no seat is given twice, none stays empty.

The meeting is locked while seats are counted. Whoever waits was accepted already: a seat that is
freed goes to the first of them at once, in the same transaction.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.community.models import ACTIVE_SEATS, Meeting, Membership, Seat, SeatState, Space
from inters4.community.queries.meetings import conducts
from inters4.community.queries.seats import find_seat
from inters4.community.services.admitting import admit, check_is_open
from inters4.community.services.meetings.checks import (
    check_conducts,
    check_to_come,
    lock_meeting,
)
from inters4.community.services.meetings.telling import (
    Happening,
    forget_notices,
    settle_waiting,
    tell,
    tell_seat_waits,
)
from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, NotAllowed
from inters4.core.i18n import _
from inters4.members.models import Member, MemberState


def register(session: Session, meeting: Meeting, *, by: Viewer) -> SeatState:
    """Ask for a seat: it is given, waits for who conducts, or waits in line. Twice is once.

    Where anyone may come in, registering makes one belong to the space.

    Raises:
        NotAllowed: as `admit` says.
        Conflict: the meeting is cancelled, or has begun.
    """
    if by.member_id is None:
        raise NotAllowed(_("Connectez-vous pour vous inscrire à cette rencontre."))
    meeting, space = lock_meeting(session, meeting)
    seat = session.get(Seat, (meeting.id, by.member_id), populate_existing=True)
    if seat is not None and seat.state in ACTIVE_SEATS:
        return seat.state
    check_to_come(meeting)
    admit(session, space, by=by)
    state = _first_state(session, meeting, by=by)
    if seat is None:
        seat = Seat(meeting_id=meeting.id, member_id=by.member_id, state=state)
        session.add(seat)
    seat.state, seat.asked_at = state, now()
    _note(session, "community.seat_asked", meeting, seat, by=by)
    if state is SeatState.PENDING:
        tell_seat_waits(session, meeting)
    return state


def withdraw(session: Session, meeting: Meeting, *, by: Viewer) -> None:
    """Give one's seat back; who waits first takes it. Twice is once.

    Raises:
        NotAllowed: the space is archived.
        Conflict: the meeting is cancelled, or has begun.
    """
    meeting, space = lock_meeting(session, meeting)
    check_is_open(space)
    if by.member_id is None:
        return
    seat = session.get(Seat, (meeting.id, by.member_id), populate_existing=True)
    if seat is None or seat.state is SeatState.WITHDRAWN:
        return
    check_to_come(meeting)
    _free(session, meeting, seat, by=by)


def confirm(session: Session, meeting: Meeting, public_id: str, *, by: Viewer) -> SeatState:
    """Accept a registration that waits: a seat, or a place in line when none is left.

    Raises:
        NotAllowed: `by` does not conduct it.
        Conflict: the meeting is cancelled or has begun; nothing waits any more.
    """
    meeting, seat = _seat_to_decide(session, meeting, public_id, by=by)
    if seat.state is not SeatState.PENDING:
        raise Conflict(_("Cette inscription n’attend plus de réponse."))
    has_room = free_seats(session, meeting) != 0
    seat.state = SeatState.CONFIRMED if has_room else SeatState.WAITING
    _note(session, "community.seat_confirmed", meeting, seat, by=by)
    what = Happening.CONFIRMED if has_room else Happening.LISTED
    tell(session, meeting, what, [seat.member_id])
    settle_waiting(session, meeting)
    return seat.state


def remove(session: Session, meeting: Meeting, public_id: str, *, by: Viewer) -> None:
    """Take a registration off, whether it was accepted or not, and tell the person.

    Raises:
        NotAllowed: `by` does not conduct it.
        Conflict: the meeting is cancelled or has begun; the person withdrew.
    """
    meeting, seat = _seat_to_decide(session, meeting, public_id, by=by)
    if seat.state is SeatState.WITHDRAWN:
        raise Conflict(_("Cette personne n’est plus inscrite."))
    _free(session, meeting, seat, by=by)
    tell(session, meeting, Happening.REFUSED, [seat.member_id])


def promote(session: Session, meeting: Meeting) -> int:
    """Give the seats that are free to those who wait, the first first; how many were given.

    Whoever left the space, or whose account closed, is passed over. The meeting is locked.
    """
    if not meeting.is_to_come:
        return 0
    session.flush()
    free = free_seats(session, meeting)
    waiting = (
        select(Seat)
        .join(Member, Member.id == Seat.member_id)
        .join(
            Membership,
            (Membership.member_id == Seat.member_id) & (Membership.space_id == meeting.space_id),
        )
        .where(
            Seat.meeting_id == meeting.id,
            Seat.state == SeatState.WAITING,
            Member.state == MemberState.ACTIVE,
        )
        .order_by(Seat.asked_at, Seat.member_id)
    )
    found = session.scalars(waiting if free is None else waiting.limit(free)).all()
    for seat in found:
        seat.state = SeatState.CONFIRMED
    if found:
        tell(session, meeting, Happening.PROMOTED, [seat.member_id for seat in found])
    return len(found)


def free_seats(session: Session, meeting: Meeting) -> int | None:
    """How many seats are left; None for as many as come."""
    if meeting.capacity is None:
        return None
    session.flush()
    taken = session.scalar(
        select(func.count()).where(Seat.meeting_id == meeting.id, Seat.state == SeatState.CONFIRMED)
    )
    return max(0, meeting.capacity - (taken or 0))


def release_seats(session: Session, *, space: Space, member_id: int) -> None:
    """Whoever leaves the space has no seat any more at what is to come there."""
    held = session.execute(
        select(Meeting, Seat)
        .join(Seat, Seat.meeting_id == Meeting.id)
        .where(
            Meeting.space_id == space.id,
            Seat.member_id == member_id,
            Seat.state.in_(ACTIVE_SEATS),
            Meeting.starts_at > now(),
        )
        .order_by(Meeting.id)
    ).all()
    for meeting, seat in held:
        locked, _space = lock_meeting(session, meeting)
        _give_back(session, locked, seat)
    if space.is_private:
        forget_notices(session, space=space, member_id=member_id)


def release_outsiders(session: Session, *, space: Space) -> None:
    """A space turns private: whoever is not one of its people has no seat at what is to come.

    They are told nothing of it any more; whoever waits takes the seats that this frees.
    """
    if not space.is_private:
        return
    belong = select(Membership.member_id).where(Membership.space_id == space.id)
    outside = session.scalars(
        select(Seat.member_id)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .where(
            Meeting.space_id == space.id,
            Meeting.starts_at > now(),
            Seat.state.in_(ACTIVE_SEATS),
            Seat.member_id.not_in(belong),
        )
        .distinct()
        .order_by(Seat.member_id)
    ).all()
    for member_id in outside:
        release_seats(session, space=space, member_id=member_id)


def _first_state(session: Session, meeting: Meeting, *, by: Viewer) -> SeatState:
    if meeting.is_confirmed_by_hand and not conducts(by, meeting):
        return SeatState.PENDING
    return SeatState.CONFIRMED if free_seats(session, meeting) != 0 else SeatState.WAITING


def _seat_to_decide(
    session: Session, meeting: Meeting, public_id: str, *, by: Viewer
) -> tuple[Meeting, Seat]:
    meeting, space = lock_meeting(session, meeting)
    check_conducts(meeting, space, by)
    check_to_come(meeting)
    seat = find_seat(session, meeting, public_id)
    if seat is None:
        raise Conflict(_("Cette personne n’est plus inscrite."))
    session.refresh(seat)
    return meeting, seat


def _free(session: Session, meeting: Meeting, seat: Seat, *, by: Viewer) -> None:
    _give_back(session, meeting, seat)
    _note(session, "community.seat_withdrawn", meeting, seat, by=by)


def _give_back(session: Session, meeting: Meeting, seat: Seat) -> None:
    was = seat.state
    seat.state = SeatState.WITHDRAWN
    session.flush()
    if was is SeatState.CONFIRMED:
        promote(session, meeting)
    if was is SeatState.PENDING:
        settle_waiting(session, meeting)


def _note(session: Session, action: str, meeting: Meeting, seat: Seat, *, by: Viewer) -> None:
    audit.record(
        session,
        action,
        by=by,
        subject=f"rencontre:{meeting.public_id}",
        member=seat.member_id,
        state=seat.state.value,
    )
    session.flush()
