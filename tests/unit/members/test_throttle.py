"""How long one waits before trying a password again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from inters4.members.services.throttle import (
    LONGEST_WAIT,
    RecentErrors,
    seconds_to_wait,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
CALM = RecentErrors(last_of_pair=NOON)


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


def test_whoever_guesses_waits_a_minute_at_most() -> None:
    errors = replace(CALM, of_pair=900, of_address=900, of_account=900)

    assert seconds_to_wait(errors, at=NOON) == LONGEST_WAIT == 60


@pytest.mark.parametrize(
    "attack", [{"of_address": 200}, {"of_account": 900}, {"of_portal": 100_000}]
)
def test_an_attack_shrinks_the_errors_allowed_but_never_locks_the_owner_out(
    attack: dict[str, int],
) -> None:
    under_attack = replace(CALM, **attack)  # type: ignore[arg-type]

    assert seconds_to_wait(under_attack, at=NOON) == 0
    assert seconds_to_wait(replace(under_attack, of_pair=1), at=NOON) == 0
    assert seconds_to_wait(replace(under_attack, of_pair=2), at=NOON) == 2
    assert seconds_to_wait(replace(under_attack, of_pair=4, is_familiar=True), at=NOON) == 0
