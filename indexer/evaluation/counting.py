"""Filters and counts on arrays; the promise is that of `filters`.

Each filter is a mask. A document that fails one filter only still counts for the facet of that
filter, so that two sums over the masks tell everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from indexer.evaluation.shards import Array, Corpus, FacetColumn, Mask
from indexer.model import FacetCount, SearchRequest, YearCount

__all__ = ["CountedMask", "count_masks"]

_YEAR = "year"


@dataclass(frozen=True, slots=True)
class CountedMask:
    """The documents that pass every filter, and the counts asked for."""

    kept: Mask
    facets: Mapping[str, tuple[FacetCount, ...]]
    years: tuple[YearCount, ...]


def count_masks(matched: Mask, request: SearchRequest, *, corpus: Corpus) -> CountedMask:
    """Apply the filters of `request` to `matched` and count its facets."""
    passing = _filters(request, corpus)
    failures = np.zeros(len(matched), np.uint8)
    for mask in passing.values():
        failures += ~mask
    kept = matched & (failures == 0) if passing else matched

    def countable(name: str) -> Array:
        if name not in passing:
            return kept_docs
        return np.flatnonzero(kept | (matched & (failures == 1) & ~passing[name]))

    kept_docs = np.flatnonzero(kept)
    facets = {
        name: _ranked(corpus.facet(name), countable(name), request.filters.get(name, frozenset()))
        for name in request.facets
    }
    years: tuple[YearCount, ...] = ()
    if request.years:
        numbers = np.bincount(corpus.column("year")[countable(_YEAR)])
        years = tuple(
            YearCount(year, int(numbers[year])) for year in np.flatnonzero(numbers).tolist() if year
        )
    return CountedMask(kept, facets, years)


def _filters(request: SearchRequest, corpus: Corpus) -> dict[str, Mask]:
    passing = {
        name: corpus.holders_of(name, values) for name, values in request.filters.items() if values
    }
    if request.year_from is not None or request.year_to is not None:
        years = corpus.column("year")
        first = max(1, request.year_from if request.year_from is not None else 1)
        last = request.year_to if request.year_to is not None else 10_000
        passing[_YEAR] = (years >= first) & (years <= last)
    return passing


def _ranked(
    column: FacetColumn | None, docs: Array, chosen: frozenset[str]
) -> tuple[FacetCount, ...]:
    """Most frequent first; what was chosen stays in sight, even at zero."""
    counts = dict.fromkeys(chosen, 0)
    if column is not None:
        numbers = np.bincount(_values_of(column, docs), minlength=len(column.values))
        for number in np.flatnonzero(numbers).tolist():
            counts[column.values[number]] = int(numbers[number])
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(FacetCount(value, number) for value, number in ranked)


def _values_of(column: FacetColumn, docs: Array) -> Array:
    """The values of all `docs`, one after the other."""
    if column.is_single:
        return column.ids[docs]
    firsts = column.at[docs]
    counts = column.at[docs + 1] - firsts
    ends = np.cumsum(counts)
    if not len(ends) or not ends[-1]:
        return column.ids[:0]
    within = np.arange(ends[-1]) - np.repeat(ends - counts, counts)
    found: Array = column.ids[np.repeat(firsts, counts) + within]
    return found
