"""What each leaf of a query means in one revision: scores by document, from Whoosh postings."""

from collections.abc import Iterable, Mapping

from indexer.backends.whoosh_revision import OpenRevision
from indexer.backends.whoosh_schema import TEXT, TITLE
from indexer.evaluation import facet_holds
from indexer.query import FacetLeaf, Leaf, PrefixLeaf, Slot, WordLeaf, YearLeaf

__all__ = ["look_up"]

Scores = dict[int, float]


def look_up(leaf: Leaf, *, revision: OpenRevision, visible: frozenset[int]) -> Mapping[int, float]:
    """Score by document of one leaf. Documents out of `visible` may be among them."""
    match leaf:
        case WordLeaf(patterns):
            fields = _fields(in_title=leaf.in_title)
            return _best(_pattern(revision, fields, pattern) for pattern in patterns)
        case PrefixLeaf():
            return _prefix(revision, leaf)
        case FacetLeaf(facet, value):
            return {
                number: 0.0
                for number in visible
                if facet_holds(revision.cards[number].facets.get(facet, ()), value)
            }
        case YearLeaf(first, last):
            return {
                number: 0.0
                for number in visible
                if (date := revision.cards[number].date) and first <= date.year <= last
            }


def _fields(*, in_title: bool) -> tuple[str, ...]:
    return (TITLE,) if in_title else (TITLE, TEXT)


def _best(found: Iterable[Scores]) -> Scores:
    """The better score of each document: spellings of one word do not add up."""
    best: Scores = {}
    for scores in found:
        for number, score in scores.items():
            best[number] = max(score, best.get(number, 0.0))
    return best


def _pattern(revision: OpenRevision, fields: tuple[str, ...], pattern: tuple[Slot, ...]) -> Scores:
    total: Scores = {}
    for field in fields:
        found = _word(revision, field, pattern[0].stem)
        if len(pattern) > 1:
            found = _phrase(revision, field, pattern)
        for number, score in found.items():
            total[number] = total.get(number, 0.0) + score
    return total


def _word(revision: OpenRevision, field: str, stem: str) -> Scores:
    occurrences = revision.occurrences(field, stem, positions=False)
    return {number: score for number, (score, _) in occurrences.items()}


def _phrase(revision: OpenRevision, field: str, pattern: tuple[Slot, ...]) -> Scores:
    """Documents where every slot stands at its place after one same beginning."""
    first, *others = [
        (slot.offset, revision.occurrences(field, slot.stem, positions=True)) for slot in pattern
    ]
    found: Scores = {}
    for number, (score, places) in first[1].items():
        beginnings = set(places)
        total = score
        for offset, occurrences in others:
            other_score, other_places = occurrences.get(number, (0.0, []))
            total += other_score
            beginnings &= {place - offset for place in other_places}
        if beginnings:
            found[number] = total
    return found


def _prefix(revision: OpenRevision, leaf: PrefixLeaf) -> Scores:
    return _best(
        _word(revision, field, stem)
        for field in _fields(in_title=leaf.in_title)
        for stem in dict.fromkeys([*revision.expand(field, leaf.prefix), *leaf.stems])
    )
