"""When digests leave: a local hour, whatever clocks do, and one a local day."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inters4.notices.models import (
    Frequency,
    NoticeSettings,
    Zone,
    default_settings,
    next_digest,
)

INSTANTS = st.integers(0, 6 * 366 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def settings(
    hour: int = 7,
    *,
    weekday: int = 0,
    frequency: Frequency = Frequency.DAILY,
    zone: Zone = Zone.TORONTO,
) -> NoticeSettings:
    held = default_settings(1)
    held.hour, held.weekday, held.frequency, held.zone = hour, weekday, frequency, zone
    return held


WISHES = st.builds(
    settings,
    st.integers(0, 23),
    weekday=st.integers(0, 6),
    frequency=st.sampled_from(Frequency),
    zone=st.sampled_from(Zone),
)


@given(WISHES, INSTANTS)
def test_a_digest_leaves_at_the_chosen_hour_of_the_chosen_day(
    held: NoticeSettings, after: datetime
) -> None:
    period, due = next_digest(held, after=after)
    there = due.astimezone(ZoneInfo(held.zone.value))

    assert due > after
    assert due - after <= timedelta(days=8)
    assert there.date() == period
    hour_before_it_jumped = (due - timedelta(hours=1)).astimezone(ZoneInfo(held.zone.value)).hour
    assert there.hour == held.hour or hour_before_it_jumped == held.hour - 1
    if held.frequency is Frequency.WEEKLY:
        assert period.weekday() == held.weekday


@given(WISHES, INSTANTS)
def test_no_day_has_two_digests_and_none_is_skipped(held: NoticeSettings, after: datetime) -> None:
    step = timedelta(days=1 if held.frequency is Frequency.DAILY else 7)
    periods = []
    for _turn in range(12):
        period, after = next_digest(held, after=after)
        periods.append(period)

    assert [later - sooner for sooner, later in pairwise(periods)] == [step] * 11


@given(st.lists(WISHES, min_size=2, max_size=8), INSTANTS)
def test_changing_ones_mind_never_gives_a_day_two_digests(
    minds: list[NoticeSettings], after: datetime
) -> None:
    seen: list[date] = []
    for held in minds:
        period, due = next_digest(held, after=after, past=seen[-1] if seen else None)
        assert not seen or period > seen[-1]
        seen.append(period)
        after = due + timedelta(minutes=3)


@pytest.mark.parametrize(
    ("zone", "after", "due"),
    [
        (Zone.TORONTO, "2026-03-08T05:30", "2026-03-08T07:00"),  # 2:00 is not: 3:00 by the clock
        (Zone.HALIFAX, "2026-03-08T04:30", "2026-03-08T06:00"),
        (Zone.TORONTO, "2026-03-08T07:00", "2026-03-09T06:00"),
    ],
)
def test_the_hour_that_does_not_exist_is_an_hour_later(zone: Zone, after: str, due: str) -> None:
    _period, found = next_digest(settings(2, zone=zone), after=instant(after))

    assert found == instant(due)


@pytest.mark.parametrize(
    ("zone", "after", "due"),
    [
        (Zone.TORONTO, "2026-11-01T04:00", "2026-11-01T05:00"),
        (Zone.TORONTO, "2026-11-01T05:00", "2026-11-02T06:00"),  # 1:00 comes again: once a day
        (Zone.HALIFAX, "2026-11-01T04:00", "2026-11-02T05:00"),
    ],
)
def test_the_hour_that_comes_twice_counts_once(zone: Zone, after: str, due: str) -> None:
    _period, found = next_digest(settings(1, zone=zone), after=instant(after))

    assert found == instant(due)


def test_the_islands_are_told_an_hour_before_the_mainland() -> None:
    after = instant("2026-11-22T00:00")

    assert next_digest(settings(7), after=after)[1] == instant("2026-11-22T12:00")
    assert next_digest(settings(7, zone=Zone.HALIFAX), after=after)[1] == instant(
        "2026-11-22T11:00"
    )


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
