"""Phrases: the documents that hold every word are few, and only their positions are compared."""

from functools import reduce

import numpy as np

from indexer.evaluation.shards import Array, Postings, Shard
from indexer.query import Slot

__all__ = ["phrase_docs", "places_in"]

_NO_DOCS = np.zeros(0, np.int64)
_ROOM = 1 << 32
"""More than any position, so that a document and a position make one number."""


def phrase_docs(shard: Shard, field: str, pattern: tuple[Slot, ...]) -> Array:
    """The documents of `shard` where each slot stands `offset` places after one same beginning."""
    postings: dict[str, Postings] = {}
    for stem in dict.fromkeys(slot.stem for slot in pattern):
        found = shard.postings(field, stem)
        if found is None:
            return _NO_DOCS
        postings[stem] = found
    rarest_first = sorted(postings.values(), key=lambda one: len(one.docs))
    candidates = reduce(_common, [one.docs for one in rarest_first])
    if not len(candidates):
        return _NO_DOCS
    places = {
        stem: places_in(one, shard.places(field, stem), candidates)
        for stem, one in postings.items()
    }
    beginnings = reduce(_common, [places[slot.stem] - slot.offset for slot in pattern])
    begins = np.zeros(len(candidates), bool)
    begins[(beginnings + _ROOM // 2) // _ROOM] = True
    docs: Array = candidates[begins]
    return docs.astype(np.int64)


def _common(one: Array, other: Array) -> Array:
    """What two ascending lists have in common; either may be far longer."""
    few, many = (one, other) if len(one) <= len(other) else (other, one)
    if not len(few):
        return few
    at = np.minimum(np.searchsorted(many, few), len(many) - 1)
    found: Array = few[many[at] == few]
    return found


def places_in(postings: Postings, places: Array, docs: Array) -> Array:
    """Where a word stands in `docs` (ascending), those that do not hold it left out.

    A place is `number among docs * 2^32 + position`.
    """
    at = np.searchsorted(postings.docs, docs)
    holds = at < len(postings.docs)
    holds[holds] = postings.docs[at[holds]] == docs[holds]
    at = at[holds]
    freqs = postings.freqs.astype(np.int64)
    counts = freqs[at]
    ends = np.cumsum(counts)
    if not len(ends):
        return ends
    within = np.arange(ends[-1]) - np.repeat(ends - counts, counts)
    firsts = (np.cumsum(freqs) - freqs)[at]
    number = np.repeat(np.flatnonzero(holds), counts)
    found: Array = number * _ROOM + places[np.repeat(firsts, counts) + within].astype(np.int64)
    return found
