"""The hour that people type, the instant that it is, and the words that say it."""

from datetime import UTC, date, datetime, time
from itertools import pairwise

import pytest

from inters4.community.exports.meeting_times import (
    capital,
    day_words,
    elsewhere_words,
    hour_words,
    span_words,
)
from inters4.community.models import Meeting, MeetingZone
from inters4.community.services.meetings.clocks import NoSuchHour, TwiceThatDay, instant_of
from inters4.core.i18n import use_locale

QUEBEC, ILES = MeetingZone.QUEBEC, MeetingZone.ILES
SPRING, AUTUMN = date(2027, 3, 14), date(2027, 11, 7)


def meeting_at(moment: datetime, zone: MeetingZone = QUEBEC, minutes: int = 120) -> Meeting:
    from datetime import timedelta

    return Meeting(
        starts_at=moment, zone=zone, minutes=minutes, ends_at=moment + timedelta(minutes=minutes)
    )


@pytest.mark.parametrize(
    ("day", "hour", "zone", "expected"),
    [
        (date(2027, 1, 12), time(13, 30), QUEBEC, datetime(2027, 1, 12, 18, 30, tzinfo=UTC)),
        (date(2027, 7, 12), time(13, 30), QUEBEC, datetime(2027, 7, 12, 17, 30, tzinfo=UTC)),
        (date(2027, 1, 12), time(13, 30), ILES, datetime(2027, 1, 12, 17, 30, tzinfo=UTC)),
        (SPRING, time(1, 59), QUEBEC, datetime(2027, 3, 14, 6, 59, tzinfo=UTC)),
        (SPRING, time(3, 0), QUEBEC, datetime(2027, 3, 14, 7, 0, tzinfo=UTC)),
        (AUTUMN, time(0, 59), QUEBEC, datetime(2027, 11, 7, 4, 59, tzinfo=UTC)),
        (AUTUMN, time(2, 0), QUEBEC, datetime(2027, 11, 7, 7, 0, tzinfo=UTC)),
    ],
)
def test_an_hour_is_read_on_the_clock_of_its_zone(
    day: date, hour: time, zone: MeetingZone, expected: datetime
) -> None:
    assert instant_of(day, hour, zone) == expected


@pytest.mark.parametrize("zone", [QUEBEC, ILES])
@pytest.mark.parametrize("hour", [time(2, 0), time(2, 30), time(2, 59)])
def test_an_hour_that_the_clocks_jump_over_is_refused_and_another_is_offered(
    zone: MeetingZone, hour: time
) -> None:
    with pytest.raises(NoSuchHour) as refused:
        instant_of(SPRING, hour, zone, is_second=True)

    assert refused.value.about == "heure"
    assert "14 mars 2027" in refused.value.message
    assert f"3\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}{hour:%M}" in refused.value.message
    assert f"jamais 2\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}{hour:%M}" in refused.value.message


@pytest.mark.parametrize("zone", [QUEBEC, ILES])
def test_an_hour_that_comes_twice_is_asked_about_and_both_can_be_meant(zone: MeetingZone) -> None:
    with pytest.raises(TwiceThatDay) as refused:
        instant_of(AUTUMN, time(1, 30), zone)
    first, second = (
        instant_of(AUTUMN, time(1, 30), zone, is_second=is_second) for is_second in (False, True)
    )

    assert refused.value.about == "passage"
    assert (second - first).total_seconds() == 3600
    assert hour_words(first, zone).endswith("à l’heure avancée")
    assert hour_words(second, zone).endswith("à l’heure normale")


def test_every_half_hour_of_a_year_is_one_instant_none_or_two() -> None:
    """Read in order, instants only go forward; a jump and a return each lose or gain an hour."""
    counts = {"none": 0, "two": 0}
    found: list[datetime] = []
    for number in range(date(2027, 1, 1).toordinal(), date(2028, 1, 1).toordinal()):
        for half in range(48):
            day, hour = date.fromordinal(number), time(half // 2, 30 * (half % 2))
            try:
                found.append(instant_of(day, hour, QUEBEC))
            except NoSuchHour:
                counts["none"] += 1
            except TwiceThatDay:
                counts["two"] += 1
                found.append(instant_of(day, hour, QUEBEC, is_second=False))

    assert counts == {"none": 2, "two": 2}
    assert all(earlier < later for earlier, later in pairwise(found))


def test_both_clocks_are_said() -> None:
    at_the_iles = meeting_at(datetime(2027, 1, 12, 17, 30, tzinfo=UTC), ILES)
    elsewhere = meeting_at(datetime(2027, 1, 12, 17, 30, tzinfo=UTC), QUEBEC)

    assert day_words(at_the_iles) == "mardi 12 janvier 2027"
    assert span_words(at_the_iles) == (
        "de 13\u00a0h\u00a030 à 15\u00a0h\u00a030, heure des Îles-de-la-Madeleine"
    )
    assert elsewhere_words(at_the_iles) == "12\u00a0h\u00a030, heure du Québec"
    late = meeting_at(datetime(2027, 1, 12, 4, 30, tzinfo=UTC), ILES)
    assert elsewhere_words(late) == "23\u00a0h\u00a030 la veille, heure du Québec"
    assert elsewhere_words(elsewhere) == "13\u00a0h\u00a030, heure des Îles-de-la-Madeleine"


def test_a_meeting_through_the_night_when_clocks_go_back_lasts_what_it_lasts() -> None:
    start = instant_of(AUTUMN, time(0, 30), QUEBEC)

    assert span_words(meeting_at(start, minutes=120)) == (
        "de 0\u00a0h\u00a030 à 1\u00a0h\u00a030 à l’heure normale, heure du Québec"
    )


def test_a_day_that_starts_a_sentence_keeps_the_capital_of_its_month() -> None:
    meeting = meeting_at(datetime(2026, 12, 9, 17, 0, tzinfo=UTC))

    assert capital(day_words(meeting)) == "Mercredi 9 décembre 2026"
    with use_locale("en"):
        assert capital(day_words(meeting)) == "Wednesday, December 9, 2026"
