"""What things are worth. Every backend scores with these figures; docs/search-engine.md tells why.

BM25F: `said` = TITLE_WEIGHT x (times in the title, diluted) + (times in the text, diluted), where
diluted is divided by 1 - B + B x length / mean length of visible documents; a word then scores
rarity x said x (K1 + 1) / (said + K1).

The figures were chosen on two collections at once, one French (questions to an encyclopaedia), one
English (Medline), so that neither was won at the expense of the other: see bench/relevance.py.
"""

import math

__all__ = [
    "COVERAGE_POWER",
    "K1",
    "RELATIVE_WEIGHT",
    "SYNONYM_WEIGHT",
    "TEXT_B",
    "TITLE_B",
    "TITLE_WEIGHT",
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
SYNONYM_WEIGHT = 0.6
"""What another way to say it counts."""
COVERAGE_POWER = 0.15
"""Among documents holding a part of the words, the score is multiplied by the weight of the words
held, raised to this: 0 forgets it, 1 lets two rare words beat any number of frequent ones."""


def rarity(holders: int, count: int) -> float:
    """The weight of a word that `holders` of the `count` visible documents hold."""
    return math.log(1 + (count - holders + 0.5) / (holders + 0.5))
