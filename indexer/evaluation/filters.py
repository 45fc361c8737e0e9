"""Filters, and counts that keep their promise: each facet counted with every filter but its own.

The number beside a value is then the number of results after choosing it: within a facet values
are alternatives, across facets they add up.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from indexer.analysis import fold
from indexer.evaluation.cards import Card
from indexer.model import FacetCount, SearchRequest, YearCount
from indexer.query import FacetLeaf

__all__ = ["Counted", "count", "facet_holds", "held_values"]

_YEAR = "year"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Counted:
    """The documents that pass every filter, and the counts asked for."""

    kept: list[int]
    facets: Mapping[str, tuple[FacetCount, ...]]
    years: tuple[YearCount, ...]


def count(
    matched: Iterable[int], request: SearchRequest, *, card_of: Callable[[int], Card]
) -> Counted:
    """Apply the filters of `request` to `matched` and count its facets, in one pass.

    A document that fails one filter only still counts for the facet of that filter.
    """
    tests = _tests(request)
    counters: dict[str, Counter[str]] = {name: Counter() for name in request.facets}
    years: Counter[int] = Counter()
    kept: list[int] = []
    for number in matched:
        card = card_of(number)
        failed = [name for name, test in tests.items() if not test(card)]
        if not failed:
            kept.append(number)
        elif len(failed) > 1:
            continue
        counted = failed or counters
        for name in counted:
            if name in counters:
                counters[name].update(card.facets.get(name, ()))
        if request.years and card.year and failed in ([], [_YEAR]):
            years[card.year] += 1
    return Counted(
        kept,
        {name: _ranked(counters[name], request.filters.get(name, ())) for name in request.facets},
        tuple(YearCount(year, years[year]) for year in sorted(years)),
    )


def _tests(request: SearchRequest) -> dict[str, Callable[[Card], bool]]:
    tests: dict[str, Callable[[Card], bool]] = {
        name: _holds_any(name, frozenset(values))
        for name, values in request.filters.items()
        if values
    }
    if request.year_from is not None or request.year_to is not None:
        first = max(1, request.year_from if request.year_from is not None else 1)
        last = request.year_to if request.year_to is not None else 10_000
        tests[_YEAR] = lambda card: first <= card.year <= last
    return tests


def _holds_any(name: str, wanted: frozenset[str]) -> Callable[[Card], bool]:
    return lambda card: not wanted.isdisjoint(card.facets.get(name, ()))


def _ranked(counter: Counter[str], chosen: Iterable[str]) -> tuple[FacetCount, ...]:
    """Most frequent first; what was chosen stays in sight, even at zero."""
    for value in chosen:
        counter.setdefault(value, 0)
    ranked = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
    return tuple(FacetCount(value, number) for value, number in ranked)


def facet_holds(values: Iterable[str], leaf: FacetLeaf) -> bool:
    """Whether a typed, folded value (`theme:teleconsultation`) means one of these identifiers.

    It does when it equals the identifier or its last part, when all its words are among those
    of the identifier (`auteur:tremblay` finds `Jean Tremblay`), or when it is the name of one. A
    prefix (`auteur:trem*`) does when a word of the identifier begins so.
    """
    words = set(_WORD.findall(leaf.value))
    for value in values:
        if value in leaf.named:
            return True
        folded = fold(value)
        held = _WORD.findall(folded)
        if leaf.is_prefix:
            if any(word.startswith(leaf.value) for word in held):
                return True
        elif leaf.value in (folded, folded.rpartition(".")[2]) or (words and words <= set(held)):
            return True
    return False


def held_values(values: tuple[str, ...], leaf: FacetLeaf) -> frozenset[int]:
    """The places of the values that a typed, folded value means: see `facet_holds`.

    A column may have as many values as there are authors: each is read once.
    """
    spelt, holding = _lexicon(values)
    if leaf.is_prefix:
        begun = (holding[word] for word in holding if word.startswith(leaf.value))
        found = _NONE.union(*begun)
    else:
        found = spelt.get(leaf.value, _NONE)
        if words := _WORD.findall(leaf.value):
            found |= frozenset.intersection(*(holding.get(word, _NONE) for word in words))
    if leaf.named:
        found |= {place for place, value in enumerate(values) if value in leaf.named}
    return found


_NONE: frozenset[int] = frozenset()
_Places = Mapping[str, frozenset[int]]


@lru_cache(maxsize=16)
def _lexicon(values: tuple[str, ...]) -> tuple[_Places, _Places]:
    """Where each value stands by what spells it, and by each of its words."""
    spelt: dict[str, set[int]] = {}
    holding: dict[str, set[int]] = {}
    for place, value in enumerate(values):
        folded = fold(value)
        for text in (folded, folded.rpartition(".")[2]):
            spelt.setdefault(text, set()).add(place)
        for word in _WORD.findall(folded):
            holding.setdefault(word, set()).add(place)
    return _frozen(spelt), _frozen(holding)


def _frozen(places: Mapping[str, set[int]]) -> _Places:
    return {text: frozenset(found) for text, found in places.items()}
