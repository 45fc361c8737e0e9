"""Regular expressions that people write never hold the portal."""

from collections.abc import Iterator

import pytest

from inters4.core.patterns import LONGEST_PATTERN, PatternRefused, TooSlow, close, matching

CATASTROPHE = r"^(a+)+$"


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    close()


def test_the_texts_that_match_are_named_by_their_place() -> None:
    assert matching(r"télé(soins|santé)", ["La Télésanté", "Rien", "télésoins"]) == {0, 2}


def test_more_texts_than_a_batch_are_all_tried() -> None:
    texts = ["rien"] * 1_203 + ["chute"]

    assert matching("chutes?", texts) == {1_203}


def test_an_expression_that_never_ends_is_stopped_and_the_next_is_tried() -> None:
    with pytest.raises(TooSlow):
        matching(CATASTROPHE, ["a" * 60 + "!"], seconds=0.3)

    assert matching("b", ["abc"]) == {0}


@pytest.mark.parametrize(
    ("pattern", "place"),
    [("(", 1), ("a)", 2), ("a" * (LONGEST_PATTERN + 1), LONGEST_PATTERN + 1)],
)
def test_what_is_no_expression_is_refused_with_its_place(pattern: str, place: int) -> None:
    with pytest.raises(PatternRefused) as told:
        matching(pattern, ["a"])

    assert told.value.place == place


def test_an_expression_is_tried_even_on_nothing() -> None:
    with pytest.raises(PatternRefused):
        matching("[", [])
