"""When a source is visited next."""

from datetime import UTC, datetime, timedelta

import pytest

from inters4.veille.services.schedule import adapted, asked_minutes, backed_off, next_check

AT = datetime(2026, 11, 22, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "has_news", "ttl", "following"),
    [
        (60, True, None, 60),
        (60, False, None, 75),
        (400, True, None, 200),
        (400, False, None, 500),
        (700, False, None, 720),
        (720, False, None, 720),
        (60, False, 180, 180),
        (60, True, 30, 60),
        (60, True, 99_999, 1_440),
    ],
)
def test_news_hasten_the_next_visit_and_silence_delays_it(
    minutes: int, has_news: bool, ttl: int | None, following: int
) -> None:
    assert adapted(minutes, has_news=has_news, ttl=ttl) == following


def test_the_patience_that_a_feed_asks_is_remembered_while_it_is_not_read_again() -> None:
    asked = adapted(60, has_news=True, ttl=1_440)

    assert adapted(asked, has_news=False) == 1_440
    assert adapted(asked, has_news=True, ttl=60) == 720


def test_failures_double_the_wait_up_to_one_probe_a_day() -> None:
    waits = [backed_off(failures) for failures in range(1, 8)]

    assert waits == [60, 120, 240, 480, 960, 1_440, 1_440]
    assert backed_off(10_000) == 1_440


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({}, 0),
        ({"retry-after": "7200"}, 120),
        ({"retry-after": "Sun, 22 Nov 2026 16:00:00 GMT"}, 60),
        ({"retry-after": "Sun, 22 Nov 2026 11:00:00 -0500"}, 60),
        ({"retry-after": "bientôt"}, 0),
        ({"retry-after": "-5"}, 0),
        ({"retry-after": "9" * 400}, 16_666_666),
        ({"cache-control": "public, max-age=3600"}, 60),
        ({"cache-control": 'Max-Age="3600"', "age": "600"}, 50),
        ({"cache-control": "no-cache, max-age=3600"}, 0),
        ({"expires": "Sun, 22 Nov 2026 17:00:00 GMT"}, 120),
        ({"expires": "0"}, 0),
        ({"expires": "Sat, 21 Nov 2026 17:00:00 GMT"}, 0),
        ({"expires": "Sun, 22 Nov 2026 17:00:00 GMT", "cache-control": "max-age=60"}, 1),
        ({"retry-after": "60", "cache-control": "max-age=7200"}, 120),
    ],
)
def test_what_a_server_asks_is_the_longest_of_what_it_says(
    headers: dict[str, str], minutes: int
) -> None:
    assert asked_minutes(headers, at=AT) == minutes


@pytest.mark.parametrize(
    ("minutes", "asked", "chance", "waited"),
    [
        (60, 0, 0.0, 60),
        (60, 120, 0.0, 120),
        (1, 0, 0.0, 5),
        (60, 99_999, 0.0, 1_440),
        (60, 0, 1.0, 66),
        (1_440, 0, 1.0, 1_440),
    ],
)
def test_the_next_visit_is_between_five_minutes_and_a_day(
    minutes: int, asked: int, chance: float, waited: int
) -> None:
    assert next_check(minutes, at=AT, asked=asked, chance=chance) == AT + timedelta(minutes=waited)
