"""The two readings of a query (see `matching`), on arrays: one true or false for each document."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce

import numpy as np

from indexer.evaluation.looking import Found, Looker
from indexer.evaluation.matching import (
    LEAST_COVERAGE,
    LEVEL,
    counted_words,
    is_condition,
    is_optional,
    is_word,
    kindred_words,
    near_words,
)
from indexer.evaluation.nearness import near_scores
from indexer.evaluation.shards import Array, Mask
from indexer.evaluation.sight import Sight
from indexer.query import And, Group, Leaf, Node, Not, Or, Query, WordLeaf, positive_leaves
from indexer.ranking import COVERAGE_POWER, KIN_WEIGHT, NEAR_AMONG, rarity

__all__ = ["MaskMatch", "match_any", "match_masks"]


@dataclass(frozen=True, slots=True)
class MaskMatch:
    """The same as `matching.Match`: three sets, and by document number the rest."""

    full: Mask
    as_typed: Mask
    partial: Mask
    coverage: Array
    scores: Array
    is_scored: bool

    @property
    def all(self) -> Mask:
        """Everything found."""
        found: Mask = self.full | self.partial
        return found


def match_masks(query: Query, *, sight: Sight, looker: Looker) -> MaskMatch:
    """What of the visible documents the query finds; scored when the looker scores."""
    nothing = np.zeros(len(sight.mask), bool)
    none = np.zeros(0)
    if query.is_blank:
        return MaskMatch(sight.mask, sight.mask, nothing, none, none, is_scored=False)
    if query.root is None:
        return MaskMatch(nothing, nothing, nothing, none, none, is_scored=False)
    reading = _Reading(sight, looker)
    full = reading.strict(query.root)
    partial, coverage = nothing, none
    if not query.is_strict:
        coverage, least = reading.coverage(counted_words(query.root))
        partial = reading.loose(query.root) & ~full & (coverage >= least)
    scored = [leaf for leaf in positive_leaves(query.root) if is_word(leaf)]
    if not scored or not looker.is_scored:
        return MaskMatch(full, full, partial, coverage, none, is_scored=False)
    scores = reading.scores(scored)
    as_typed = full & reading.strict(query.root, docs_of=looker.as_typed)
    match = MaskMatch(full, as_typed, partial, coverage, scores, is_scored=True)
    reading.add_kin(match, kindred_words(query.root))
    reading.add_nearness(match, near_words(query.root))
    return match


def match_any(leaves: Iterable[Leaf], *, but: int, sight: Sight, looker: Looker) -> MaskMatch:
    """The documents that hold one of `leaves`, document `but` left out, by total score."""
    reading = _Reading(sight, looker)
    scores = reading.scores(list(leaves))
    full = scores > 0
    full[but] = False
    nothing = np.zeros(len(full), bool)
    return MaskMatch(full, full, nothing, np.zeros(0), scores, is_scored=True)


def _best(match: MaskMatch) -> Array:
    """The first documents by score, ascending, and those level with the last of them."""
    best: list[Array] = []
    room = NEAR_AMONG
    for group in (match.as_typed, match.full & ~match.as_typed, match.partial):
        docs = np.flatnonzero(group)
        if room > 0 and len(docs):
            values = match.scores[docs]
            if group is match.partial:
                values = values * match.coverage[docs] ** COVERAGE_POWER
            best.append(_highest(docs, values, room))
            room -= len(best[-1])
    return np.sort(np.concatenate(best)) if best else np.zeros(0, np.int64)


def _highest(docs: Array, values: Array, number: int) -> Array:
    if len(docs) <= number:
        return docs
    least = np.partition(values, -number)[-number]
    found: Array = docs[values >= least - LEVEL]
    return found


class _Reading:
    """Evaluates nodes; each leaf is looked up once."""

    def __init__(self, sight: Sight, looker: Looker) -> None:
        self._sight = sight
        self._looker = looker

    def found(self, leaf: Leaf) -> Found:
        return self._looker.look_up(leaf)

    def strict(self, node: Node, *, docs_of: Callable[[Leaf], Array] | None = None) -> Mask:
        """Where all is held that must be; `docs_of` says where a leaf is, all it found if None."""
        match node:
            case Group(children) | And(children):
                needed = [child for child in children if not is_optional(child)] or children
                return self._all(self.strict(child, docs_of=docs_of) for child in needed)
            case Or(children):
                return self._any(self.strict(child, docs_of=docs_of) for child in children)
            case Not(child):
                return self._sight.mask & ~self.strict(child)
            case _:
                mask = self._nothing()
                mask[docs_of(node) if docs_of else self.found(node).docs] = True
                return mask

    def loose(self, node: Node) -> Mask:
        match node:
            case Group(children):
                conditions = [child for child in children if is_condition(child)]
                words = [child for child in children if not is_condition(child)]
                words = [child for child in words if not is_optional(child)] or words
                found = self._all(map(self.strict, conditions))
                return found & self._any(map(self.loose, words)) if words else found
            case Or(children):
                return self._any(map(self.loose, children))
            case _:
                return self.strict(node)

    def coverage(self, words: list[Leaf]) -> tuple[Array, float]:
        """The weight of the words each document holds, and the least that will do."""
        covered = np.zeros(len(self._sight.mask))
        known = 0.0
        for leaf in words:
            docs = self.found(leaf).docs
            if not len(docs):
                continue
            weight = math.log(1 + self._sight.count / len(docs))
            known += weight
            covered[docs] += weight
        return covered, known * LEAST_COVERAGE

    def scores(self, leaves: list[Leaf]) -> Array:
        total = np.zeros(len(self._sight.mask))
        for leaf in dict.fromkeys(leaves):
            found = self.found(leaf)
            total[found.docs] += found.scores
        return total

    def add_kin(self, match: MaskMatch, words: Iterable[WordLeaf]) -> None:
        """Raise the documents that hold words of the same families; they cover these in part."""
        for leaf in words:
            kin = self._looker.kin(leaf)
            if len(kin.docs):
                found = self.found(leaf)
                own = np.full(len(match.scores), -1.0)
                own[found.docs] = found.scores
                own = own[kin.docs]
                match.scores[kin.docs] += np.maximum(0, kin.scores - np.maximum(0, own))
                if len(match.coverage):
                    weight = math.log(1 + self._sight.count / max(len(found.docs), len(kin.docs)))
                    match.coverage[kin.docs[own < 0]] += KIN_WEIGHT * weight

    def add_nearness(self, match: MaskMatch, words: Iterable[WordLeaf]) -> None:
        """Raise the best documents where words stand close together."""
        known = [leaf for leaf in words if len(self.found(leaf).docs)]
        if len(known) > 1:
            best = _best(match)
            count = self._sight.count
            rarities = np.array([rarity(len(self.found(leaf).docs), count) for leaf in known])
            match.scores[best] += near_scores(known, rarities, docs=best, sight=self._sight)

    def _nothing(self) -> Mask:
        return np.zeros(len(self._sight.mask), bool)

    def _all(self, masks: Iterable[Mask]) -> Mask:
        return reduce(np.logical_and, masks, self._sight.mask)

    def _any(self, masks: Iterable[Mask]) -> Mask:
        return reduce(np.logical_or, masks, self._nothing())
