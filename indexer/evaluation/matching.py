"""Which documents a query means, given what each of its leaves means.

Two readings of one tree: *strict*, where words side by side must all be there, and *loose*, where
some of them may do. What passes the strict one comes first; what passes only the loose one follows
if it holds enough of the words. Quotes and ET leave only the strict one. This is settled from the
query and what the reader may see, before any filter, so that counts hold after clicking.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from heapq import nlargest
from typing import Protocol

from indexer.query import (
    And,
    FacetLeaf,
    Group,
    Leaf,
    Node,
    Not,
    Or,
    PrefixLeaf,
    Query,
    WordLeaf,
    YearLeaf,
    positive_leaves,
)
from indexer.ranking import COVERAGE_POWER, KIN_WEIGHT, NEAR_AMONG, nearness, rarity

__all__ = ["LEAST_COVERAGE", "Match", "Source", "best_of", "match_query"]

LEAST_COVERAGE = 0.1
"""Share of the weight of the known words a document must hold to be found for a part of them."""

LEVEL = 1e-9
"""Scores that differ by less are level."""
MOST_KINDRED = 16
MOST_NEAR = 32
"""Words of one query looked at: each costs some look-ups."""


class Source(Protocol):
    """What matching asks of an index, over everything visible or more."""

    def look_up(self, leaf: Leaf) -> Mapping[int, float]:
        """Score by document of one leaf."""

    def as_typed(self, leaf: Leaf) -> AbstractSet[int]:
        """Those of one leaf that hold the word typed, not only another form or a synonym."""

    def kin(self, leaf: WordLeaf) -> Mapping[int, float]:
        """Score by document of the family of a word."""

    def places(
        self, words: Sequence[WordLeaf], documents: AbstractSet[int]
    ) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """Where the words stand in a field of a document: positions, ascending, and which word."""


_NOTHING: Mapping[int, float] = {}


@dataclass(frozen=True, slots=True)
class Match:
    """Documents found: `full` hold every word, `partial` some, with the weight of these.

    `as_typed` are those of `full` that hold every word as it was typed: see `forms`. `is_scored` is
    False when no word was looked for, so that scores say nothing.
    """

    full: AbstractSet[int]
    as_typed: AbstractSet[int]
    partial: AbstractSet[int] = frozenset()
    coverage: dict[int, float] = field(default_factory=dict)
    scores: dict[int, float] = field(default_factory=dict)
    is_scored: bool = False

    @property
    def all(self) -> AbstractSet[int]:
        """Everything found."""
        return self.full | self.partial


def match_query(query: Query, *, visible: frozenset[int], source: Source) -> Match:
    """What of `visible` the query finds."""
    if query.is_blank:
        return Match(visible, visible)
    if query.root is None:
        return Match(frozenset(), frozenset())
    reading = _Reading(visible, source)
    full = reading.strict(query.root)
    words = counted_words(query.root)
    scored = [leaf for leaf in positive_leaves(query.root) if is_word(leaf)]
    partial: AbstractSet[int] = frozenset()
    coverage: dict[int, float] = {}
    if not query.is_strict:
        loose = reading.loose(query.root) - full
        coverage, least = reading.coverage(words)
        partial = {number for number in loose if coverage.get(number, 0.0) >= least}
    scores = reading.scores(scored, full | partial)
    as_typed = full & reading.strict(query.root, docs_of=source.as_typed)
    match = Match(full, as_typed, partial, coverage, scores, is_scored=bool(scored))
    reading.add_kin(match, kindred_words(query.root))
    reading.add_nearness(match, near_words(query.root))
    return match


def is_word(leaf: Node) -> bool:
    return isinstance(leaf, WordLeaf | PrefixLeaf)


def is_optional(node: Node) -> bool:
    return isinstance(node, WordLeaf) and node.is_optional


def is_condition(node: Node) -> bool:
    """Whether the node holds whatever the words: a field or an exclusion."""
    if isinstance(node, WordLeaf | PrefixLeaf):
        return node.in_title
    return isinstance(node, FacetLeaf | YearLeaf | Not)


def kindred_words(root: Node) -> list[WordLeaf]:
    """The words whose families count: not one that is alone, nor one between quotes."""
    words = counted_words(root)
    return [leaf for leaf in words if isinstance(leaf, WordLeaf) and not leaf.is_quoted][
        : MOST_KINDRED if len(words) > 1 else 0
    ]


def near_words(root: Node) -> list[WordLeaf]:
    """The words whose nearness counts: two at least, or none."""
    words = [leaf for leaf in counted_words(root) if isinstance(leaf, WordLeaf) and leaf.stems]
    return words[:MOST_NEAR] if len(words) > 1 else []


def counted_words(root: Node) -> list[Leaf]:
    leaves = dict.fromkeys(positive_leaves(root))
    return [
        leaf
        for leaf in leaves
        if is_word(leaf) and not is_optional(leaf) and not is_condition(leaf)
    ]


class _Reading:
    """Evaluates nodes over the visible documents; each leaf is looked up once."""

    def __init__(self, visible: frozenset[int], source: Source) -> None:
        self._visible = visible
        self._source = source
        self._found: dict[Leaf, Mapping[int, float]] = {}

    def scores_of(self, leaf: Leaf) -> Mapping[int, float]:
        if leaf not in self._found:
            scores = self._source.look_up(leaf)
            self._found[leaf] = {
                number: score for number, score in scores.items() if number in self._visible
            }
        return self._found[leaf]

    def strict(
        self, node: Node, *, docs_of: Callable[[Leaf], AbstractSet[int]] | None = None
    ) -> AbstractSet[int]:
        """Where all is held that must be; `docs_of` says where a leaf is, all it found if None."""
        match node:
            case Group(children) | And(children):
                needed = [child for child in children if not is_optional(child)] or children
                return self._visible.intersection(
                    *(self.strict(child, docs_of=docs_of) for child in needed)
                )
            case Or(children):
                return frozenset().union(
                    *(self.strict(child, docs_of=docs_of) for child in children)
                )
            case Not(child):
                return self._visible - self.strict(child)
            case _:
                return docs_of(node) if docs_of else self.scores_of(node).keys()

    def loose(self, node: Node) -> AbstractSet[int]:
        match node:
            case Group(children):
                conditions = [child for child in children if is_condition(child)]
                words = [child for child in children if not is_condition(child)]
                words = [child for child in words if not is_optional(child)] or words
                found = self._visible.intersection(*map(self.strict, conditions))
                if words:
                    found &= frozenset().union(*map(self.loose, words))
                return found
            case Or(children):
                return frozenset().union(*map(self.loose, children))
            case _:
                return self.strict(node)

    def coverage(self, words: list[Leaf]) -> tuple[dict[int, float], float]:
        """The weight of the words each document holds, and the least that will do."""
        covered: dict[int, float] = {}
        known = 0.0
        for leaf in words:
            found = self.scores_of(leaf)
            if not found:
                continue
            weight = math.log(1 + len(self._visible) / len(found))
            known += weight
            for number in found:
                covered[number] = covered.get(number, 0.0) + weight
        return covered, known * LEAST_COVERAGE

    def scores(self, leaves: list[Leaf], wanted: AbstractSet[int]) -> dict[int, float]:
        total = dict.fromkeys(wanted, 0.0)
        for leaf in dict.fromkeys(leaves):
            for number, score in self.scores_of(leaf).items():
                if number in total:
                    total[number] += score
        return total

    def add_kin(self, match: Match, words: list[WordLeaf]) -> None:
        """Raise the documents that hold words of the same families; they cover these in part."""
        for leaf in words:
            own = self.scores_of(leaf)
            kin = self._source.kin(leaf)
            weight = math.log(1 + len(self._visible) / max(1, len(own), len(kin)))
            for number, score in kin.items():
                if number in match.scores:
                    match.scores[number] += max(0.0, score - own.get(number, 0.0))
                if number in match.coverage and number not in own:
                    match.coverage[number] += KIN_WEIGHT * weight

    def add_nearness(self, match: Match, words: list[WordLeaf]) -> None:
        """Raise the best documents where words stand close together."""
        known = [leaf for leaf in words if self.scores_of(leaf)]
        if len(known) <= 1:
            return
        rarities = [rarity(len(self.scores_of(leaf)), len(self._visible)) for leaf in known]
        for number, places in self._source.places(known, best_of(match)):
            match.scores[number] += nearness(places, rarities)


def best_of(match: Match) -> set[int]:
    """The first documents by score, and those level with the last of them."""
    best: set[int] = set()
    for group in (match.as_typed, match.full - match.as_typed, match.partial):
        values = {number: match.scores[number] for number in group}
        if group is match.partial:
            for number in values:
                values[number] *= match.coverage[number] ** COVERAGE_POWER
        if len(best) < NEAR_AMONG:
            best |= _highest(values, NEAR_AMONG - len(best))
    return best


def _highest(values: dict[int, float], number: int) -> set[int]:
    if len(values) <= number:
        return set(values)
    least = nlargest(number, values.values())[-1]
    return {one for one, value in values.items() if value >= least - LEVEL}
