"""Asking the index: the only place where the viewer becomes a filter.

What a viewer may read now becomes a set of containers, in one statement, and nothing is asked of
the index without it: results, counts, corrections, suggestions, ways out, exports and similar
documents all obey. Nothing else in the portal builds a `SearchRequest` or reads a document of the
index. The database says which spaces are read, at each request: a space that was narrowed, or left,
is out of sight at once, whatever the index still says.
"""

from dataclasses import replace
from typing import Any, NewType

from sqlalchemy.orm import Session

from indexer import Document, Results, SearchRequest, SortOrder, Suggestion, Synonyms
from inters4.core.access import Viewer
from inters4.core.hooks import hooks
from inters4.core.paging import PAGE_SIZE
from inters4.search.models import Criteria
from inters4.search.queries.engine import engine
from inters4.search.services.labels import Labels

SPACE = "space:"
"""What the containers of spaces start with."""
Containers = NewType("Containers", frozenset[str])
"""What a viewer may look into; only `admitted` makes one."""


def admitted(session: Session, viewer: Viewer) -> Containers:
    """The containers that `viewer` reads now; one statement.

    Belonging to a space is not what opens it: a visitor reads public spaces too.
    """
    own = {name for name in viewer.audiences if not name.startswith(SPACE)}
    spaces = hooks.containers(session, viewer)
    return Containers(frozenset(own | {f"{SPACE}{number}" for number in spaces}))


def ask(criteria: Criteria, within: Containers, labels: Labels, **options: Any) -> Results:
    """What the index answers to `criteria`, one page of it unless `options` say otherwise.

    `options` are fields of `SearchRequest`.

    Raises:
        IndexUnavailable: no index can be read now.
    """
    has_order = criteria.text or criteria.sort is not SortOrder.RELEVANCE
    request = SearchRequest(
        criteria.text,
        audiences=within,
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
    text: str, within: Containers, *, terms: tuple[str, ...], synonyms: Synonyms, limit: int
) -> tuple[Suggestion, ...]:
    """Completions of `text` among what may be seen; none while an older index answers.

    Raises:
        IndexUnavailable: no index can be read now.
    """
    return engine().suggest(text, audiences=within, terms=terms, synonyms=synonyms, limit=limit)


def indexed(key: str, within: Containers) -> Document | None:
    """The document as it was indexed, None when it is unknown or may not be seen.

    Raises:
        IndexUnavailable: no index can be read now.
    """
    return engine().get(key, audiences=within)
