"""What one reader sees of the index, and the weight of words within it.

Decision: frequencies and average lengths are those of the visible documents. Scores then tell
nothing of what one may not see, and neither deletions nor the way segments were merged change them.
"""

import math
import threading

import numpy as np

from indexer.evaluation.shards import Array, Corpus, Mask

__all__ = ["Sight"]

K1 = 1.2
B = 0.75


class Sight:
    """The visible documents of one revision."""

    def __init__(self, corpus: Corpus, mask: Mask) -> None:
        self.corpus = corpus
        self.mask = mask
        self.count = int(np.count_nonzero(mask))
        self._norms: dict[str, Array] = {}
        self._lock = threading.Lock()

    def score(self, field: str, docs: Array, freqs: Array, *, holders: int) -> Array:
        """BM25 of a term that `holders` visible documents hold, for visible `docs`."""
        return _saturated(freqs, self._norm(field)[docs]) * self.rarity(holders)

    def rarity(self, holders: int) -> float:
        """The weight of a term by how few documents hold it."""
        return math.log(self.count / (holders + 1)) + 1 if self.count else 0.0

    def scores(self, field: str, docs: Array, freqs: Array, rarities: Array) -> Array:
        """The same as `score` for postings of several terms, each with its own rarity."""
        return _saturated(freqs, self._norm(field)[docs]) * rarities

    def _norm(self, field: str) -> Array:
        """By document, how much its length weakens a word: 1 stands for K1."""
        with self._lock:
            found = self._norms.get(field)
            if found is None:
                lengths = self.corpus.lengths(field)
                average = float(lengths[self.mask].sum(dtype=np.int64)) / max(1, self.count)
                shares = lengths / average if average else np.zeros(len(lengths))
                found = self._norms[field] = K1 * ((1 - B) + B * shares)
            return found


def _saturated(freqs: Array, norms: Array) -> Array:
    found: Array = freqs * (K1 + 1) / (freqs + norms)
    return found
