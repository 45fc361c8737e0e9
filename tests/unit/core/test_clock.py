"""Days are those of Québec, whatever the clock of the machine."""

from datetime import UTC, date, datetime

from inters4.core.clock import day_of, local


def test_a_day_begins_at_midnight_in_quebec() -> None:
    assert day_of(datetime(2026, 1, 15, 4, 59, tzinfo=UTC)) == date(2026, 1, 14)
    assert day_of(datetime(2026, 1, 15, 5, 0, tzinfo=UTC)) == date(2026, 1, 15)
    assert day_of(datetime(2026, 7, 15, 4, 0, tzinfo=UTC)) == date(2026, 7, 15)
    assert day_of(None) is None


def test_clocks_change_on_the_night_of_the_law() -> None:
    shown = [local(datetime(2026, 3, 8, hour, 30, tzinfo=UTC)).hour for hour in (6, 7)]

    assert shown == [1, 3]
