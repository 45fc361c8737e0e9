"""Asking the index: the only place where the viewer becomes a filter.

The audiences come from the viewer and are given to every request made here: results, counts,
corrections, suggestions, ways out, exports and similar documents all obey them. Nothing else in the
portal builds a `SearchRequest`.
"""

from dataclasses import replace
from typing import Any

from indexer import Results, SearchRequest, SortOrder, Suggestion, Synonyms
from inters4.core.access import Viewer
from inters4.core.paging import PAGE_SIZE
from inters4.search.models import Criteria
from inters4.search.queries.engine import engine
from inters4.search.services.labels import Labels


def ask(criteria: Criteria, viewer: Viewer, labels: Labels, **options: Any) -> Results:
    """What the index answers to `criteria`, one page of it unless `options` say otherwise.

    `options` are fields of `SearchRequest`.

    Raises:
        IndexUnavailable: no index can be read now.
    """
    has_order = criteria.text or criteria.sort is not SortOrder.RELEVANCE
    request = SearchRequest(
        criteria.text,
        audiences=viewer.audiences,
        filters={facet: frozenset(values) for facet, values in criteria.chosen.items()},
        year_from=criteria.year_from,
        year_to=criteria.year_to,
        sort=criteria.sort if has_order else SortOrder.DATE,
        offset=(criteria.page - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
        snippets=False,
        exact=criteria.exact,
        synonyms=labels.words.synonyms,
        names=labels.names,
    )
    return engine().search(replace(request, **options))


def complete(
    text: str, viewer: Viewer, *, terms: tuple[str, ...], synonyms: Synonyms, limit: int
) -> tuple[Suggestion, ...]:
    """Completions of `text` among what `viewer` may see; none while an older index answers.

    Raises:
        IndexUnavailable: no index can be read now.
    """
    return engine().suggest(
        text, audiences=viewer.audiences, terms=terms, synonyms=synonyms, limit=limit
    )
