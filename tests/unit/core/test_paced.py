"""One network is counted so many times an hour, and nothing tells afterwards which it was."""

from datetime import UTC, datetime, timedelta

import pytest

from inters4.core.web import paced
from inters4.core.web.paced import Pace

NOON = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)


def test_a_network_counts_so_often_for_each_thing() -> None:
    pace = Pace(2)

    assert [pace.admits("192.0.2.1", "a") for _ in range(3)] == [True, True, False]
    assert pace.admits("192.0.2.1", "b")
    assert pace.admits("192.0.2.2", "a")
    assert [pace.admits(f"2001:db8::{n}", "a") for n in (1, 2, 3)] == [True, True, False]


def test_the_next_hour_starts_anew_under_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    pace = Pace(1)
    monkeypatch.setattr(paced, "now", lambda: NOON)
    assert [pace.admits("192.0.2.1", "a") for _ in range(2)] == [True, False]
    before = set(pace._seen)

    monkeypatch.setattr(paced, "now", lambda: NOON + timedelta(hours=1))

    assert [pace.admits("192.0.2.1", "a") for _ in range(2)] == [True, False]
    assert not before & set(pace._seen)
    assert "192.0.2.1" not in str(vars(pace))


def test_what_is_held_at_once_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paced, "MOST_KNOWN", 2)
    pace = Pace(2)

    assert [pace.admits(f"192.0.2.{number}", "a") for number in (1, 2, 3)] == [True, True, False]
    assert pace.admits("192.0.2.1", "a")
    assert len(pace._seen) == 2
