"""Facets, years and chips of the page, from what the engine counted."""

from collections.abc import Container, Iterator, Mapping
from functools import lru_cache

from indexer import FacetCount, Results
from indexer.analysis import fold
from inters4.core.i18n import _
from inters4.search.models import Place
from inters4.search.models.criteria import PARAMETERS, Criteria
from inters4.search.models.page import Chip, Facet, NearFilter, Option, YearBar
from inters4.search.services.labels import ORDERED, Labels
from inters4.vocabulary.queries import Node

_BARS = 60
_folded = lru_cache(maxsize=4_096)(fold)
"""Labels are few and sorted at each search; folding one takes longer than finding it again."""
PROPOSED = "proposed"
"""Facet of the index: the scales on which nobody reviewed the rating of a document."""
COUNTED = (*PARAMETERS, PROPOSED)


def make_facets(results: Results, criteria: Criteria, labels: Labels) -> tuple[Facet, ...]:
    """Every facet that has something to offer, or in which something is chosen."""
    proposed = {item.value for item in results.facets.get(PROPOSED, ()) if item.count}
    made = (
        Facet(
            name,
            labels.of_facet(facet),
            _options(facet, results.facets.get(facet, ()), criteria, labels),
            facet in proposed,
        )
        for facet, name in PARAMETERS.items()
    )
    return tuple(facet for facet in made if _has_a_choice(facet))


def make_years(results: Results, criteria: Criteria) -> tuple[YearBar, ...]:
    """One bar a year from the first to the last, years without a document included."""
    counts = {bar.year: bar.count for bar in results.years if bar.count}
    if not counts:
        return ()
    first, last = min(counts), max(counts)
    low = criteria.year_from or first
    high = criteria.year_to or last
    return tuple(
        YearBar(year, counts.get(year, 0), low <= year <= high)
        for year in range(max(first, last - _BARS + 1), last + 1)
    )


def make_chips(criteria: Criteria, labels: Labels) -> tuple[Chip, ...]:
    """Each chosen value with the search that leaves it out."""
    chips = [
        Chip(labels.of_facet(facet), labels.of(facet, value), criteria.without(facet, value))
        for facet in PARAMETERS
        for value in criteria.chosen.get(facet, ())
    ]
    if criteria.has_years:
        chips.append(Chip(_("Année"), labels.of_years(criteria), criteria.without_years()))
    return tuple(chips)


def make_near(
    results: Results, criteria: Criteria, labels: Labels, place: Place
) -> tuple[NearFilter, ...]:
    """A filter for each part of `place` that the search does not ask for yet, with its count."""
    offered = (
        ("region", place.region, _("Ma région")),
        ("profession", place.profession, _("Ma profession")),
    )
    return tuple(
        NearFilter(
            label,
            labels.of(facet, value),
            next((item.count for item in results.facets.get(facet, ()) if item.value == value), 0),
            criteria.choosing(facet, value),
        )
        for facet, value, label in offered
        if value and value not in criteria.chosen.get(facet, ())
    )


def _has_a_choice(facet: Facet) -> bool:
    """A language alone is no choice; elsewhere one value still says what the results are."""
    if facet.name == PARAMETERS["language"]:
        return len(facet.options) > 1 or any(option.chosen for option in facet.options)
    return bool(facet.options)


def _options(
    facet: str, counted: tuple[FacetCount, ...], criteria: Criteria, labels: Labels
) -> tuple[Option, ...]:
    chosen = frozenset(criteria.chosen.get(facet, ()))
    counts = {item.value: item.count for item in counted if item.count}
    if facet == "theme":
        tree = labels.words.tree("themes")
        above = (parent for value in chosen for parent in labels.words.ancestors(value))
        in_tree = tuple(_branch(tree, 0, counts, chosen, counts.keys() | chosen | set(above)))
        named = {option.value for option in in_tree}
    else:
        in_tree, named = (), set()
    ranks = labels.ranks(facet) if facet in ORDERED else {}
    others = [
        Option(value, labels.of(facet, value), counts.get(value, 0), value in chosen)
        for value in {*counts, *chosen} - named
    ]
    others.sort(key=lambda option: _place(option, ranks))
    return (*in_tree, *others)


def _branch(
    nodes: tuple[Node, ...],
    depth: int,
    counts: Mapping[str, int],
    chosen: frozenset[str],
    shown: Container[str],
) -> Iterator[Option]:
    """The nodes worth showing with what lies under them; choosing one moves nothing.

    A parent counts what lies under it: below a node that is not `shown` there is nothing to show.
    """
    branches = []
    for node in nodes:
        value = node.entry.id
        if value not in shown:
            continue
        under = tuple(_branch(node.children, depth + 1, counts, chosen, shown))
        option = Option(value, node.entry.label(), counts.get(value, 0), value in chosen, depth)
        branches.append((_place(option, {}), (option, *under)))
    for _rank, options in sorted(branches, key=lambda branch: branch[0]):
        yield from options


def _place(option: Option, ranks: Mapping[str, int]) -> tuple[int, int, str]:
    by_rank = ranks.get(option.value, len(ranks)) if ranks else 0
    return (by_rank, -option.count, _folded(option.label))
