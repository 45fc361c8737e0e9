"""From rows of the database to documents, and from documents into an index.

A document that cannot be built never stops the others: it is set apart, and the journal says why.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from indexer import Document, IndexWriter, Rebuild
from inters4.core.db import reading
from inters4.core.outbox import DocumentRef
from inters4.search.queries import index as queries

log = structlog.get_logger(__name__)


def load_documents(
    references: Iterable[DocumentRef], failed: set[DocumentRef]
) -> Iterator[tuple[DocumentRef, Document | None]]:
    """Documents as the database has them now; those that cannot be built go to `failed`.

    Raises:
        DBAPIError, NoConnection: the database does not answer, which is no document's fault.
    """
    with reading() as session:
        for reference in sorted(references):
            try:
                document = queries.load_document(session, reference)
            except (DBAPIError, NoConnection):
                raise
            except Exception:
                log.exception("document_not_built", key=reference.key)
                failed.add(reference)
                continue
            yield reference, document


def apply(
    target: IndexWriter | Rebuild | None, reference: DocumentRef, document: Document | None
) -> None:
    """Put or remove one document, in one index or none."""
    if target is None:
        return
    if document is None:
        target.remove(reference.key)
    else:
        target.put(document)


def in_batches(references: Iterable[DocumentRef], size: int) -> Iterator[list[DocumentRef]]:
    """The same references, `size` at a time."""
    iterator = iter(references)
    while batch := list(islice(iterator, size)):
        yield batch
