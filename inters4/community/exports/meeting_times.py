"""When a meeting is held, in words: the clock of its zone first, then the other one."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from inters4.community.models import Meeting, MeetingZone
from inters4.core.i18n import LazyText, _, current_locale, format_date, lazy

_SPACE = "\N{NO-BREAK SPACE}"
_DAYS = (
    lazy("lundi"),
    lazy("mardi"),
    lazy("mercredi"),
    lazy("jeudi"),
    lazy("vendredi"),
    lazy("samedi"),
    lazy("dimanche"),
)
ZONES: Mapping[MeetingZone, LazyText] = {
    MeetingZone.QUEBEC: lazy("heure du Québec"),
    MeetingZone.ILES: lazy("heure des Îles-de-la-Madeleine"),
}
"""Whose clock is read, as it follows an hour."""


def day_words(meeting: Meeting) -> str:
    """« mardi 24 novembre 2026 »."""
    there = meeting.zone.at(meeting.starts_at)
    return _("%(weekday)s %(day)s", weekday=_DAYS[there.weekday()], day=format_date(there.date()))


def hour_words(moment: datetime, zone: MeetingZone) -> str:
    """« 13 h 30 »; when the clocks show that hour twice, which of the two it is."""
    there = zone.at(moment)
    hour = clock_words(there)
    if not is_twice(there):
        return hour
    if there.dst():
        return _("%(hour)s à l’heure avancée", hour=hour)
    return _("%(hour)s à l’heure normale", hour=hour)


def clock_words(there: datetime) -> str:
    """« 13 h 30 », as a clock shows it."""
    if current_locale() == "fr":
        return f"{there.hour}{_SPACE}h{_SPACE}{there:%M}"
    return f"{there:%H:%M}"


def span_words(meeting: Meeting) -> str:
    """« de 13 h 30 à 15 h 30, heure du Québec »."""
    return _(
        "de %(start)s à %(end)s, %(zone)s",
        start=hour_words(meeting.starts_at, meeting.zone),
        end=hour_words(meeting.ends_at, meeting.zone),
        zone=ZONES[meeting.zone],
    )


def elsewhere_words(meeting: Meeting) -> str:
    """The same start on the other clock of Québec: « 14 h 30, heure des Îles-de-la-Madeleine »."""
    other = MeetingZone.QUEBEC if meeting.zone is MeetingZone.ILES else MeetingZone.ILES
    hour = hour_words(meeting.starts_at, other)
    day, here = other.at(meeting.starts_at).date(), meeting.zone.at(meeting.starts_at).date()
    if day < here:
        hour = _("%(hour)s la veille", hour=hour)
    elif day > here:
        hour = _("%(hour)s le lendemain", hour=hour)
    return _("%(hour)s, %(zone)s", hour=hour, zone=ZONES[other])


def when_words(meeting: Meeting) -> str:
    """Day, hours and both clocks, in one sentence without its full stop."""
    return _(
        "%(day)s, %(span)s (%(elsewhere)s)",
        day=day_words(meeting),
        span=span_words(meeting),
        elsewhere=elsewhere_words(meeting),
    )


def is_twice(there: datetime) -> bool:
    """True when the clock shows this hour twice that day: it goes back."""
    first, second = there.replace(fold=0), there.replace(fold=1)
    return (first.utcoffset() or _NONE) > (second.utcoffset() or _NONE)


def capital(text: str) -> str:
    """The same words at the start of a sentence; months keep theirs where they have one."""
    return text[:1].upper() + text[1:]


_NONE = timedelta(0)
