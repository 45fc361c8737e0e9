"""What each leaf of a query means: the visible documents that hold it, with a score.

Shard by shard, then put together: document numbers ascend, so that what is found of one term is
never sorted. Of several ways to say one word the best counts.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from itertools import product

import numpy as np

from indexer.analysis import root_of
from indexer.evaluation.filters import held_values
from indexer.evaluation.forms import accented_otherwise, hold_forms
from indexer.evaluation.phrases import phrase_docs
from indexer.evaluation.prefixes import first_terms, said_by_term
from indexer.evaluation.shards import FORM, Array, Mask, Postings, Shard
from indexer.evaluation.sight import TEXT, TITLE, Sight
from indexer.query import FacetLeaf, Leaf, PrefixLeaf, Slot, Synonym, WordLeaf, YearLeaf
from indexer.ranking import ACCENT_WEIGHT, KIN_WEIGHT, RELATIVE_WEIGHT, much

__all__ = ["Found", "Looker"]


@dataclass(frozen=True, slots=True)
class Found:
    """Visible documents, ascending, and the score of each."""

    docs: Array
    scores: Array


_NO_DOCS = np.zeros(0, np.int64)
_MOST_REMEMBERED = 4_000
NOTHING = Found(_NO_DOCS, np.zeros(0))


class Looker:
    """Looks leaves up for one question."""

    def __init__(self, sight: Sight, *, is_scored: bool = True) -> None:
        """Without scores, when the order does not ask for them, all are 0."""
        self._sight = sight
        self.is_scored = is_scored
        self._corpus = sight.corpus
        self._known: dict[Leaf, Found] = {}
        self._holders: dict[WordLeaf, Mask] = {}
        self._as_typed: dict[WordLeaf, Array] = {}

    def look_up(self, leaf: Leaf) -> Found:
        """The documents of one leaf."""
        if leaf not in self._known:
            self._known[leaf] = self._look_up(leaf)
        return self._known[leaf]

    def as_typed(self, leaf: Leaf) -> Array:
        """Those of one leaf that hold the word typed, not only another form or a synonym."""
        found = self.look_up(leaf)
        return self._as_typed[leaf] if isinstance(leaf, WordLeaf) else found.docs

    def kin(self, leaf: WordLeaf) -> Found:
        """The documents that hold words of the family of this one, all counted as one word."""
        own = frozenset(leaf.stems)
        docs, said = _NO_DOCS, np.zeros(0)
        for root in dict.fromkeys(filter(None, map(root_of, leaf.stems))):
            for field in _fields(in_title=leaf.in_title):
                family = partial(_family, field=field, root=root, but=own)
                held, freqs = self._gathered(family)
                docs, said = add_up(docs, said, held, self._sight.said(field, held, freqs))
        if not len(docs):
            return NOTHING
        holders = max(len(docs), len(self.look_up(leaf).docs))
        return Found(docs, self._sight.score(said, holders) * KIN_WEIGHT)

    def finds(self, leaf: Leaf) -> bool:
        """Whether a visible document holds it."""
        return len(self.look_up(leaf).docs) > 0

    def finds_together(self, leaves: Sequence[WordLeaf]) -> bool:
        """Whether one visible document holds them all, synonyms left out: nothing is scored.

        What is said of one leaf is remembered: the same terms are proposed over and over.
        """
        if len(leaves) != 1:
            return self._hold_together(leaves)
        known = self._sight.found
        if leaves[0] not in known and len(known) < _MOST_REMEMBERED:
            known[leaves[0]] = self._hold_together(leaves)
        return known[leaves[0]] if leaves[0] in known else self._hold_together(leaves)

    def _hold_together(self, leaves: Sequence[WordLeaf]) -> bool:
        return bool(reduce(np.logical_and, map(self._holding, leaves), self._sight.mask).any())

    def _holding(self, leaf: WordLeaf) -> Mask:
        """The documents that hold one of the patterns of a word."""
        if leaf not in self._holders:
            mask = np.zeros(self._corpus.size, bool)
            for pattern, field in product(leaf.patterns, _fields(in_title=leaf.in_title)):
                for base, shard in self._corpus.shards:
                    if len(pattern) > 1:
                        mask[base + phrase_docs(shard, field, pattern)] = True
                    elif (postings := shard.postings(field, pattern[0].stem)) is not None:
                        mask[base : base + shard.size][postings.docs] = True
            self._holders[leaf] = mask
        return self._holders[leaf]

    def support(self, leaf: Leaf, others: Sequence[Leaf]) -> float:
        """The largest share, by weight, of `others` that a visible document holds with `leaf`.

        See `ranking.much`: all of little is a small share.
        """
        docs = self.look_up(leaf).docs
        held, total = np.zeros(len(docs)), 0.0
        for found in (self.look_up(other).docs for other in others):
            weight = math.log(1 + self._sight.count / max(1, len(found)))
            held += weight * np.isin(docs, found, assume_unique=True)
            total += weight
        return float(held.max()) / max(total, much(self._sight.count)) if len(docs) else 0.0

    def holders(self, stem: str) -> int:
        """How many visible documents hold a stem in their text."""
        return len(self._occurrences(TEXT, stem)[0])

    def _look_up(self, leaf: Leaf) -> Found:
        match leaf:
            case WordLeaf():
                return self._words(leaf)
            case PrefixLeaf():
                fields = _fields(in_title=leaf.in_title)
                stems = [self._word(fields, stem) for stem in leaf.stems]
                return self._best([*stems, self._prefix(fields, leaf.prefix)])
            case FacetLeaf():
                return self._facet(leaf)
            case YearLeaf(first, last):
                years = self._corpus.column("year")
                held = (years >= max(1, first)) & (years <= last)
                return _unscored(np.flatnonzero(held & self._sight.mask))

    def _words(self, leaf: WordLeaf) -> Found:
        """The best of what was typed and of its synonyms."""
        fields = _fields(in_title=leaf.in_title)
        typed = self._best([self._pattern(fields, pattern) for pattern in leaf.patterns])
        self._as_typed[leaf] = typed.docs
        if leaf.forms and len(typed.docs) and self.is_scored:
            typed = self._weighed(leaf, typed)
        return self._best([typed, *(self._synonym(fields, one) for one in leaf.synonyms)])

    def _weighed(self, leaf: WordLeaf, typed: Found) -> Found:
        """What was found of a word, less where other forms of it stand; notes where it stands."""
        docs = typed.docs
        is_exact, is_as_typed = hold_forms(leaf.forms, docs, self._corpus)
        weights = np.where(is_exact, 1.0, RELATIVE_WEIGHT)
        if leaf.accents:
            otherwise = accented_otherwise(leaf.forms[0], leaf.accents, docs, self._corpus)
            weights[otherwise] = ACCENT_WEIGHT
            is_as_typed &= ~otherwise
        self._as_typed[leaf] = docs[is_as_typed]
        return Found(docs, typed.scores * weights)

    def _synonym(self, fields: tuple[str, ...], synonym: Synonym) -> Found:
        found = self._pattern(fields, synonym.slots)
        if synonym.written is not None and len(found.docs):
            is_written = np.isin(found.docs, self._occurrences(FORM, synonym.written)[0])
            found = Found(found.docs[is_written], found.scores[is_written])
        return Found(found.docs, found.scores * synonym.weight)

    def _pattern(self, fields: tuple[str, ...], pattern: tuple[Slot, ...]) -> Found:
        if len(pattern) == 1:
            return self._word(fields, pattern[0].stem)
        holders = [
            base + found
            for base, shard in self._corpus.shards
            for field in fields
            if len(found := phrase_docs(shard, field, pattern))
        ]
        if not holders:
            return NOTHING
        docs = np.unique(np.concatenate(holders))
        docs = docs[self._sight.mask[docs]]
        scores = np.zeros(len(docs))
        for slot in pattern if self.is_scored else ():
            word = self._word(fields, slot.stem)
            scores += word.scores[np.searchsorted(word.docs, docs)]
        return Found(docs, scores)

    def _word(self, fields: tuple[str, ...], stem: str) -> Found:
        """One stem, its occurrences in all fields counted together."""
        if not self.is_scored:
            return self._united([self._occurrences(field, stem)[0] for field in fields])
        docs, said = _NO_DOCS, np.zeros(0)
        for field in fields:
            held, freqs = self._occurrences(field, stem)
            docs, said = add_up(docs, said, held, self._sight.said(field, held, freqs))
        return Found(docs, self._sight.score(said, len(docs))) if len(docs) else NOTHING

    def _occurrences(self, field: str, stem: str) -> tuple[Array, Array]:
        """The visible documents that hold a stem in a field, and how often."""
        return self._gathered(lambda shard: shard.postings(field, stem))

    def _gathered(self, read: Callable[[Shard], Postings | None]) -> tuple[Array, Array]:
        """What is read of each shard, of visible documents, put together."""
        docs: list[Array] = []
        freqs: list[Array] = []
        for base, shard in self._corpus.shards:
            postings = read(shard)
            if postings is not None:
                numbers = np.add(postings.docs, base, dtype=np.int64)
                is_visible = self._sight.mask[numbers]
                docs.append(numbers[is_visible])
                freqs.append(postings.freqs[is_visible] if self.is_scored else _NO_DOCS)
        if len(docs) <= 1:
            return (docs[0], freqs[0]) if docs else (_NO_DOCS, _NO_DOCS)
        return np.concatenate(docs), np.concatenate(freqs)

    def _prefix(self, fields: tuple[str, ...], prefix: str) -> Found:
        """Every document that holds one of the first terms that begin so: its best one counts."""
        shards = self._corpus.shards
        terms = sorted({term for field in fields for term in first_terms(shards, field, prefix)})
        if not terms:
            return NOTHING
        places, said = _NO_DOCS, np.zeros(0)
        for field in fields:
            held, added = said_by_term(self._sight, field, terms)
            places, said = add_up(places, said, held, added)
        term, docs = np.divmod(places, self._corpus.size)
        if not self.is_scored:
            return _unscored(self._each_once([docs]))
        holders = np.bincount(term, minlength=len(terms))
        best = np.full(self._corpus.size, -1.0)
        np.maximum.at(best, docs, self._sight.score(said, holders[term]))
        kept = np.flatnonzero(best >= 0)
        return Found(kept, best[kept])

    def _facet(self, leaf: FacetLeaf) -> Found:
        column = self._corpus.facet(leaf.facet)
        if column is None:
            return NOTHING
        means = np.zeros(len(column.values), bool)
        means[list(held_values(column.values, leaf))] = True
        owners = np.repeat(np.arange(self._corpus.size), np.diff(column.at))
        holders = np.zeros(self._corpus.size, bool)
        holders[owners[means[column.ids]]] = True
        return _unscored(np.flatnonzero(holders & self._sight.mask))

    def _best(self, parts: Iterable[Found]) -> Found:
        held = [part for part in parts if len(part.docs)]
        if len(held) <= 1:
            return held[0] if held else NOTHING
        if not self.is_scored:
            return self._united([part.docs for part in held])
        best = np.full(self._corpus.size, -1.0)
        for part in held:
            best[part.docs] = np.maximum(best[part.docs], part.scores)
        kept = np.flatnonzero(best >= 0)
        return Found(kept, best[kept])

    def _united(self, parts: Sequence[Array]) -> Found:
        """The documents of all parts, without scores."""
        held = [docs for docs in parts if len(docs)]
        return _unscored(held[0] if len(held) == 1 else self._each_once(held))

    def _each_once(self, parts: Sequence[Array]) -> Array:
        mask = np.zeros(self._corpus.size, bool)
        for docs in parts:
            mask[docs] = True
        return np.flatnonzero(mask)


def _family(shard: Shard, *, field: str, root: str, but: frozenset[str]) -> Postings | None:
    return shard.family(field, root, but=but)


def _fields(*, in_title: bool) -> tuple[str, ...]:
    """The text first: it holds far more."""
    return (TITLE,) if in_title else (TEXT, TITLE)


def _unscored(docs: Array) -> Found:
    return Found(docs, np.zeros(len(docs)))


def add_up(docs: Array, values: Array, others: Array, added: Array) -> tuple[Array, Array]:
    """Two ascending lists as one, the values of those in both added up."""
    if not len(docs) or not len(others):
        return (docs, values) if len(docs) else (others, added)
    at = np.minimum(np.searchsorted(docs, others), len(docs) - 1)
    is_in_both = docs[at] == others
    total = values.copy()
    total[at[is_in_both]] += added[is_in_both]
    if is_in_both.all():
        return docs, total
    new = ~is_in_both
    places = np.searchsorted(docs, others[new])
    return np.insert(docs, places, others[new]), np.insert(total, places, added[new])
