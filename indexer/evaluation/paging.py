"""One page of an order, without sorting everything; the order is that of `ordering`.

Whatever is compared by text (keys, titles) is compared by its rank within a shard first, and by the
text itself only among the few that may be on the page.
"""

from collections.abc import Iterator

import numpy as np

from indexer.evaluation.masks import MaskMatch
from indexer.evaluation.shards import Array, Corpus, Mask
from indexer.model import SearchRequest, SortOrder
from indexer.ranking import COVERAGE_POWER

__all__ = ["page_of_mask"]

_UNDATED = 1.0


def page_of_mask(
    kept: Mask, match: MaskMatch, request: SearchRequest, *, corpus: Corpus
) -> list[int]:
    """The documents of `kept` between offset and limit."""
    sort = request.sort
    if sort is SortOrder.RELEVANCE and not match.is_scored:
        sort = SortOrder.DATE
    first = max(0, request.offset)
    last = first + max(0, request.limit)
    page: list[int] = []
    before = 0
    for group in _groups(match, sort):
        is_partial = group is match.partial
        docs = np.flatnonzero(kept & group)
        begin, end = max(0, first - before), min(last - before, len(docs))
        before += len(docs)
        if begin < end:
            values = _values(docs, match, sort, corpus, is_partial=is_partial)
            page += _Order(corpus, docs, values, by_title=sort is SortOrder.TITLE).cut(begin, end)
    return page


def _groups(match: MaskMatch, sort: SortOrder) -> Iterator[Mask]:
    """What comes before what, whatever the values."""
    if sort is SortOrder.RELEVANCE:
        yield match.as_typed
        yield match.full & ~match.as_typed
    else:
        yield match.full
    yield match.partial


def _values(
    docs: Array, match: MaskMatch, sort: SortOrder, corpus: Corpus, *, is_partial: bool
) -> Array:
    """What comes first is smallest."""
    if sort is SortOrder.TITLE:
        return np.zeros(len(docs))
    if sort is SortOrder.DATE:
        days = corpus.column("day")[docs].astype(float)
        return np.where(days > 0, -days, _UNDATED)
    scores = match.scores[docs]
    if is_partial:
        scores = scores * match.coverage[docs] ** COVERAGE_POWER
    return -np.round(scores, 9)


class _Order:
    """Documents by value, then by key, or by title and key."""

    def __init__(self, corpus: Corpus, docs: Array, values: Array, *, by_title: bool) -> None:
        self._corpus = corpus
        self._docs = docs
        self._values = values
        self._by_title = by_title

    def cut(self, begin: int, end: int) -> list[int]:
        """The documents from `begin` to before `end` in this order."""
        candidates = np.arange(len(self._docs))
        if end < len(candidates):
            limit = np.partition(self._values, end - 1)[end - 1]
            surely = np.flatnonzero(self._values < limit)
            tied = np.flatnonzero(self._values == limit)
            candidates = np.concatenate([surely, *self._first_tied(tied, end - len(surely))])
        chosen = sorted(candidates.tolist(), key=self._sort_key)[begin:end]
        return [int(self._docs[one]) for one in chosen]

    def _first_tied(self, tied: Array, needed: int) -> Iterator[Array]:
        """Of those that are level, the first few of each shard."""
        if len(tied) <= needed:
            yield tied
            return
        ranks = self._corpus.column("title_rank" if self._by_title else "key_rank")
        numbers = self._docs[tied]
        for base, shard in self._corpus.shards:
            low, high = np.searchsorted(numbers, [base, base + shard.size]).tolist()
            inside = tied[low:high]
            if len(inside) > needed:
                order = np.argpartition(ranks[self._docs[inside]], needed - 1)
                inside = inside[order[:needed]]
            yield inside

    def _sort_key(self, one: int) -> tuple[float, str, str]:
        number = int(self._docs[one])
        title = self._corpus.sort_text("sort_title", number) if self._by_title else ""
        return float(self._values[one]), title, self._corpus.sort_text("key", number)
