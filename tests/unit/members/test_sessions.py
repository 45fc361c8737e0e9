"""What is kept of a browser, and how long its session lasts."""

from datetime import UTC, datetime, timedelta

import pytest

from inters4.members.models import MemberSession, normalise_email
from inters4.members.services.sessions import shortened, summary

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        (SAFARI, "Safari, iOS"),
        (EDGE, "Edge, Windows"),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_in_two_words(agent: str, words: str) -> None:
    assert summary(agent) == words


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1::/48"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_an_address_is_cut_short(address: str, kept: str) -> None:
    assert shortened(address) == kept


def a_session(*, is_remembered: bool = False, lasts: timedelta) -> MemberSession:
    return MemberSession(last_seen_at=NOON, expires_at=NOON + lasts, is_remembered=is_remembered)


def test_a_session_left_alone_is_over_before_its_absolute_limit() -> None:
    session = a_session(lasts=timedelta(hours=12))

    assert session.is_live(NOON + timedelta(hours=1, minutes=59))
    assert not session.is_live(NOON + timedelta(hours=2))


def test_a_session_is_over_at_its_absolute_limit_whatever_is_done() -> None:
    session = a_session(lasts=timedelta(minutes=10))

    assert session.is_live(NOON + timedelta(minutes=9))
    assert not session.is_live(NOON + timedelta(minutes=10))


def test_a_remembered_session_may_be_left_alone_for_weeks() -> None:
    session = a_session(is_remembered=True, lasts=timedelta(days=90))

    assert session.is_live(NOON + timedelta(days=29))
    assert not session.is_live(NOON + timedelta(days=30))


def test_a_revoked_session_is_over() -> None:
    session = a_session(lasts=timedelta(hours=12))
    session.revoked_at = NOON

    assert not session.is_live(NOON + timedelta(minutes=1))


def test_an_address_has_one_spelling() -> None:
    assert normalise_email("  Ariane.Belanger@CISSS.Exemple.CA ") == (
        "ariane.belanger@cisss.exemple.ca"
    )
