"""What a meeting leaves behind: who was there, and what was said."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.models import (
    Meeting,
    MeetingMinutes,
    Membership,
    Seat,
    SeatState,
)
from inters4.community.services.detecting import seen_in
from inters4.community.services.meetings.checks import check_conducts, lock_meeting
from inters4.community.services.meetings.telling import Happening, tell_coming
from inters4.community.services.posting import LooksPersonal
from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _
from inters4.members.models import Member, MemberState


def take_attendance(
    session: Session, meeting: Meeting, *, present: Collection[str], by: Viewer
) -> None:
    """Say who was there, by public id, among those who are registered.

    Raises:
        NotAllowed: `by` does not conduct it, or the space is archived.
        Conflict: it is cancelled, or has not begun.
    """
    meeting = _begun(session, meeting, by=by)
    rows = session.execute(
        select(Seat, Member.public_id)
        .join(Member, Member.id == Seat.member_id)
        .where(Seat.meeting_id == meeting.id, Seat.state != SeatState.WITHDRAWN)
    ).all()
    for seat, public_id in rows:
        seat.was_present = public_id in present
    meeting.attendance_at = now()
    _note(session, "community.attendance_taken", meeting, by=by)


def add_attendee(session: Session, meeting: Meeting, public_id: str, *, by: Viewer) -> str:
    """Someone of the space came without registering; their name. Twice is once.

    Raises:
        NotAllowed, Conflict: as for `take_attendance`.
        DomainError: nobody of the space has this public id.
    """
    meeting = _begun(session, meeting, by=by)
    person = session.scalars(
        select(Member)
        .join(Membership, Membership.member_id == Member.id)
        .where(
            Membership.space_id == meeting.space_id,
            Member.public_id == public_id,
            Member.state == MemberState.ACTIVE,
        )
    ).one_or_none()
    if person is None:
        raise DomainError(_("Cette personne ne fait pas partie de l’espace."), about="nom")
    seat = session.get(Seat, (meeting.id, person.id))
    if seat is None:
        seat = Seat(meeting_id=meeting.id, member_id=person.id, state=SeatState.CONFIRMED)
        session.add(seat)
    seat.state, seat.was_present = SeatState.CONFIRMED, True
    _note(session, "community.attendee_added", meeting, by=by)
    return person.name


def write_minutes(
    session: Session,
    meeting: Meeting,
    text: str,
    *,
    version: int,
    by: Viewer,
    is_meant: bool = False,
) -> None:
    """Keep the minutes; the first time, whoever came is told. An empty text takes them away.

    `version` is that of the text that the form showed, 0 for none. `is_meant`: what looks like the
    data of a patient was shown, and is not.

    Raises:
        NotAllowed, Conflict: as for `take_attendance`; or someone wrote them meanwhile.
        LooksPersonal: the text may identify a patient, and nobody said that it does not.
        TooLarge, TooIntricate: the text.
    """
    meeting = _begun(session, meeting, by=by)
    found = session.get(MeetingMinutes, meeting.id, populate_existing=True)
    if (found.version if found else 0) != version:
        raise Conflict(
            _("Quelqu’un a écrit ce compte rendu pendant que vous l’écriviez."),
            about="version",
            theirs=found.source if found else "",
            mine=text,
        )
    if (seen := seen_in(text)) and not is_meant:
        raise LooksPersonal(seen)
    if not text:
        if found is not None:
            session.delete(found)
            _note(session, "community.minutes_removed", meeting, by=by)
        return
    if found is None:
        found = MeetingMinutes(meeting_id=meeting.id, by_id=by.member_id, source="", html="")
        session.add(found)
    found.by_id = by.member_id
    found.write(text)
    _note(session, "community.minutes_written", meeting, by=by)
    if version == 0:
        tell_coming(session, meeting, Happening.MINUTES, but=by.member_id)


def _begun(session: Session, meeting: Meeting, *, by: Viewer) -> Meeting:
    meeting, space = lock_meeting(session, meeting)
    check_conducts(meeting, space, by)
    if meeting.cancelled_at is not None:
        raise Conflict(_("Cette rencontre est annulée."))
    if not meeting.has_started:
        raise Conflict(_("Cette rencontre n’a pas encore commencé."))
    return meeting


def _note(session: Session, action: str, meeting: Meeting, *, by: Viewer) -> None:
    audit.record(session, action, by=by, subject=f"rencontre:{meeting.public_id}")
    session.flush()
