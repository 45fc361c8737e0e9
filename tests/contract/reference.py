"""A slow, obvious evaluator: what an answer must be, by its definition."""

import math
from collections.abc import Iterable, Mapping

from indexer import Document, SearchRequest

_LEAST_COVERAGE = 0.1


def words_of(document: Document) -> frozenset[str]:
    return frozenset(f"{document.title} {document.body}".split())


def _expanded(document: Document, facet: str) -> frozenset[str]:
    if facet == "kind":
        return frozenset({document.kind})
    found = set()
    for value in document.facets.get(facet, ()):
        parts = value.split(".")
        found |= {".".join(parts[:depth]) for depth in range(1, len(parts) + 1)}
    return frozenset(found)


def matched(
    documents: Iterable[Document], request: SearchRequest
) -> tuple[list[Document], list[Document]]:
    """The visible documents holding every word, and those holding enough of them."""
    visible = [one for one in documents if one.audience in request.audiences]
    wanted = {word for word in request.text.split() if not word.startswith("-")}
    unwanted = {word[1:] for word in request.text.split() if word.startswith("-")}
    allowed = [one for one in visible if not unwanted & words_of(one)]
    full = [one for one in allowed if wanted <= words_of(one)]
    weights = {}
    for word in wanted:
        held = sum(word in words_of(one) for one in visible)
        if held:
            weights[word] = math.log(1 + len(visible) / held)
    least = sum(weights.values()) * _LEAST_COVERAGE
    partial = [
        one
        for one in allowed
        if one not in full
        and (covered := [weights[word] for word in wanted & words_of(one)])
        and sum(covered) >= least
    ]
    return full, partial


def passes(document: Document, request: SearchRequest) -> bool:
    """Whether the document passes every filter and the years."""
    for facet, values in request.filters.items():
        if values and not values & _expanded(document, facet):
            return False
    if request.year_from is None and request.year_to is None:
        return True
    year = document.counted_year
    if year is None:
        return False
    first = request.year_from if request.year_from is not None else year
    last = request.year_to if request.year_to is not None else year
    return first <= year <= last


def found(documents: Iterable[Document], request: SearchRequest) -> tuple[set[str], set[str]]:
    """The keys answered: with every word, and with some."""
    full, partial = matched(documents, request)
    return (
        {one.key for one in full if passes(one, request)},
        {one.key for one in partial if passes(one, request)},
    )


def counts(
    documents: Iterable[Document], request: SearchRequest, *, facet: str
) -> Mapping[str, int]:
    """By value: how many results choosing that value alone in its facet would give."""
    documents = list(documents)
    values = {value for one in documents for value in _expanded(one, facet)}
    counted = {}
    for value in values:
        filters = {**request.filters, facet: frozenset({value})}
        chosen = SearchRequest(
            request.text,
            audiences=request.audiences,
            filters=filters,
            year_from=request.year_from,
            year_to=request.year_to,
        )
        full, partial = found(documents, chosen)
        if full | partial or value in request.filters.get(facet, ()):
            counted[value] = len(full | partial)
    return counted
