"""What each leaf of a query means in one revision: scores by document, from Whoosh postings.

BM25F: how often a word stands in the title and in the text adds up, each weighed and diluted by the
length of its field, before it saturates. Only visible documents are counted, so that no score tells
anything of the others.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import product

from indexer.analysis import has_accents, numbers_of, root_of
from indexer.backends.whoosh_revision import OpenRevision
from indexer.backends.whoosh_schema import TEXT, TITLE
from indexer.evaluation import facet_holds
from indexer.query import FacetLeaf, Leaf, PrefixLeaf, Slot, WordLeaf, YearLeaf
from indexer.ranking import (
    ACCENT_WEIGHT,
    K1,
    KIN_WEIGHT,
    RELATIVE_WEIGHT,
    TEXT_B,
    TITLE_B,
    TITLE_WEIGHT,
    much,
    rarity,
)

__all__ = ["Looker"]

Scores = dict[int, float]

_WEIGHTS = {TITLE: TITLE_WEIGHT, TEXT: 1.0}
_DILUTIONS = {TITLE: TITLE_B, TEXT: TEXT_B}


class Looker:
    """Looks leaves up for one question, under the lock of the revision."""

    def __init__(self, revision: OpenRevision, visible: frozenset[int]) -> None:
        self._revision = revision
        self._visible = visible
        self._known: dict[Leaf, Mapping[int, float]] = {}
        self._as_typed: dict[WordLeaf, set[int]] = {}
        self._mean_lengths: dict[str, float] = {}

    def look_up(self, leaf: Leaf) -> Mapping[int, float]:
        """Score by visible document of one leaf."""
        if leaf not in self._known:
            self._known[leaf] = self._look_up(leaf)
        return self._known[leaf]

    def as_typed(self, leaf: Leaf) -> AbstractSet[int]:
        """Those of one leaf that hold the word typed, not only another form or a synonym."""
        found = self.look_up(leaf)
        return self._as_typed[leaf] if isinstance(leaf, WordLeaf) else found.keys()

    def kin(self, leaf: WordLeaf) -> Scores:
        """Score by visible document of the family of a word, counted as one word."""
        fields = _fields(in_title=leaf.in_title)
        stems = {
            stem
            for root in filter(None, map(root_of, leaf.stems))
            for field in fields
            for stem in self._revision.family(field, root)
        }
        said = self._said(fields, stems.difference(leaf.stems))
        worth = rarity(max(len(said), len(self.look_up(leaf))), len(self._visible)) * KIN_WEIGHT
        return _saturated(said, worth)

    def places(
        self, words: Sequence[WordLeaf], documents: AbstractSet[int]
    ) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """Where the words stand in each field of these documents."""
        for field in (TITLE, TEXT):
            held: defaultdict[int, set[tuple[int, int]]] = defaultdict(set)
            for which, word in enumerate(words):
                for stem in word.stems:
                    found = self._revision.occurrences(field, stem, positions=True)
                    for number in documents & found.keys():
                        held[number].update((place, which) for place in found[number][1])
            for number, places in held.items():
                yield number, sorted(places)

    def finds(self, leaf: Leaf) -> bool:
        """Whether a visible document holds it."""
        return bool(self.look_up(leaf))

    def finds_together(self, leaves: Sequence[WordLeaf]) -> bool:
        """Whether one visible document holds them all."""
        return bool(self._visible.intersection(*map(self.look_up, leaves)))

    def support(self, leaf: Leaf, others: Sequence[Leaf]) -> float:
        """The largest share, by weight, of `others` that a visible document holds with `leaf`."""
        held = dict.fromkeys(self.look_up(leaf), 0.0)
        total = 0.0
        for found in map(self.look_up, others):
            weight = math.log(1 + len(self._visible) / max(1, len(found)))
            for number in held.keys() & found.keys():
                held[number] += weight
            total += weight
        return max(held.values()) / max(total, much(len(self._visible))) if held else 0.0

    def holders(self, stem: str) -> int:
        """How many visible documents hold a stem in their text."""
        found = self._revision.occurrences(TEXT, stem, positions=False)
        return len(self._visible & found.keys())

    def _look_up(self, leaf: Leaf) -> Scores:
        match leaf:
            case WordLeaf():
                return self._words(leaf)
            case PrefixLeaf():
                fields = _fields(in_title=leaf.in_title)
                stems = {
                    stem for field in fields for stem in self._revision.expand(field, leaf.prefix)
                }
                return _best(self._word(fields, stem) for stem in {*stems, *leaf.stems})
            case FacetLeaf(facet):
                return {
                    number: 0.0
                    for number in self._visible
                    if facet_holds(self._revision.cards[number].facets.get(facet, ()), leaf)
                }
            case YearLeaf(first, last):
                return {
                    number: 0.0
                    for number in self._visible
                    if max(1, first) <= self._revision.cards[number].year <= last
                }

    def _words(self, leaf: WordLeaf) -> Scores:
        """The best of what was typed and of its synonyms."""
        fields = _fields(in_title=leaf.in_title)
        scores = _best(self._pattern(fields, pattern) for pattern in leaf.patterns)
        self._as_typed[leaf] = set(scores)
        if leaf.forms and scores:
            exact = set.intersection(*map(self._revision.holders_of_form, leaf.forms))
            otherwise = self._accented_otherwise(leaf, scores) if leaf.accents else set()
            held = set.intersection(*map(self._holders_in_either_number, leaf.forms))
            self._as_typed[leaf] &= held - otherwise
            for number in scores.keys() - (exact - otherwise):
                scores[number] *= ACCENT_WEIGHT if number in otherwise else RELATIVE_WEIGHT
        for synonym in leaf.synonyms:
            found = self._pattern(fields, synonym.slots)
            if synonym.written is not None:
                found = {
                    number: found[number]
                    for number in self._revision.holders(synonym.written)
                    if number in found
                }
            for number, score in found.items():
                scores[number] = max(scores.get(number, 0.0), score * synonym.weight)
        return scores

    def _holders_in_either_number(self, form: str) -> set[int]:
        numbers = (other for other, _ in numbers_of(form, form))
        return set().union(*map(self._revision.holders_of_form, numbers))

    def _accented_otherwise(self, leaf: WordLeaf, scores: Scores) -> set[int]:
        """Which documents hold the word with other accents only; none if nobody's are those."""
        same: set[int] = set()
        other: set[int] = set()
        for form, accents in numbers_of(leaf.forms[0], leaf.accents):
            for word in self._revision.words_from(form):
                if word.form != form:
                    break
                is_same = has_accents(word.key, accents)
                if is_same is not None:
                    (same if is_same else other).update(self._revision.holders(word.key))
        return other & scores.keys() - same if same & scores.keys() else set()

    def _pattern(self, fields: tuple[str, ...], pattern: tuple[Slot, ...]) -> Scores:
        if len(pattern) == 1:
            return self._word(fields, pattern[0].stem)
        holders = {number for field in fields for number in self._phrase(field, pattern)}
        found = dict.fromkeys(holders & self._visible, 0.0)
        for slot in pattern:
            for number, score in self._word(fields, slot.stem).items():
                if number in found:
                    found[number] += score
        return found

    def _word(self, fields: tuple[str, ...], stem: str) -> Scores:
        said = self._said(fields, (stem,))
        return _saturated(said, rarity(len(said), len(self._visible)))

    def _said(self, fields: tuple[str, ...], stems: Iterable[str]) -> Scores:
        """How often these stems are said in visible documents, weighed and diluted."""
        said: Scores = {}
        for field, stem in product(fields, stems):
            mean, b = self._mean_length(field), _DILUTIONS[field]
            for number, (often, _) in self._revision.occurrences(
                field, stem, positions=False
            ).items():
                if number in self._visible:
                    dilution = 1 - b + b * self._revision.length(field, number) / mean
                    said[number] = said.get(number, 0.0) + _WEIGHTS[field] * often / dilution
        return said

    def _mean_length(self, field: str) -> float:
        """How many terms a visible document has in a field, on average."""
        if field not in self._mean_lengths:
            total = sum(self._revision.length(field, number) for number in self._visible)
            self._mean_lengths[field] = total / max(1, len(self._visible)) or 1.0
        return self._mean_lengths[field]

    def _phrase(self, field: str, pattern: tuple[Slot, ...]) -> Iterable[int]:
        """Documents where every slot stands at its place after one same beginning."""
        first, *others = [
            (slot.offset, self._revision.occurrences(field, slot.stem, positions=True))
            for slot in pattern
        ]
        for number, (_, places) in first[1].items():
            beginnings = set(places)
            for offset, occurrences in others:
                _, other_places = occurrences.get(number, (0.0, []))
                beginnings &= {place - offset for place in other_places}
            if beginnings:
                yield number


def _saturated(said: Scores, worth: float) -> Scores:
    return {number: worth * often * (K1 + 1) / (often + K1) for number, often in said.items()}


def _fields(*, in_title: bool) -> tuple[str, ...]:
    return (TITLE,) if in_title else (TITLE, TEXT)


def _best(found: Iterable[Scores]) -> Scores:
    """The better score of each document: spellings of one word do not add up."""
    best: Scores = {}
    for scores in found:
        for number, score in scores.items():
            best[number] = max(score, best.get(number, 0.0))
    return best
