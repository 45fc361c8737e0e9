"""What the words of a query may cost, counted in look-ups: a hostile query is bounded like another.

The dictionary and the index are small and real; what is counted is how often they are asked.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

import pytest

from indexer import SearchRequest, SynonymGroup, Synonyms
from indexer.dictionary import SortedWords, Word
from indexer.query import Leaf, WordLeaf, positive_leaves
from indexer.words import interpret, suggest
from indexer.words.correction import MOST_CORRECTED
from indexer.words.interpretation import MOST_TOLD
from indexer.words.synonyms import MOST_EXPANDED, MOST_SYNONYMS

PUBLIC = frozenset({"public"})
FORMS = sorted(f"gouvernement{letter}{other}" for letter in "abcdefghij" for other in "klmnop")
GROUPS = Synonyms(
    "costs",
    tuple(
        SynonymGroup(tuple(f"sigle{number}x{other}" for other in range(30)))
        for number in range(300)
    ),
)


class CountedWords:
    """Sixty words that everyone may see, and how often they were asked for."""

    def __init__(self) -> None:
        self._words = SortedWords(FORMS, [1] * len(FORMS))
        self.asked = 0

    def knows(self, form: str) -> bool:
        self.asked += 1
        return self._words.knows(form)

    def known_among(self, forms: Iterable[str]) -> list[str]:
        return [form for form in forms if self.knows(form)]

    def spellings(self, form: str) -> Iterator[Word]:
        return takewhile(lambda word: word.form == form, self.words(form))

    def words(self, prefix: str) -> Iterator[Word]:
        self.asked += 1
        return self._words.words(prefix)

    def common(self, prefix: str, *, limit: int) -> Sequence[Word]:
        self.asked += 1
        return self._words.common(prefix, limit=limit)

    def visible_frequency(self, word: Word) -> int:
        self.asked += 1
        return word.frequency


def asked_for(text: str) -> tuple[int, int, list[Leaf]]:
    """Look-ups in the dictionary and in the index, and the leaves that matching will look up."""
    words = CountedWords()
    looked: list[Leaf] = []

    def finds(leaf: Leaf) -> bool:
        looked.append(leaf)
        return False

    def supports(leaf: Leaf, others: Sequence[Leaf]) -> float:
        looked.extend((leaf, *others))
        return 0.0

    request = SearchRequest(text, audiences=PUBLIC, synonyms=GROUPS)
    meant = interpret(request, dictionary=words, finds=finds, supports=supports)
    return words.asked, len(looked), list(positive_leaves(meant.query.root))


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"gouvernemen{number:03}" for number in range(500)),
        " ".join(["gouvernementzz"] * 500),
        " ".join(
            f"gouvernemet{chr(97 + number % 26)}z{chr(97 + number // 26)}" for number in range(500)
        ),
        "-".join(["gouvernementzz"] * 500),
        "gouvernement" * 1_600,
        "é" * 20_000,
    ],
    ids=["numbers", "same", "near", "compound", "run", "accents"],
)
def test_correction_looks_closely_at_few_words(text: str) -> None:
    in_dictionary, in_index, _ = asked_for(text)

    assert in_dictionary <= 1_500 * (MOST_CORRECTED + 1)
    assert in_index <= 501 * 3


def test_synonyms_are_given_to_few_words_and_in_small_number() -> None:
    text = " ".join(f"sigle{number}x1" for number in range(300))

    _, in_index, leaves = asked_for(text)

    expanded = [leaf for leaf in leaves if isinstance(leaf, WordLeaf) and leaf.synonyms]
    assert 0 < len(expanded) <= MOST_EXPANDED
    assert all(len(leaf.synonyms) <= MOST_SYNONYMS for leaf in expanded)
    assert in_index <= 501 + MOST_EXPANDED * MOST_SYNONYMS
    assert MOST_TOLD <= MOST_SYNONYMS


@pytest.mark.parametrize(
    "text", ["gou", "gouvernement " * 5_000 + "gou", "l'" * 9_000, "g-" * 9_000]
)
def test_a_suggestion_asks_little(text: str) -> None:
    words = CountedWords()
    looked: list[Sequence[Leaf]] = []

    def finds(leaves: Sequence[Leaf]) -> bool:
        looked.append(leaves)
        return False

    terms = tuple(f"gouvernement {number}" for number in range(2_000))
    suggest(text, (), dictionary=words, finds=finds, terms=terms, limit=8)

    assert words.asked <= 20
    assert len(looked) <= 30
