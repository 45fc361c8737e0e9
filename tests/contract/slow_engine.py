"""What a search must answer, by definition: every document looked at, one after the other.

Reads the query with the engine's own grammar and analysis, and nothing else of it. Documents have a
title, a body and no attachment; synonyms and correction are left out.
"""

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer import Document, SearchRequest
from indexer.analysis import (
    analyse,
    has_accents,
    is_spelt,
    join_spelling,
    numbers_of,
    root_of,
    split_spelling,
    write,
)
from indexer.evaluation import facet_holds
from indexer.query import (
    And,
    FacetLeaf,
    Group,
    Leaf,
    Node,
    Not,
    Or,
    PrefixLeaf,
    Slot,
    WordLeaf,
    YearLeaf,
    positive_leaves,
    read_query,
)
from indexer.ranking import (
    ACCENT_WEIGHT,
    COVERAGE_POWER,
    K1,
    KIN_WEIGHT,
    NEAR_WEIGHT,
    RELATIVE_WEIGHT,
    TEXT_B,
    TITLE_B,
    TITLE_WEIGHT,
)
from tests.contract.reference import passes

_LEAST_COVERAGE = 0.1


@dataclass(frozen=True, slots=True)
class Answer:
    """Keys with the value they are ranked by, best first; ties by key.

    `as_typed` are those of `full` that hold every word as typed, which come first.
    """

    full: list[tuple[str, float]]
    as_typed: set[str]
    partial: list[tuple[str, float]]


