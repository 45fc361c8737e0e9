"""Days of work: the holidays of Québec's public sector, and what is counted with them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from inters4.core.clock import LOCAL_ZONE
from inters4.core.working_days import (
    add_working_days,
    holidays,
    is_working_day,
    working_days_since,
)

FIXED = {(1, 1), (1, 2), (12, 24), (12, 25), (12, 26), (12, 31)}
MOVING = {
    # Good Friday, Easter Monday, patriots, national day, 1 July, labour, thanksgiving.
    2024: {(3, 29), (4, 1), (5, 20), (6, 24), (7, 1), (9, 2), (10, 14)},
    2025: {(4, 18), (4, 21), (5, 19), (6, 24), (7, 1), (9, 1), (10, 13)},
    2026: {(4, 3), (4, 6), (5, 18), (6, 24), (7, 1), (9, 7), (10, 12)},
    2027: {(3, 26), (3, 29), (5, 24), (6, 24), (7, 1), (9, 6), (10, 11)},
    2028: {(4, 14), (4, 17), (5, 22), (6, 24), (7, 1), (9, 4), (10, 9)},
    2029: {(3, 30), (4, 2), (5, 21), (6, 25), (7, 2), (9, 3), (10, 8)},
    2030: {(4, 19), (4, 22), (5, 20), (6, 24), (7, 1), (9, 2), (10, 14)},
    2035: {(3, 23), (3, 26), (5, 21), (6, 25), (7, 2), (9, 3), (10, 8)},
}


@pytest.mark.parametrize("year", sorted(MOVING))
def test_the_holidays_of_a_year_are_those_of_the_law(year: int) -> None:
    assert {(day.month, day.day) for day in holidays(year)} == FIXED | MOVING[year]


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(1961, 4, 2), (1999, 4, 4), (2000, 4, 23), (2008, 3, 23), (2019, 4, 21), (2038, 4, 25)],
)
def test_easter_is_known_whatever_the_year(year: int, month: int, day: int) -> None:
    sunday = date(year, month, day)

    assert {one for one in holidays(year) if abs((one - sunday).days) <= 2} == {
        date.fromordinal(sunday.toordinal() - 2),
        date.fromordinal(sunday.toordinal() + 1),
    }


def test_25_may_a_monday_is_not_the_day_of_patriots() -> None:
    assert date(2026, 5, 18) in holidays(2026)
    assert date(2026, 5, 25) not in holidays(2026)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 22), False),
        (date(2026, 12, 25), False),
        (date(2026, 12, 28), True),
        (date(2027, 1, 1), False),
        (date(2029, 6, 25), False),
        (date(2029, 7, 2), False),
        (date(2026, 11, 11), True),
    ],
)
def test_a_day_of_work_is_neither_a_weekend_nor_a_holiday(day: date, works: bool) -> None:
    assert is_working_day(day) is works


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 11, 20), 2, date(2026, 11, 24)),
        (date(2026, 12, 23), 1, date(2026, 12, 28)),
        (date(2026, 12, 23), 5, date(2027, 1, 5)),
        (date(2026, 4, 2), 1, date(2026, 4, 7)),
        (date(2026, 11, 22), 0, date(2026, 11, 22)),
    ],
)
def test_days_of_work_are_added_over_holidays(start: date, count: int, end: date) -> None:
    assert add_working_days(start, count) == end


def test_what_was_asked_before_christmas_is_not_late_after_it() -> None:
    asked = datetime(2026, 12, 23, 10, tzinfo=LOCAL_ZONE)

    assert working_days_since(asked, datetime(2026, 12, 27, 10, tzinfo=LOCAL_ZONE)) == 0
    assert working_days_since(asked, datetime(2026, 12, 28, 10, tzinfo=LOCAL_ZONE)) == 1
    assert working_days_since(asked, datetime(2027, 1, 5, 10, tzinfo=LOCAL_ZONE)) == 5
    assert working_days_since(asked, asked) == 0


def test_a_day_counts_once_it_is_whole_by_the_clocks_of_quebec() -> None:
    asked = datetime(2026, 11, 23, 20, 0, tzinfo=LOCAL_ZONE)

    assert working_days_since(asked, datetime(2026, 11, 25, 0, 59, tzinfo=UTC)) == 0
    assert working_days_since(asked, datetime(2026, 11, 25, 1, 0, tzinfo=UTC)) == 1


@pytest.mark.parametrize("month", [11, 12])
def test_what_came_first_is_never_the_younger(month: int) -> None:
    """Weekends, Christmas and the night when clocks go back, hour by hour."""
    hours = [datetime(2026, month, 1, tzinfo=LOCAL_ZONE) + timedelta(hours=n) for n in range(700)]
    seen = hours[-1]

    ages = [working_days_since(start, seen) for start in hours]

    assert ages == sorted(ages, reverse=True)
    assert [working_days_since(hours[0], at) for at in hours] == sorted(
        working_days_since(hours[0], at) for at in hours
    )


@pytest.mark.parametrize("hour", [0, 9, 23])
@pytest.mark.parametrize("day", range(16, 30))
def test_what_waits_is_late_on_the_day_that_pages_promise(day: int, hour: int) -> None:
    asked = datetime(2026, 12, day, hour, 30, tzinfo=LOCAL_ZONE)
    promised = add_working_days(asked.date(), 5)
    night = datetime(promised.year, promised.month, promised.day, tzinfo=LOCAL_ZONE)

    assert working_days_since(asked, night) < 5
    assert working_days_since(asked, night + timedelta(days=1)) == 5
