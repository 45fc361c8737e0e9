"""The values that cross the border of the engine, and nothing else.

Everything is frozen. Facet values are identifiers, never labels; a dot makes a hierarchy
(`telesante.teleconsultation` lies under `telesante`).
"""

from indexer.model.documents import RESERVED_FACETS, Attachment, Document
from indexer.model.requests import Names, SearchRequest, SortOrder, SynonymGroup, Synonyms
from indexer.model.results import (
    Correction,
    FacetCount,
    Hit,
    Results,
    Revision,
    Segment,
    Snippet,
    Suggestion,
    UnmetField,
    VerifyReport,
    YearCount,
)

__all__ = [
    "RESERVED_FACETS",
    "Attachment",
    "Correction",
    "Document",
    "FacetCount",
    "Hit",
    "Names",
    "Results",
    "Revision",
    "SearchRequest",
    "Segment",
    "Snippet",
    "SortOrder",
    "Suggestion",
    "SynonymGroup",
    "Synonyms",
    "UnmetField",
    "VerifyReport",
    "YearCount",
]
