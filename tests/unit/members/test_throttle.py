"""How long one waits before trying a password again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from inters4.members.services.throttle import (
    LONGEST_WAIT,
    LONGEST_WAIT_OF_AN_ADDRESS,
    RecentErrors,
    seconds_to_wait,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
CALM = RecentErrors(last_of_pair=NOON, last_of_address=NOON)


@pytest.mark.parametrize(
    ("errors", "seconds"), [(0, 0), (4, 0), (5, 2), (6, 4), (9, 32), (40, LONGEST_WAIT)]
)
def test_the_wait_doubles_after_the_errors_one_may_make(errors: int, seconds: int) -> None:
    assert seconds_to_wait(replace(CALM, of_pair=errors), at=NOON) == seconds


def test_the_wait_runs_from_the_last_error() -> None:
    errors = replace(CALM, of_pair=9)

    assert seconds_to_wait(errors, at=NOON + timedelta(seconds=30)) == 2
    assert seconds_to_wait(errors, at=NOON + timedelta(seconds=31, milliseconds=500)) == 1
    assert seconds_to_wait(errors, at=NOON + timedelta(seconds=32)) == 0


def test_an_address_that_tries_many_accounts_waits() -> None:
    errors = replace(CALM, of_address=200)

    assert seconds_to_wait(errors, at=NOON) == LONGEST_WAIT_OF_AN_ADDRESS


def test_a_colleague_behind_the_same_address_who_signed_in_before_does_not_wait() -> None:
    errors = replace(CALM, of_address=200, is_familiar=True)

    assert seconds_to_wait(errors, at=NOON) == 0


@pytest.mark.parametrize("attack", [{"of_account": 900}, {"of_portal": 100_000}])
def test_an_attack_shrinks_the_errors_allowed_but_never_locks_the_owner_out(
    attack: dict[str, int],
) -> None:
    under_attack = replace(CALM, **attack)  # type: ignore[arg-type]

    assert seconds_to_wait(under_attack, at=NOON) == 0
    assert seconds_to_wait(replace(under_attack, of_pair=1), at=NOON) == 0
    assert seconds_to_wait(replace(under_attack, of_pair=2), at=NOON) == 2
    assert seconds_to_wait(replace(under_attack, of_pair=4, is_familiar=True), at=NOON) == 0
