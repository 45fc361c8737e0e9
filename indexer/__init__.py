"""A search engine for French documents: framework-free, knows nothing of its callers.

Open a reader with `open_engine`, the one writer with `open_writer`; hand over `Document`s,
ask with a `SearchRequest`. How it works inside is told in docs/search-engine.md.
"""

from indexer.engine import IndexWriter, Rebuild, SearchEngine
from indexer.errors import IndexBusy, IndexDamaged, IndexFault, IndexUnavailable
from indexer.factory import open_engine, open_rebuild, open_writer
from indexer.model import (
    Attachment,
    Correction,
    Document,
    FacetCount,
    Hit,
    Names,
    Results,
    Revision,
    SearchRequest,
    Segment,
    Snippet,
    SortOrder,
    Suggestion,
    SynonymGroup,
    Synonyms,
    UnmetField,
    VerifyReport,
    YearCount,
)

__all__ = [
    "Attachment",
    "Correction",
    "Document",
    "FacetCount",
    "Hit",
    "IndexBusy",
    "IndexDamaged",
    "IndexFault",
    "IndexUnavailable",
    "IndexWriter",
    "Names",
    "Rebuild",
    "Results",
    "Revision",
    "SearchEngine",
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
    "open_engine",
    "open_rebuild",
    "open_writer",
]
