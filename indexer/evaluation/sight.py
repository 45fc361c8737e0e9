"""What one reader sees of the index, and the weight of words within it.

Decision: frequencies and average lengths are those of the visible documents. Scores then tell
nothing of what one may not see, and neither deletions nor the way segments were merged change them.
"""

import threading

import numpy as np

from indexer.evaluation.shards import Array, Corpus, Mask
from indexer.query import WordLeaf
from indexer.ranking import K1, TEXT_B, TITLE_B, TITLE_WEIGHT

__all__ = ["TEXT", "TITLE", "Sight"]

TITLE, TEXT = "title", "text"
_WEIGHTS = {TITLE: TITLE_WEIGHT, TEXT: 1.0}
_DILUTIONS = {TITLE: TITLE_B, TEXT: TEXT_B}


class Sight:
    """The visible documents of one revision.

    BM25F: how often a word stands in each field adds up, weighed and diluted by the length of the
    field, before it saturates.
    """

    def __init__(self, corpus: Corpus, mask: Mask) -> None:
        self.corpus = corpus
        self.mask = mask
        self.count = int(np.count_nonzero(mask))
        self.found: dict[WordLeaf, bool] = {}
        """Whether a visible document holds a word or a phrase, for those that were asked about."""
        self._dilutions: dict[str, Array] = {}
        self._lock = threading.Lock()

    def said(self, field: str, docs: Array, freqs: Array) -> Array:
        """How often a word is said in a field of these documents, weighed and diluted."""
        found: Array = freqs * _WEIGHTS[field] / self._dilution(field)[docs]
        return found

    def score(self, said: Array, holders: Array | int) -> Array:
        """The score of a word said that often, which `holders` visible documents hold."""
        rarity = np.log(1 + (self.count - holders + 0.5) / (np.asarray(holders) + 0.5))
        found: Array = rarity * said * (K1 + 1) / (said + K1)
        return found

    def _dilution(self, field: str) -> Array:
        """By document, how much the length of a field dilutes its words."""
        with self._lock:
            found = self._dilutions.get(field)
            if found is None:
                lengths = self.corpus.lengths(field)
                mean = float(lengths[self.mask].sum(dtype=np.int64)) / max(1, self.count) or 1.0
                b = _DILUTIONS[field]
                found = self._dilutions[field] = 1 - b + b * lengths / mean
            return found
