"""What each leaf of a query means: the visible documents that hold it, with a score.

Shard by shard, then put together: document numbers ascend, so that nothing is ever sorted. Scores
of the fields of one pattern add up; of several patterns of one leaf the best counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.evaluation.filters import facet_holds
from indexer.evaluation.phrases import phrase_docs
from indexer.evaluation.shards import Array, PrefixPostings
from indexer.evaluation.sight import Sight
from indexer.query import FacetLeaf, Leaf, PrefixLeaf, Slot, WordLeaf, YearLeaf

__all__ = ["MOST_EXPANSIONS", "Found", "Looker"]

MOST_EXPANSIONS = 128
FIELD_WEIGHTS = {"title": 2.5, "text": 1.0}
_TITLE_ONLY = {"title": FIELD_WEIGHTS["title"]}


@dataclass(frozen=True, slots=True)
class Found:
    """Visible documents, ascending, and the score of each."""

    docs: Array
    scores: Array


_NO_DOCS = np.zeros(0, np.int64)
NOTHING = Found(_NO_DOCS, np.zeros(0))


class Looker:
    """Looks leaves up for one question."""

    def __init__(self, sight: Sight) -> None:
        self._sight = sight
        self._corpus = sight.corpus

    def look_up(self, leaf: Leaf) -> Found:
        """The documents of one leaf."""
        match leaf:
            case WordLeaf(patterns):
                weights = _TITLE_ONLY if leaf.in_title else FIELD_WEIGHTS
                return self._best([self._pattern(weights, pattern) for pattern in patterns])
            case PrefixLeaf():
                weights = _TITLE_ONLY if leaf.in_title else FIELD_WEIGHTS
                stems = [
                    self._word(field, weight, stem)
                    for field, weight in weights.items()
                    for stem in leaf.stems
                ]
                begun = [self._prefix(field, weights[field], leaf.prefix) for field in weights]
                return self._best([*stems, *begun])
            case FacetLeaf(facet, value):
                return self._facet(facet, value)
            case YearLeaf(first, last):
                years = self._corpus.column("year")
                held = (years >= max(1, first)) & (years <= last)
                docs = np.flatnonzero(held & self._sight.mask)
                return Found(docs, np.zeros(len(docs)))

    def holders(self, stem: str) -> int:
        """How many visible documents hold a stem in their text."""
        return len(self._word("text", 1.0, stem).docs)

    def _pattern(self, weights: dict[str, float], pattern: tuple[Slot, ...]) -> Found:
        parts = [
            self._word(field, weight, pattern[0].stem)
            if len(pattern) == 1
            else self._phrase(field, weight, pattern)
            for field, weight in weights.items()
        ]
        return self._sum(parts)

    def _word(self, field: str, weight: float, stem: str) -> Found:
        docs, freqs = self._gather(
            (base, postings.docs, postings.freqs)
            for base, shard in self._corpus.shards
            if (postings := shard.postings(field, stem)) is not None
        )
        if not len(docs):
            return NOTHING
        scores = self._sight.score(field, docs, freqs, holders=len(docs))
        return Found(docs, scores * weight)

    def _gather(self, parts: Iterable[tuple[int, Array, Array]]) -> tuple[Array, Array]:
        """The visible ones of all shards, numbered over the whole index."""
        docs: list[Array] = []
        others: list[Array] = []
        for base, local, other in parts:
            numbers = local.astype(np.int64) + base
            is_visible = self._sight.mask[numbers]
            docs.append(numbers[is_visible])
            others.append(other[is_visible])
        if not docs:
            return _NO_DOCS, _NO_DOCS
        return np.concatenate(docs), np.concatenate(others)

    def _phrase(self, field: str, weight: float, pattern: tuple[Slot, ...]) -> Found:
        """Documents where every slot stands at its place after one same beginning."""
        docs, _ = self._gather(
            (base, found, found)
            for base, shard in self._corpus.shards
            if len(found := phrase_docs(shard, field, pattern))
        )
        if not len(docs):
            return NOTHING
        scores = np.zeros(len(docs))
        for slot in pattern:
            word = self._word(field, weight, slot.stem)
            scores += word.scores[np.searchsorted(word.docs, docs)]
        return Found(docs, scores)

    def _prefix(self, field: str, weight: float, prefix: str) -> Found:
        """Every document that holds one of the first terms that begin so: its best one counts."""
        names: set[bytes] = set()
        for _, shard in self._corpus.shards:
            names.update(shard.expand(field, prefix, most=MOST_EXPANSIONS))
        wanted = sorted(names)[:MOST_EXPANSIONS]
        if not wanted:
            return NOTHING
        found = [
            (base, shard.range_postings(field, wanted[0], wanted[-1]))
            for base, shard in self._corpus.shards
        ]
        return self._best_of_terms(field, weight, wanted, found)

    def _best_of_terms(
        self,
        field: str,
        weight: float,
        wanted: Sequence[bytes],
        found: list[tuple[int, PrefixPostings]],
    ) -> Found:
        number_of = {name: number for number, name in enumerate(wanted)}
        docs: list[Array] = []
        freqs: list[Array] = []
        terms: list[Array] = []
        for base, postings in found:
            numbers = postings.docs.astype(np.int64) + base
            is_visible = self._sight.mask[numbers]
            docs.append(numbers[is_visible])
            freqs.append(postings.freqs[is_visible])
            number = np.array([number_of[name] for name in postings.names], np.int64)
            terms.append(number[postings.term][is_visible])
        all_docs, term = np.concatenate(docs), np.concatenate(terms)
        holders = np.bincount(term, minlength=len(wanted))
        rarities = np.array([self._sight.rarity(int(one)) for one in holders])
        scores = self._sight.scores(field, all_docs, np.concatenate(freqs), rarities[term])
        return self._highest(all_docs, scores * weight)

    def _facet(self, facet: str, typed: str) -> Found:
        column = self._corpus.facet(facet)
        if column is None:
            return NOTHING
        wanted = np.array([facet_holds((value,), typed) for value in column.values], bool)
        holds = np.zeros(self._corpus.size, bool)
        holds[np.repeat(np.arange(self._corpus.size), np.diff(column.at))[wanted[column.ids]]] = (
            True
        )
        docs = np.flatnonzero(holds & self._sight.mask)
        return Found(docs, np.zeros(len(docs)))

    def _sum(self, parts: list[Found]) -> Found:
        held = [part for part in parts if len(part.docs)]
        if len(held) <= 1:
            return held[0] if held else NOTHING
        total = np.zeros(self._corpus.size)
        is_held = np.zeros(self._corpus.size, bool)
        for part in held:
            total[part.docs] += part.scores
            is_held[part.docs] = True
        docs = np.flatnonzero(is_held)
        return Found(docs, total[docs])

    def _best(self, parts: list[Found]) -> Found:
        held = [part for part in parts if len(part.docs)]
        if len(held) <= 1:
            return held[0] if held else NOTHING
        return self._highest(
            np.concatenate([part.docs for part in held]),
            np.concatenate([part.scores for part in held]),
        )

    def _highest(self, docs: Array, scores: Array) -> Found:
        """Each document once, with the best of its scores (none is negative)."""
        best = np.full(self._corpus.size, -1.0)
        np.maximum.at(best, docs, scores)
        kept = np.flatnonzero(best >= 0)
        return Found(kept, best[kept])
