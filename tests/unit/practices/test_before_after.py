"""Figures before and after: drawn when they are numbers of the same thing, never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inters4.practices.exports.drawn import BeforeAfter, drawn


@pytest.mark.parametrize(
    ("before", "after", "lengths"),
    [
        ("30", "12", (100.0, 40.0)),
        ("9 %", "1,8 %", (100.0, 20.0)),
        ("9\u00a0%", "1,8 %", (100.0, 20.0)),
        ("64 h", "0", (100.0, 0.0)),
        ("1 000", "2\u00a0000", (50.0, 100.0)),
    ],
)
def test_two_numbers_of_one_unit_are_drawn(
    before: str, after: str, lengths: tuple[float, float]
) -> None:
    assert drawn(before, after) == BeforeAfter(*lengths)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("plus de 7 000", "5 000"),
        ("9 jours", "5 semaines"),
        ("0", "0"),
        ("", "5"),
        ("2019", ""),
        ("entre 3 et 5", "2"),
        ("-4", "5"),
        ("1 00", "5"),
        ("1.5", "2"),
    ],
)
def test_what_is_not_two_numbers_of_one_unit_is_not(before: str, after: str) -> None:
    assert drawn(before, after) is None


@given(st.text(max_size=30), st.text(max_size=30))
def test_whatever_is_written_nothing_passes_the_edge(before: str, after: str) -> None:
    found = drawn(before, after)

    assert found is None or max(found.before, found.after) == 100
