"""Prefixes: the first terms that begin so, and the postings of all of them read at once."""

from collections.abc import Sequence

import numpy as np

from indexer.evaluation.shards import Array, Shard
from indexer.evaluation.sight import Sight

__all__ = ["MOST_EXPANSIONS", "first_terms", "said_by_term"]

MOST_EXPANSIONS = 128


def first_terms(shards: Sequence[tuple[int, Shard]], field: str, prefix: str) -> list[bytes]:
    """The first terms of a field that begin with `prefix`, over all shards."""
    found: set[bytes] = set()
    for _, shard in shards:
        found.update(shard.expand(field, prefix, most=MOST_EXPANSIONS))
    return sorted(found)[:MOST_EXPANSIONS]


def said_by_term(sight: Sight, field: str, terms: list[bytes]) -> tuple[Array, Array]:
    """How often each of `terms`, sorted neighbours, is said in visible documents.

    A place is `number of the term * size of the index + document`; places ascend.
    """
    number_of = {name: number for number, name in enumerate(terms)}
    size = sight.corpus.size
    places: list[Array] = []
    said: list[Array] = []
    for base, shard in sight.corpus.shards:
        postings = shard.range_postings(field, terms[0], terms[-1])
        if not postings.names:
            continue
        numbers = np.array([number_of.get(name, -1) for name in postings.names], np.int64)
        docs = postings.docs.astype(np.int64) + base
        term = numbers[postings.term]
        kept = sight.mask[docs] & (term >= 0)
        docs, term = docs[kept], term[kept]
        places.append(term * size + docs)
        said.append(sight.said(field, docs, postings.freqs[kept]))
    if not places:
        return np.zeros(0, np.int64), np.zeros(0)
    together = np.concatenate(places)
    order = np.argsort(together, kind="stable")
    return together[order], np.concatenate(said)[order]