class SlowEngine:
    """Answers from the documents that one reader may see."""

    def __init__(self, documents: Iterable[Document], audiences: frozenset[str]) -> None:
        self.documents = [one for one in documents if one.audience in audiences]
        self._places = {
            field: {one.key: _read(one, field) for one in self.documents}
            for field in ("title", "text")
        }
        self._forms = {
            one.key: {
                term.form for text in (one.title, one.body) for term in analyse(text, one.language)
            }
            for one in self.documents
        }

        self._written = {
            one.key: {
                join_spelling(
                    term.form, write(text[term.start : term.end], is_acronym=term.is_acronym)
                )
                for text in (one.title, one.body)
                for term in analyse(text, one.language)
                if is_spelt(term.form)
            }
            for one in self.documents
        }

    def search(self, request: SearchRequest) -> Answer:
        query = read_query(request.text)
        keys = {one.key for one in self.documents}
        full: set[str]
        partial: set[str]
        if query.is_blank:
            full, partial = keys, set()
        elif query.root is None:
            full, partial = set(), set()
        else:
            full = self._strict(query.root, keys)
            partial = set() if query.is_strict else self._partial(query.root, keys) - full
        kept = {one.key for one in self.documents if passes(one, request)}
        leaves = dict.fromkeys(
            leaf for leaf in positive_leaves(query.root) if isinstance(leaf, WordLeaf | PrefixLeaf)
        )
        scores = dict.fromkeys(keys, 0.0)
        for leaf in leaves:
            for key, score in self._scores(leaf).items():
                scores[key] += score
        coverage = self._coverage(query.root) if query.root and not query.is_strict else {}
        if query.root:
            self._add_kin(scores, coverage, query.root)
            self._add_nearness(scores, query.root)
        return Answer(
            _ranked({key: scores[key] for key in full & kept}),
            full & kept & (self._strict(query.root, keys, typed=True) if query.root else keys),
            _ranked(
                {
                    key: scores[key] * coverage.get(key, 0.0) ** COVERAGE_POWER
                    for key in partial & kept
                }
            ),
        )

    def _strict(self, node: Node, keys: set[str], *, typed: bool = False) -> set[str]:
        match node:
            case Group(children) | And(children):
                needed = [one for one in children if not _is_optional(one)] or list(children)
                return keys.intersection(*(self._strict(one, keys, typed=typed) for one in needed))
            case Or(children):
                return set().union(*(self._strict(one, keys, typed=typed) for one in children))
            case Not(child):
                return keys - self._strict(child, keys)
            case WordLeaf() if typed:
                return self._as_typed(node)
            case _:
                return set(self._scores(node))

    def _as_typed(self, leaf: WordLeaf) -> set[str]:
        """Where every word stands in either number, with the accents typed if anybody has them."""
        found = set(self._scores(leaf))
        accents = {key: self._accents(key, leaf) for key in found if leaf.accents}
        are_known = any(True in one for one in accents.values())
        return {
            key
            for key in found
            if all(
                any(other in self._forms[key] for other, _ in numbers_of(form, form))
                for form in leaf.forms
            )
            and not (are_known and accents[key] == {False})
        }

    def _loose(self, node: Node, keys: set[str]) -> set[str]:
        match node:
            case Group(children):
                conditions = [one for one in children if _is_condition(one)]
                words = [one for one in children if not _is_condition(one)]
                words = [one for one in words if not _is_optional(one)] or words
                found = keys.intersection(*(self._strict(one, keys) for one in conditions))
                if words:
                    found &= set().union(*(self._loose(one, keys) for one in words))
                return found
            case Or(children):
                return set().union(*(self._loose(one, keys) for one in children))
            case _:
                return self._strict(node, keys)

    def _counted(self, root: Node) -> list[Leaf]:
        return [
            leaf
            for leaf in dict.fromkeys(positive_leaves(root))
            if isinstance(leaf, WordLeaf | PrefixLeaf)
            and not _is_optional(leaf)
            and not _is_condition(leaf)
        ]

    def _coverage(self, root: Node) -> dict[str, float]:
        covered: dict[str, float] = {}
        for leaf in self._counted(root):
            found = self._scores(leaf)
            for key in found:
                weight = math.log(1 + len(self.documents) / len(found))
                covered[key] = covered.get(key, 0.0) + weight
        return covered

    def _add_kin(self, scores: dict[str, float], coverage: dict[str, float], root: Node) -> None:
        """Words of one family count as one word, where they count more than the word itself."""
        counted = self._counted(root)
        for leaf in counted if len(counted) > 1 else ():
            if isinstance(leaf, WordLeaf) and not leaf.is_quoted:
                own, kin = self._scores(leaf), self._kin(leaf)
                for key, score in kin.items():
                    scores[key] += max(0.0, score - own.get(key, 0.0))
                    if key not in own and key in coverage:
                        weight = math.log(1 + len(self.documents) / max(len(own), len(kin)))
                        coverage[key] += KIN_WEIGHT * weight

    def _kin(self, leaf: WordLeaf) -> dict[str, float]:
        stems = {pattern[0].stem for pattern in leaf.patterns if len(pattern) == 1}
        roots = {root_of(stem) for stem in stems} - {""}
        said: dict[str, float] = {}
        for field in ("title", "text"):
            for stem in self._stems(field) - stems:
                if root_of(stem) in roots:
                    for key, often in self._said(field, stem).items():
                        said[key] = said.get(key, 0.0) + often
        return {
            key: KIN_WEIGHT * score
            for key, score in self._saturated(said, max(len(said), len(self._scores(leaf)))).items()
        }

    def _add_nearness(self, scores: dict[str, float], root: Node) -> None:
        """Neighbours lend each other their weight, divided by their distance."""
        words = [
            (leaf, len(self._scores(leaf)))
            for leaf in self._counted(root)
            if isinstance(leaf, WordLeaf) and any(len(one) == 1 for one in leaf.patterns)
        ]
        words = [(leaf, holders) for leaf, holders in words if holders]
        if len(words) < 2 or len(self._counted(root)) < 2:
            return
        weights = [self._rarity(holders) for _, holders in words]
        mean = sum(weights) / len(weights)
        for key, field in itertools.product(scores, ("title", "text")):
            held = self._places[field][key]
            places = sorted(
                {
                    (place, number)
                    for number, (leaf, _) in enumerate(words)
                    for pattern in leaf.patterns
                    if len(pattern) == 1
                    for place in held.get(pattern[0].stem, ())
                }
            )
            lent = dict.fromkeys(range(len(words)), 0.0)
            for (at, one), (then, other) in itertools.pairwise(places):
                if one != other:
                    lent[one] += weights[other] / max(1, then - at)
                    lent[other] += weights[one] / max(1, then - at)
            for number, weight in enumerate(weights):
                scores[key] += NEAR_WEIGHT * weight * lent[number] / (lent[number] + mean)

    def _partial(self, root: Node, keys: set[str]) -> set[str]:
        known = 0.0
        for leaf in self._counted(root):
            if found := self._scores(leaf):
                known += math.log(1 + len(self.documents) / len(found))
        covered = self._coverage(root)
        least = known * _LEAST_COVERAGE
        return {key for key in self._loose(root, keys) if covered.get(key, 0.0) >= least}

    def _scores(self, leaf: Leaf) -> dict[str, float]:
        match leaf:
            case WordLeaf():
                fields = ("title",) if leaf.in_title else ("title", "text")
                scores = _best([self._pattern(fields, one) for one in leaf.patterns])
                accents = {key: self._accents(key, leaf) for key in scores if leaf.accents}
                for key in scores:
                    if accents.get(key) == {False} and any(True in one for one in accents.values()):
                        scores[key] *= ACCENT_WEIGHT
                    elif not self._forms[key].issuperset(leaf.forms):
                        scores[key] *= RELATIVE_WEIGHT
                return scores
            case PrefixLeaf():
                fields = ("title",) if leaf.in_title else ("title", "text")
                begun = {
                    stem
                    for field in fields
                    for places in self._places[field].values()
                    for stem in places
                    if stem.startswith(leaf.prefix)
                }
                return _best([self._stem(fields, stem) for stem in {*begun, *leaf.stems}])
            case FacetLeaf(facet):
                return {
                    one.key: 0.0 for one in self.documents if facet_holds(_values(one, facet), leaf)
                }
            case YearLeaf(first, last):
                return {
                    one.key: 0.0
                    for one in self.documents
                    if one.counted_year and first <= one.counted_year <= last
                }

    def _accents(self, key: str, leaf: WordLeaf) -> set[bool]:
        """Whether the document writes the word with the accents typed, with others, or both."""
        numbers = dict(numbers_of(leaf.forms[0], leaf.accents))
        found = (
            has_accents(word, numbers[form])
            for word in self._written[key]
            if (form := split_spelling(word)[0]) in numbers
        )
        return {one for one in found if one is not None}

    def _pattern(self, fields: Sequence[str], pattern: tuple[Slot, ...]) -> dict[str, float]:
        if len(pattern) == 1:
            return self._stem(fields, pattern[0].stem)
        total: dict[str, float] = {}
        for one in self.documents:
            if any(_stands(self._places[field][one.key], pattern) for field in fields):
                total[one.key] = sum(
                    self._stem(fields, slot.stem).get(one.key, 0.0) for slot in pattern
                )
        return total

    def _stem(self, fields: Sequence[str], stem: str) -> dict[str, float]:
        """BM25F, the fields added up before saturation."""
        said: dict[str, float] = {}
        for field in fields:
            for key, often in self._said(field, stem).items():
                said[key] = said.get(key, 0.0) + often
        return self._saturated(said, len(said))

    def _stems(self, field: str) -> set[str]:
        return {stem for places in self._places[field].values() for stem in places}

    def _said(self, field: str, stem: str) -> dict[str, float]:
        """How often a stem is said in a field, weighed and diluted."""
        weight, b = (TITLE_WEIGHT, TITLE_B) if field == "title" else (1.0, TEXT_B)
        lengths = {
            key: sum(map(len, places.values())) for key, places in self._places[field].items()
        }
        mean = sum(lengths.values()) / max(1, len(lengths)) or 1.0
        return {
            key: weight * len(places[stem]) / (1 - b + b * lengths[key] / mean)
            for key, places in self._places[field].items()
            if stem in places
        }

    def _saturated(self, said: dict[str, float], holders: int) -> dict[str, float]:
        weight = self._rarity(holders)
        return {key: weight * one * (K1 + 1) / (one + K1) for key, one in said.items()}

    def _rarity(self, holders: int) -> float:
        return math.log(1 + (len(self.documents) - holders + 0.5) / (holders + 0.5))


