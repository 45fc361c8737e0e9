"""From what a person types, a day and an hour of their clock, to the instant.

When clocks go forward an hour does not exist, when they go back one comes twice: both are told,
neither is guessed.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from inters4.community.exports.meeting_times import ZONES, clock_words, hour_words, is_twice
from inters4.community.models import MeetingZone
from inters4.core.errors import DomainError
from inters4.core.i18n import _, format_date


class NoSuchHour(DomainError):
    """The clocks jump over this hour."""


class TwiceThatDay(DomainError):
    """The clocks show this hour twice; whoever types it must say which."""


def instant_of(
    day: date, hour: time, zone: MeetingZone, *, is_second: bool | None = None
) -> datetime:
    """The instant at which the clock of `zone` shows this day and hour.

    `is_second` says which of the two when the hour comes twice; elsewhere it says nothing.

    Raises:
        NoSuchHour, TwiceThatDay: as their names say.
    """
    typed = datetime.combine(day, hour, tzinfo=ZoneInfo(zone.value))
    instant = typed.astimezone(UTC)
    if zone.at(instant).replace(tzinfo=None) != typed.replace(tzinfo=None):
        raise NoSuchHour(_no_such(day, typed, instant, zone), about="heure")
    if is_twice(typed):
        if is_second is None:
            raise TwiceThatDay(_twice(day, typed), about="passage")
        return typed.replace(fold=int(is_second)).astimezone(UTC)
    return instant


def _no_such(day: date, typed: datetime, instant: datetime, zone: MeetingZone) -> str:
    return _(
        "Le %(day)s, il n’est jamais %(hour)s (%(zone)s) : les horloges avancent d’une heure cette "
        "nuit-là. Choisissez une autre heure, %(after)s par exemple.",
        day=format_date(day),
        hour=clock_words(typed),
        zone=ZONES[zone],
        after=hour_words(instant, zone),
    )


def _twice(day: date, typed: datetime) -> str:
    return _(
        "Le %(day)s, il est deux fois %(hour)s : les horloges reculent d’une heure cette nuit-là. "
        "Dites laquelle des deux.",
        day=format_date(day),
        hour=clock_words(typed),
    )
