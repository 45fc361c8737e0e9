"""Steps between spellings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.words.distance import cost_of, distance, neighbours


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [
        ("soin", "soin", 0),
        ("soin", "soins", 1),
        ("soin", "sion", 1),
        ("soin", "soir", 1),
        ("depistage", "deipstgae", 2),
        ("chat", "chien", 3),
        ("", "abc", 3),
    ],
)
def test_a_step_adds_drops_changes_or_swaps(one: str, other: str, steps: int) -> None:
    assert distance(one, other, most=2) == steps
    assert distance(other, one, most=2) == steps


@given(st.text(alphabet="abc", min_size=1, max_size=6))
def test_neighbours_are_one_step_away(form: str) -> None:
    for near in neighbours(form):
        assert distance(form, near, most=1) <= 1


@given(st.text(alphabet="abc", max_size=5), st.text(alphabet="abc", max_size=5))
def test_whatever_is_one_step_away_is_a_neighbour(one: str, other: str) -> None:
    is_near = distance(one, other, most=1) == 1

    assert is_near == (other in set(neighbours(one)) and other != one)


def test_slips_that_can_be_made_in_few_ways_cost_less() -> None:
    costs = [
        cost_of(typed, "depistage")
        for typed in ("depisttage", "dpistage", "depiqtage", "depistoge", "tepistage")
    ]

    assert cost_of("deipstage", "depistage") == costs[0]
    assert costs == sorted(set(costs))
