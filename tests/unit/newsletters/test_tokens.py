"""Signed ends of addresses: each opens what it names, for its own purpose, and nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inters4.core.jobs import jobs
from inters4.newsletters.exports import tokens
from inters4.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings without a database, which no token asks for."""
    key = "a key made for tests, long enough to pass"
    return Settings.from_env({"INTERS4_DATA_DIR": str(tmp_path), "INTERS4_SECRET_KEY": key})


@pytest.fixture(autouse=True)
def _bound(settings: Settings) -> Iterator[None]:
    jobs.bind(settings)
    yield
    jobs.close()


def _end(path: str) -> str:
    return path.rpartition("/")[2]


def test_a_link_names_who_leaves_and_the_issue_that_said_so() -> None:
    token = _end(tokens.leave_path("a1b2", "en-bref-12"))

    assert tokens.read_leaving(token) == tokens.Leaving("a1b2", "en-bref-12")
    assert tokens.read_leaving(_end(tokens.leave_path("a1b2"))) == tokens.Leaving("a1b2")


def test_choices_are_opened_with_the_key_of_their_subscriber() -> None:
    token = _end(tokens.choices_path("a1b2", key=3))

    assert tokens.read_choosing(token) == tokens.Choosing("a1b2", 3)


def test_a_link_of_an_issue_is_named_by_its_place() -> None:
    token = _end(tokens.link_path("en-bref-12", 4))

    assert tokens.read_following(token) == tokens.Following("en-bref-12", 4)


def test_a_token_serves_its_own_purpose_only() -> None:
    confirming = _end(tokens.confirm_path("a1b2"))

    assert tokens.read_confirming(confirming) == "a1b2"
    assert tokens.read_choosing(confirming) is None
    assert tokens.read_leaving(confirming) is None
    assert tokens.read_following(confirming) is None


@pytest.mark.parametrize("token", ["", ".", "..", "a1b2", "a1b2.1.x", "é.ü.ï", "a.b.c.d", "\0.\0."])
def test_what_was_not_signed_here_opens_nothing(token: str) -> None:
    assert tokens.read_leaving(token) is None
    assert tokens.read_choosing(token) is None
    assert tokens.read_confirming(token) is None
    assert tokens.read_following(token) is None
    assert tokens.read_return(token) is None


def test_a_token_altered_by_one_sign_opens_nothing() -> None:
    token = _end(tokens.leave_path("a1b2", "en-bref-12"))

    for place, sign in enumerate(token):
        altered = f"{token[:place]}{'x' if sign != 'x' else 'y'}{token[place + 1 :]}"
        assert tokens.read_leaving(altered) is None or altered == token


def test_another_installation_reads_none_of_them(settings: Settings) -> None:
    token = _end(tokens.leave_path("a1b2"))
    jobs.bind(replace(settings, secret_key="another key, as long as it should be"))

    assert tokens.read_leaving(token) is None


def test_a_message_comes_back_to_an_address_that_names_it_and_proves_it() -> None:
    message_id = "<0123456789abcdef01234567@exemple.ca>"
    address = tokens.return_address("retours@exemple.ca", message_id)

    assert address.startswith("retours+0123456789abcdef01234567-")
    assert address.endswith("@exemple.ca")
    assert len(address.partition("@")[0]) <= 64
    assert tokens.read_return(address) == "0123456789abcdef01234567"
    assert tokens.read_return(address.upper()) == "0123456789abcdef01234567"
    assert tokens.read_return(address.replace("+0", "+1")) is None
