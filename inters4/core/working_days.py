"""Days of work in Québec's public sector: nobody is late on a Sunday, nor at Christmas.

Sources of the holidays, which are computed for any year:

- Loi sur les normes du travail (RLRQ, c. N-1.1), art. 60: 1 January; Good Friday or Easter Monday;
  the Monday before 25 May (Journée nationale des patriotes); 1 July, or 2 July when the 1st is a
  Sunday; the first Monday of September; the second Monday of October; 25 December.
- Loi sur la fête nationale (RLRQ, c. F-1.1), art. 2 and 5: 24 June, or 25 June for those who do not
  work on Sundays when the 24th is one.
- What establishments, universities and ministries close for besides: 2 January, both days of
  Easter, 24, 26 and 31 December.

A collective agreement may move a day that falls on a weekend; such moves are not known here: a
promise then ends a day later than it might have, never earlier than a reader was told.
"""

from datetime import date, datetime, time, timedelta
from functools import cache

from inters4.core.clock import local

_DAY = timedelta(days=1)
_MONDAY, _SATURDAY, _SUNDAY = 0, 5, 6


@cache
def holidays(year: int) -> frozenset[date]:
    """The holidays of a year, those of a weekend included."""
    easter = _easter(year)
    return frozenset(
        {
            date(year, 1, 1),
            date(year, 1, 2),
            easter - 2 * _DAY,
            easter + _DAY,
            _monday_before(date(year, 5, 25)),
            _not_on_sunday(date(year, 6, 24)),
            _not_on_sunday(date(year, 7, 1)),
            _monday_from(date(year, 9, 1)),
            _monday_from(date(year, 10, 8)),
            date(year, 12, 24),
            date(year, 12, 25),
            date(year, 12, 26),
            date(year, 12, 31),
        }
    )


def is_working_day(day: date) -> bool:
    """True of a day of the week that is no holiday."""
    return day.weekday() < _SATURDAY and day not in holidays(day.year)


def add_working_days(day: date, count: int) -> date:
    """The day that comes `count` days of work after `day`."""
    while count > 0:
        day += _DAY
        count -= is_working_day(day)
    return day


def working_days_since(start: datetime, at: datetime) -> int:
    """Whole days of work gone from `start` to `at`, by the clocks of Québec.

    What comes on a day off counts from the last instant of the day of work before it: never as
    older than what came before.
    """
    begun, ended = local(start), local(at)
    while not is_working_day(begun.date()):
        begun = datetime.combine(begun.date() - _DAY, time.max, begun.tzinfo)
    count, day = 0, begun
    while day + _DAY <= ended:
        day += _DAY
        count += is_working_day(day.date())
    return count


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the anonymous algorithm (Meeus, 1991)."""
    cycle = year % 19
    century, rest = divmod(year, 100)
    leaps, left = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * cycle + century - leaps - correction + 15) % 30
    fours, ones = divmod(rest, 4)
    to_sunday = (32 + 2 * left + 2 * fours - epact - ones) % 7
    late = (cycle + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _monday_before(day: date) -> date:
    """The last Monday that comes before `day`, which is not itself."""
    return day - timedelta(days=day.weekday() or 7)


def _monday_from(day: date) -> date:
    """The first Monday from `day` on."""
    return day + timedelta(days=-day.weekday() % 7)


def _not_on_sunday(day: date) -> date:
    return day + _DAY if day.weekday() == _SUNDAY else day
