"""Which documents hold a word as it was typed, not merely another form of it.

A word stands as typed in either number: who types `infirmières praticiennes` means the title that
says `infirmière praticienne`. Accents typed must be there, if anybody writes them so.
"""

from collections.abc import Iterable

import numpy as np

from indexer.analysis import SPELT, has_accents, numbers_of
from indexer.evaluation.shards import FORM, Array, Corpus, Mask

__all__ = ["accented_otherwise", "hold_forms"]

_MOST_SPELLINGS = 16


def hold_forms(forms: Iterable[str], docs: Array, corpus: Corpus) -> tuple[Mask, Mask]:
    """Which of `docs` hold every one of these folded forms: that very form; either number of it."""
    exactly: Mask = np.ones(len(docs), bool)
    in_a_number: Mask = np.ones(len(docs), bool)
    for form in forms:
        held = _holding([form], corpus)[docs]
        exactly &= held
        if not held.all():
            numbers = (other for other, _ in numbers_of(form, form) if other != form)
            held |= _holding(numbers, corpus)[docs]
        in_a_number &= held
    return exactly, in_a_number


def accented_otherwise(form: str, accents: str, docs: Array, corpus: Corpus) -> Mask:
    """Which of `docs` hold the word with other accents only; none if nobody's are those."""
    same, other = np.zeros(corpus.size, bool), np.zeros(corpus.size, bool)
    for folded, accented in numbers_of(form, accents):
        for base, shard in corpus.shards:
            spelt = shard.expand(FORM, folded + SPELT, most=_MOST_SPELLINGS)
            for key in (folded, *(one.decode() for one in spelt)):
                is_same = has_accents(key, accented)
                postings = None if is_same is None else shard.postings(FORM, key)
                if postings is not None:
                    marked = same if is_same else other
                    marked[base : base + shard.size][postings.docs] = True
    held: Mask = other[docs] & ~same[docs] & same[docs].any()
    return held


def _holding(forms: Iterable[str], corpus: Corpus) -> Mask:
    """The documents that hold one of these folded forms."""
    held: Mask = np.zeros(corpus.size, bool)
    for form in forms:
        for base, shard in corpus.shards:
            docs = shard.holders(FORM, form.encode(), f"{form}{SPELT}\uffff".encode())
            held[base : base + shard.size][docs] = True
    return held