def _read(document: Document, field: str) -> dict[str, set[int]]:
    places: dict[str, set[int]] = {}
    text = document.title if field == "title" else document.body
    for term in analyse(text, document.language):
        places.setdefault(term.stem, set()).add(term.position)
    return places


def _stands(places: dict[str, set[int]], pattern: tuple[Slot, ...]) -> bool:
    return any(
        all(start + slot.offset in places.get(slot.stem, ()) for slot in pattern)
        for start in places.get(pattern[0].stem, ())
    )


def _values(document: Document, facet: str) -> list[str]:
    if facet == "kind":
        return [document.kind]
    parts = [value.split(".") for value in document.facets.get(facet, ())]
    return [".".join(one[:depth]) for one in parts for depth in range(1, len(one) + 1)]


def _best(found: list[dict[str, float]]) -> dict[str, float]:
    best: dict[str, float] = {}
    for scores in found:
        for key, score in scores.items():
            best[key] = max(score, best.get(key, 0.0))
    return best


def _ranked(values: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(values.items(), key=lambda pair: (-round(pair[1], 9), pair[0]))


def _is_optional(node: Node) -> bool:
    return isinstance(node, WordLeaf) and node.is_optional


def _is_condition(node: Node) -> bool:
    if isinstance(node, WordLeaf | PrefixLeaf):
        return node.in_title
    return isinstance(node, FacetLeaf | YearLeaf | Not)
