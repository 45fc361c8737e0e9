"""What things are worth. Every backend scores with these figures; docs/search-engine.md tells why.

BM25F: `said` = TITLE_WEIGHT x (times in the title, diluted) + (times in the text, diluted), where
diluted is divided by 1 - B + B x length / mean length of visible documents; a word then scores
rarity x said x (K1 + 1) / (said + K1).

The figures were chosen on two collections at once, one French (questions to an encyclopaedia), one
English (Medline), so that neither was won at the expense of the other: see bench/relevance.py.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

__all__ = [
    "ACCENT_WEIGHT",
    "COVERAGE_POWER",
    "K1",
    "KIN_WEIGHT",
    "MUCH",
    "NARROWER_WEIGHT",
    "NEAR_AMONG",
    "NEAR_WEIGHT",
    "RELATIVE_WEIGHT",
    "SYNONYM_WEIGHT",
    "TEXT_B",
    "TITLE_B",
    "TITLE_WEIGHT",
    "much",
    "nearness",
    "rarity",
]

TITLE_WEIGHT = 2.0
"""How much more a word of the title counts (BM25F: before saturation)."""
K1 = 1.8
"""How slowly repeating a word saturates."""
TITLE_B = 0.75
TEXT_B = 0.6
"""How much a long field dilutes its words, from 0 to 1."""

RELATIVE_WEIGHT = 0.85
"""What a word counts in a document that holds only other forms of it than the one typed."""
ACCENT_WEIGHT = 0.5
"""What a word typed with accents counts in a document that holds it only with others."""
SYNONYM_WEIGHT = 0.6
"""What another way to say it counts."""
NARROWER_WEIGHT = 0.3
"""What a term that means something narrower counts."""
COVERAGE_POWER = 0.15
"""Among documents holding a part of the words, the score is multiplied by the weight of the words
held, raised to this: 0 forgets it, 1 lets two rare words beat any number of frequent ones."""

MUCH = 0.7
"""See `much`: what stands with a frequent word only says little of it."""
KIN_WEIGHT = 0.7
"""What words of the same family (`évaluer`, `évaluation`) count, all taken as one, where the word
itself counts less. They raise documents found by other words, and find none by themselves."""
NEAR_WEIGHT = 0.5
"""What words close to one another in a text are worth: see `nearness`."""
NEAR_AMONG = 100
"""Nearness is looked at in this many of the best documents."""


def much(count: int) -> float:
    """What words must weigh together, among `count` documents, to say a lot.

    A little less than one word that a single document holds.
    """
    return MUCH * math.log(1 + max(1, count))


def rarity(holders: int, count: int) -> float:
    """The weight of a word that `holders` of the `count` visible documents hold."""
    return math.log(1 + (count - holders + 0.5) / (holders + 0.5))


def nearness(places: Sequence[tuple[int, int]], rarities: Sequence[float]) -> float:
    """What the words of a query are worth for standing close together in one field of a document.

    `places` are the positions of all words, ascending, each with the number of its word;
    `rarities` are the weights of the words. Two neighbours, `distance` apart, lend each other their
    weight divided by that distance; a word is then worth its weight times what it was lent, which
    saturates (Büttcher, Clarke and Lushman, 2006, with distances that fade more slowly).
    """
    lent = [0.0] * len(rarities)
    for (place, word), (next_place, other) in pairwise(places):
        if word != other:
            distance = max(1, next_place - place)
            lent[word] += rarities[other] / distance
            lent[other] += rarities[word] / distance
    mean = sum(rarities) / len(rarities)
    worth = sum(
        weight * given / (given + mean) for weight, given in zip(rarities, lent, strict=True)
    )
    return NEAR_WEIGHT * worth
