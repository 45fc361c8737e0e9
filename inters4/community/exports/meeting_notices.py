"""What is told of meetings. Words and rights are read when a notice is shown or sent.

Whoever no longer reads the space is told nothing. In a discreet space neither the title, nor the
agenda, nor the place is said: only that there is a meeting, and when.
"""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.orm import Session

from inters4.community.exports.meeting_times import capital, when_words
from inters4.community.exports.paths import meeting_path
from inters4.community.models import ACTIVE_SEATS, Meeting, SeatState
from inters4.community.queries.leading import facilitators_of
from inters4.community.queries.meeting_telling import (
    MEETING_KIND,
    NEW_KIND,
    REMINDER_KIND,
    WAITING_KIND,
    Meetings,
    awaiting_confirmation,
    meetings_about,
    public_id_in,
)
from inters4.core.access import SPACE_ROLES
from inters4.core.clock import now
from inters4.core.i18n import _
from inters4.core.notices import Channel, Noticed, NoticeKind, Told

_TITLES: Mapping[str, Callable[[str], str]] = {
    "confirmed": lambda title: _("Inscription confirmée : %(title)s", title=title),
    "promoted": lambda title: _("Une place s’est libérée pour vous : %(title)s", title=title),
    "listed": lambda title: _("Inscription acceptée, en liste d’attente : %(title)s", title=title),
    "refused": lambda title: _("Inscription retirée : %(title)s", title=title),
    "moved": lambda title: _("Nouvelle date ou nouvelle heure : %(title)s", title=title),
    "relocated": lambda title: _("Le lieu a changé : %(title)s", title=title),
    "cancelled": lambda title: _("Rencontre annulée : %(title)s", title=title),
    "minutes": lambda title: _("Compte rendu publié : %(title)s", title=title),
}
_SEATS: Mapping[str, tuple[SeatState, ...]] = {
    "confirmed": (SeatState.CONFIRMED,),
    "promoted": (SeatState.CONFIRMED,),
    "listed": (SeatState.WAITING,),
    "refused": (SeatState.WITHDRAWN,),
    "minutes": (SeatState.CONFIRMED,),
}
"""Where the registration stands of whoever is told; any that is not withdrawn, for the rest."""
_TO_PEOPLE = ("confirmed", "promoted", "listed", "refused")
_UNTIL_START = ("confirmed", "promoted", "listed", "moved", "relocated", "refused")


