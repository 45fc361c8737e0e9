"""Families of French words: what `évaluer`, `évaluation` and `évaluatif` have in common.

Snowball goes too far to say what finds what (`organe`, `organisation`), which is why the stemmer is
our own; it is good enough to put documents in order.
"""

from functools import lru_cache

import Stemmer

__all__ = ["beginning_of", "root_of"]

_SHORTEST = 4
_BEGINNING = 2
_SNOWBALL = Stemmer.Stemmer("french", 0)


@lru_cache(maxsize=50_000)
def root_of(stem: str) -> str:
    """The root of the family of a stem of `stem_french`; empty for what has none."""
    if len(stem) < _SHORTEST or not (stem.isascii() and stem.isalpha()):
        return ""
    root: str = _SNOWBALL.stemWord(stem)
    return root if len(root) >= _SHORTEST else ""


def beginning_of(root: str) -> str:
    """The letters that every word of a family begins with (`fréquence` has the root `frequent`)."""
    return root[: max(_SHORTEST, len(root) - _BEGINNING)]
