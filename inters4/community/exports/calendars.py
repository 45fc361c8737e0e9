"""Meetings for calendar programs: iCalendar (RFC 5545), with the clocks that they need.

The library is read at the first calendar asked for: it costs as much as a good part of the portal.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from inters4.community.exports.meeting_times import elsewhere_words, is_twice
from inters4.community.exports.paths import meeting_path
from inters4.community.models import Meeting, MeetingZone
from inters4.core.i18n import _, current_locale
from inters4.core.richtext import plain_text

if TYPE_CHECKING:
    from icalendar import Event, Timezone

ICALENDAR = "text/calendar"
REFRESH = timedelta(hours=4)
"""How often a program is asked to read a calendar again."""


def write_calendar(
    meetings: Sequence[Meeting],
    *,
    site: str,
    name: str = "",
    linked: Collection[int] = (),
) -> bytes:
    """A calendar of meetings, their space loaded; the same rows give the same bytes.

    `name` makes it one to subscribe to: of a discreet space, which programs then read by
    themselves, it tells when people meet, never what about. `linked` are the ids of meetings whose
    link to join from afar may be told.
    """
    from icalendar import Calendar  # noqa: PLC0415  (dear: see above)

    calendar = Calendar()
    calendar.add("prodid", f"-//InterS4//Communautés//{current_locale().upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
        calendar.add("x-published-ttl", "PT4H")
    for zone in sorted({one.zone for one in meetings}):
        calendar.add_component(_clock(zone, [one for one in meetings if one.zone is zone]))
    for meeting in sorted(meetings, key=lambda one: (one.starts_at, one.public_id)):
        is_told = not name or not meeting.space.is_discreet
        has_link = meeting.id in linked
        calendar.add_component(
            _event(meeting, site=site, link=meeting.link if has_link else "")
            if is_told
            else _bare_event(meeting, site=site)
        )
    return bytes(calendar.to_ical())


def _event(meeting: Meeting, *, site: str, link: str) -> "Event":
    event = _timed(meeting, title=meeting.title, site=site)
    if place := meeting.place or link:
        event.add("location", place)
    event.add("description", _description(meeting, link=link, page=_page(meeting, site=site)))
    return event


def _bare_event(meeting: Meeting, *, site: str) -> "Event":
    """When people meet, and where to read the rest."""
    event = _timed(meeting, title=meeting.space.name, site=site)
    event.add("description", _page(meeting, site=site))
    return event


def _timed(meeting: Meeting, *, title: str, site: str) -> "Event":
    """What every event says."""
    from icalendar import Event  # noqa: PLC0415

    is_off = meeting.cancelled_at is not None
    event = Event()
    event.add("uid", f"rencontre-{meeting.public_id}@{urlsplit(site).hostname or 'inters4'}")
    event.add("dtstamp", meeting.updated_at.replace(microsecond=0))
    event.add("last-modified", meeting.updated_at.replace(microsecond=0))
    event.add("sequence", meeting.sequence)
    event.add("dtstart", _told(meeting.starts_at, meeting.zone))
    event.add("dtend", _told(meeting.ends_at, meeting.zone))
    event.add("summary", _("Annulée : %(title)s", title=title) if is_off else title)
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if is_off else "OPAQUE")
    event.add("url", _page(meeting, site=site))
    event.add("categories", [meeting.space.name])
    return event


def _page(meeting: Meeting, *, site: str) -> str:
    return f"{site}{meeting_path(meeting.space.slug, meeting.public_id)}"


def _told(moment: datetime, zone: MeetingZone) -> datetime:
    """On the clock of the zone, so that it follows it; the second of two like hours, in UTC.

    Programs take an hour that comes twice for the first (RFC 5545, 3.3.5).
    """
    there = zone.at(moment)
    return moment.astimezone(UTC) if there.fold and is_twice(there) else there


def _description(meeting: Meeting, *, link: str, page: str) -> str:
    lines = [_("Communauté : %(space)s", space=meeting.space.name)]
    if meeting.cancelled_for:
        lines.append(_("Motif de l’annulation : %(reason)s", reason=meeting.cancelled_for))
    lines.append(_("Début : %(elsewhere)s", elsewhere=elsewhere_words(meeting)))
    if link:
        lines.append(_("Pour se joindre à distance : %(link)s", link=link))
    if agenda := plain_text(meeting.markup).strip():
        lines += ["", agenda]
    return "\n".join([*lines, "", page])


def _clock(zone: MeetingZone, meetings: Sequence[Meeting]) -> "Timezone":
    """How the clocks of a zone go over the years of these meetings."""
    from icalendar import Timezone  # noqa: PLC0415

    years = [zone.at(one.starts_at).year for one in meetings]
    made = Timezone.from_tzinfo(
        ZoneInfo(zone.value),
        tzid=zone.value,
        first_date=date(min(years) - 1, 1, 1),
        last_date=date(max(years) + 2, 1, 1),
    )
    made.pop("COMMENT", None)
    return made