def tell_meetings(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """What happened to a meeting, or to one's registration: three statements."""
    held, found = _read(session, notices), {}
    for one in notices:
        meeting, what = _of(held, one), str(one.facts.get("what", ""))
        if meeting is None or what not in _TITLES:
            continue
        is_led = meeting.facilitator_id == one.member_id and what not in _TO_PEOPLE
        if not is_led and held.seat(meeting, one.member_id) not in _SEATS.get(what, ACTIVE_SEATS):
            continue
        found[one.id] = Told(
            title=_TITLES[what](_name(meeting)),
            text=_text(meeting, what),
            path=_path(meeting),
            is_over=_is_over(meeting, what, int(one.facts.get("sequence", 0))),
        )
    return found


def tell_reminders(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """A meeting is near: three statements."""
    held, found = _read(session, notices), {}
    for one in notices:
        meeting = _of(held, one)
        if meeting is None:
            continue
        is_led = meeting.facilitator_id == one.member_id
        if not is_led and held.seat(meeting, one.member_id) is not SeatState.CONFIRMED:
            continue
        found[one.id] = Told(
            title=_("Rappel de rencontre : %(title)s", title=_name(meeting)),
            text=_when(meeting),
            path=_path(meeting),
            is_over=not meeting.is_to_come,
        )
    return found


def tell_new(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """A meeting was called in a space that one is of: three statements."""
    held, found = _read(session, notices), {}
    for one in notices:
        meeting = _of(held, one)
        if meeting is None:
            continue
        found[one.id] = Told(
            title=_("Nouvelle rencontre : %(title)s", title=_name(meeting)),
            text=_when(meeting),
            path=_path(meeting),
            is_over=not meeting.is_to_come or held.seat(meeting, one.member_id) in ACTIVE_SEATS,
        )
    return found


def tell_waiting(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """Registrations wait for whoever sees to the meeting: five statements."""
    held, found = _read(session, notices), {}
    waiting = awaiting_confirmation(session, {one.id for one in held.by_id.values()})
    leading = facilitators_of(session, {one.space_id for one in held.by_id.values()})
    for one in notices:
        meeting = _of(held, one)
        if meeting is None:
            continue
        leads = one.member_id in leading[meeting.space_id]
        if not leads and meeting.facilitator_id != one.member_id:
            continue
        found[one.id] = Told(
            title=_("Inscriptions à confirmer : %(title)s", title=_name(meeting)),
            text=_when(meeting),
            path=f"{_path(meeting)}/inscriptions",
            is_over=meeting.id not in waiting or not meeting.is_to_come,
        )
    return found


KINDS = (
    NoticeKind(
        name=MEETING_KIND,
        label=lambda: _("Vos inscriptions aux rencontres, et ce qui change d’ici là"),
        group=lambda: _("Communautés de pratique"),
        channel=Channel.MAIL,
        tell=tell_meetings,
        order=48,
    ),
    NoticeKind(
        name=REMINDER_KIND,
        label=lambda: _("Rappels, la veille des rencontres où vous avez une place"),
        group=lambda: _("Communautés de pratique"),
        channel=Channel.MAIL,
        tell=tell_reminders,
        order=49,
    ),
    NoticeKind(
        name=NEW_KIND,
        label=lambda: _("Nouvelles rencontres de vos communautés"),
        group=lambda: _("Communautés de pratique"),
        channel=Channel.DIGEST,
        tell=tell_new,
        order=50,
    ),
    NoticeKind(
        name=WAITING_KIND,
        label=lambda: _("Inscriptions à confirmer aux rencontres que vous animez"),
        group=lambda: _("Ce que vous faites pour d’autres"),
        channel=Channel.MAIL,
        tell=tell_waiting,
        concerns=lambda viewer: viewer.holds_any(*SPACE_ROLES),
        order=34,
    ),
)


def _read(session: Session, notices: Sequence[Noticed]) -> Meetings:
    return meetings_about(
        session, {one.subject for one in notices}, {one.member_id for one in notices}
    )


def _of(held: Meetings, notice: Noticed) -> Meeting | None:
    """The meeting of a notice, if its recipient reads the space now."""
    meeting = held.by_id.get(public_id_in(notice.subject))
    if meeting is None or (meeting.space_id, notice.member_id) not in held.readers:
        return None
    return meeting


def _name(meeting: Meeting) -> str:
    return meeting.space.name if meeting.space.is_discreet else meeting.title


def _when(meeting: Meeting) -> str:
    if meeting.space.is_discreet:
        return _("%(when)s.", when=capital(when_words(meeting)))
    return _(
        "%(when)s. Communauté : %(space)s.",
        when=capital(when_words(meeting)),
        space=meeting.space.name,
    )


def _text(meeting: Meeting, what: str) -> str:
    if what == "cancelled" and meeting.cancelled_for and not meeting.space.is_discreet:
        return _(
            "%(when)s. Motif : %(reason)s",
            when=capital(when_words(meeting)),
            reason=meeting.cancelled_for,
        )
    return _when(meeting)


def _is_over(meeting: Meeting, what: str, sequence: int) -> bool:
    """True of what a later change, a cancellation or the hour has overtaken."""
    if what == "cancelled":
        return meeting.ends_at <= now()
    if what == "minutes":
        return False
    if what in {"moved", "relocated"} and sequence < meeting.sequence:
        return True
    return not meeting.is_to_come if what in _UNTIL_START else False


def _path(meeting: Meeting) -> str:
    return meeting_path(meeting.space.slug, meeting.public_id)
