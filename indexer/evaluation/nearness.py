"""What words are worth for standing close together: `ranking.nearness` for many documents at once.

Places are read of the best documents only.
"""

from collections.abc import Sequence

import numpy as np

from indexer.evaluation.phrases import places_in
from indexer.evaluation.shards import Array, Shard
from indexer.evaluation.sight import TEXT, TITLE, Sight
from indexer.query import WordLeaf
from indexer.ranking import NEAR_WEIGHT

__all__ = ["near_scores"]

_ROOM = 1 << 32
"""More than any position."""
_NOWHERE = np.zeros(0, np.int64)


def near_scores(words: Sequence[WordLeaf], rarities: Array, *, docs: Array, sight: Sight) -> Array:
    """What `words` are worth together in each of `docs` (ascending): see `ranking.nearness`."""
    total = np.zeros(len(docs))
    for field in (TEXT, TITLE):
        places, word = _places(words, field, docs, sight)
        if len(places):
            total += _worth(places, word, rarities, len(docs))
    found: Array = NEAR_WEIGHT * total
    return found


def _worth(places: Array, word: Array, rarities: Array, documents: int) -> Array:
    """The worth of each document, given the places of all words, ascending."""
    doc = places // _ROOM
    is_pair = (doc[1:] == doc[:-1]) & (word[1:] != word[:-1])
    one, other, held = word[:-1][is_pair], word[1:][is_pair], doc[1:][is_pair]
    distance = np.maximum(1, (places[1:] - places[:-1])[is_pair])
    number = len(rarities)
    lent = np.bincount(
        np.concatenate([held * number + one, held * number + other]),
        np.concatenate([rarities[other] / distance, rarities[one] / distance]),
        minlength=documents * number,
    ).reshape(documents, number)
    found: Array = (rarities * lent / (lent + rarities.mean())).sum(axis=1)
    return found


def _places(
    words: Sequence[WordLeaf], field: str, docs: Array, sight: Sight
) -> tuple[Array, Array]:
    """Where the words stand in `docs`, ascending, and which word stands there.

    A place is `number among docs * _ROOM + position`.
    """
    places: list[Array] = []
    word: list[Array] = []
    for base, shard in sight.corpus.shards:
        first, last = np.searchsorted(docs, [base, base + shard.size]).tolist()
        if first == last:
            continue
        inside = docs[first:last] - base
        for number, leaf in enumerate(words):
            found = _places_of(leaf, shard, field, inside)
            places.append(found + first * _ROOM)
            word.append(np.full(len(found), number))
    if not places:
        return _NOWHERE, _NOWHERE
    together, which = np.concatenate(places), np.concatenate(word)
    order = np.lexsort((which, together))
    return together[order], which[order]


def _places_of(leaf: WordLeaf, shard: Shard, field: str, docs: Array) -> Array:
    """Where a word stands, by whichever of its stems."""
    found = [
        places_in(postings, shard.places(field, stem), docs)
        for stem in leaf.stems
        if (postings := shard.postings(field, stem)) is not None
    ]
    if len(found) <= 1:
        return found[0] if found else _NOWHERE
    return np.unique(np.concatenate(found))
