"""Calling a meeting, changing it, cancelling it; those who come are told."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from inters4.community.models import DEFAULT_MINUTES, Meeting, MeetingZone, Space
from inters4.community.queries.meeting_telling import (
    NEW_KIND,
    REMINDER_KIND,
    WAITING_KIND,
    about_meeting,
)
from inters4.community.services.meetings.checks import check_conducts, check_plans, lock_meeting
from inters4.community.services.meetings.seating import promote
from inters4.community.services.meetings.telling import Happening, tell_coming
from inters4.community.services.publishing import lock_space
from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.core.values import dataclass

FARTHEST = timedelta(days=5 * 366)
_OLDEST = timedelta(days=10 * 366)
_SENT_TWICE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a meeting is to be, as its form says it.

    Attributes:
        facilitator_id: who leads it.
        is_past: it was held already, and is written down for its minutes and the balance sheet.
    """

    title: str
    starts_at: datetime
    zone: MeetingZone = MeetingZone.QUEBEC
    minutes: int = DEFAULT_MINUTES
    agenda: str = ""
    place: str = ""
    link: str = ""
    facilitator_id: int | None = None
    capacity: int | None = None
    is_confirmed_by_hand: bool = False
    is_inter: bool = True
    is_past: bool = False


def call_meeting(session: Session, space: Space, plan: Plan, *, by: Viewer) -> Meeting:
    """Call a meeting; the worker tells the people of the space. A form sent twice calls one.

    Raises:
        NotAllowed: `by` does not facilitate, or the space is archived.
        DomainError: the date is past, unless it is said to be, or too far.
        TooLarge, TooIntricate: the agenda.
    """
    space = lock_space(session, space.id)
    check_plans(space, by)
    _check_date(plan)
    if (twin := _just_called(session, space, plan, by=by)) is not None:
        return twin
    meeting = Meeting(space_id=space.id, space=space, author_id=by.member_id, sequence=0)
    if plan.is_past:
        meeting.announced_at = meeting.reminded_at = now()
    _write(meeting, plan)
    session.add(meeting)
    session.flush()
    _note(session, "community.meeting_called", meeting, by=by)
    return meeting


def revise_meeting(
    session: Session, meeting: Meeting, plan: Plan, *, version: int, by: Viewer
) -> None:
    """Change a meeting. Whoever registered is told when it moves, in time or in place.

    Nobody loses a seat when there are fewer: those who have one keep it.

    Raises:
        NotAllowed: `by` does not conduct it, or the space is archived.
        Conflict: someone changed it since `version`; it is cancelled; or it was held, and the
            date would change.
        DomainError: the date.
        TooLarge, TooIntricate: the agenda.
    """
    meeting, space = lock_meeting(session, meeting)
    check_conducts(meeting, space, by)
    if meeting.version != version:
        raise Conflict(
            _("Quelqu’un a modifié cette rencontre pendant que vous l’écriviez."), about="version"
        )
    if meeting.cancelled_at is not None:
        raise Conflict(_("Cette rencontre est annulée."))
    moves = (plan.starts_at, plan.minutes) != (meeting.starts_at, meeting.minutes)
    relocates = (plan.place, plan.link) != (meeting.place, meeting.link)
    was_held = meeting.has_started
    if plan.starts_at != meeting.starts_at:
        if was_held:
            raise DomainError(
                _("Cette rencontre a commencé : sa date ne change plus."), about="jour"
            )
        _check_date(plan)
        meeting.reminded_at = None
    if moves or relocates:
        meeting.sequence += 1
    _write(meeting, plan)
    session.flush()
    if (moves or relocates) and not was_held:
        what = Happening.MOVED if moves else Happening.RELOCATED
        tell_coming(session, meeting, what, but=by.member_id)
    promote(session, meeting)
    _note(session, "community.meeting_revised", meeting, by=by)


def cancel_meeting(session: Session, meeting: Meeting, *, reason: str, by: Viewer) -> None:
    """Cancel what has not begun, and tell whoever was coming why. Twice is once.

    Raises:
        NotAllowed: `by` does not conduct it, or the space is archived.
        Conflict: it has begun.
    """
    meeting, space = lock_meeting(session, meeting)
    check_conducts(meeting, space, by)
    if meeting.cancelled_at is not None:
        return
    if meeting.has_started:
        raise Conflict(_("Cette rencontre a commencé : elle ne peut plus être annulée."))
    _call_off(session, meeting, reason=reason, by=by)


def call_off_coming(session: Session, *, space: Space, reason: str, by: Viewer) -> None:
    """A space closes: what is to come there is cancelled, and whoever was coming is told why."""
    coming = session.scalars(
        select(Meeting)
        .join(Meeting.space)
        .options(contains_eager(Meeting.space))
        .where(
            Meeting.space_id == space.id,
            Meeting.cancelled_at.is_(None),
            Meeting.starts_at > now(),
        )
        .order_by(Meeting.id)
    ).all()
    for meeting in coming:
        locked, _space = lock_meeting(session, meeting)
        if locked.is_to_come:
            _call_off(session, locked, reason=reason, by=by)


def _call_off(session: Session, meeting: Meeting, *, reason: str, by: Viewer) -> None:
    meeting.cancelled_at, meeting.cancelled_for = now(), reason
    meeting.sequence += 1
    session.flush()
    for kind in (NEW_KIND, REMINDER_KIND, WAITING_KIND):
        hooks.notifier.settle(session, kind, subject=about_meeting(meeting))
    tell_coming(session, meeting, Happening.CANCELLED, but=by.member_id)
    _note(session, "community.meeting_cancelled", meeting, by=by)


def _just_called(session: Session, space: Space, plan: Plan, *, by: Viewer) -> Meeting | None:
    """The same meeting, called a moment ago by the same person: the form was sent twice."""
    return session.scalars(
        select(Meeting)
        .join(Meeting.space)
        .options(contains_eager(Meeting.space))
        .where(
            Meeting.space_id == space.id,
            Meeting.author_id == by.member_id,
            Meeting.title == plan.title,
            Meeting.starts_at == plan.starts_at,
            Meeting.cancelled_at.is_(None),
            Meeting.created_at > now() - _SENT_TWICE,
        )
    ).first()


def _check_date(plan: Plan) -> None:
    moment = now()
    if plan.starts_at > moment + FARTHEST or plan.starts_at < moment - _OLDEST:
        raise DomainError(_("Vérifiez l’année de la rencontre."), about="jour")
    if plan.is_past and plan.starts_at > moment:
        raise DomainError(
            _("Cette date est à venir : décochez « Cette rencontre a déjà eu lieu »."),
            about="jour",
        )
    if not plan.is_past and plan.starts_at <= moment:
        raise DomainError(
            _(
                "Cette date est passée. Corrigez-la, ou cochez « Cette rencontre a déjà eu lieu » "
                "pour en garder la trace."
            ),
            about="jour",
        )


def _write(meeting: Meeting, plan: Plan) -> None:
    meeting.title = plan.title
    meeting.starts_at, meeting.zone, meeting.minutes = plan.starts_at, plan.zone, plan.minutes
    meeting.place, meeting.link = plan.place, plan.link
    meeting.facilitator_id = plan.facilitator_id
    meeting.capacity = plan.capacity
    meeting.is_confirmed_by_hand = plan.is_confirmed_by_hand
    meeting.is_inter = plan.is_inter
    meeting.write(plan.agenda)


def _note(session: Session, action: str, meeting: Meeting, *, by: Viewer) -> None:
    audit.record(session, action, by=by, subject=f"rencontre:{meeting.public_id}")
    session.flush()
