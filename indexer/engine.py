"""What a backend must offer: three protocols, held to one contract suite (tests/contract).

Readers never write. There is one writer per index, holder of the lock. Whatever happens to the
files, these methods raise the errors of `indexer.errors` and no other for it.
"""

from collections.abc import Mapping
from typing import Protocol, Self

from indexer.model import (
    Document,
    Hit,
    Results,
    Revision,
    SearchRequest,
    Suggestion,
    Synonyms,
    VerifyReport,
)

__all__ = ["NO_SYNONYMS", "IndexWriter", "Rebuild", "SearchEngine"]

NO_SYNONYMS = Synonyms()


class SearchEngine(Protocol):
    """The reading side, shared by all threads of a process.

    It notices by itself when the index has changed. Each method raises `IndexUnavailable` when no
    generation can be opened.
    """

    @property
    def revision(self) -> Revision:
        """What a search made now would answer from."""

    def search(self, request: SearchRequest) -> Results:
        """Answer one request; any text is a valid query."""

    def suggest(
        self,
        text: str,
        *,
        audiences: frozenset[str],
        terms: tuple[str, ...] = (),
        synonyms: Synonyms = NO_SYNONYMS,
        limit: int = 8,
    ) -> tuple[Suggestion, ...]:
        """Complete what is being typed, from documents of these audiences only.

        `terms` are names of the vocabulary, proposed when they find something; so are the terms of
        `synonyms`, and whoever typed one whole is proposed the others of its group. Nothing is
        while an older generation answers: it may know words that were withdrawn since.
        """

    def similar(
        self, key: str, *, audiences: frozenset[str], limit: int = 5, snippets: bool = False
    ) -> tuple[Hit, ...]:
        """The documents nearest to this one, best first, itself left out."""

    def get(self, key: str, *, audiences: frozenset[str]) -> Document | None:
        """The document as it was indexed, or None when unknown or out of these audiences."""

    def keys(self) -> frozenset[str]:
        """Every key held, whatever the audience: for administration, not for readers."""

    def document_count(self) -> int:
        """How many documents are held, whatever their audience."""

    def verify(self, expected: Mapping[str, str]) -> VerifyReport:
        """Compare with `expected`, digest by key."""

    def refresh(self) -> bool:
        """Look for a newer revision now; True when it changed. Searching does this anyway."""

    def close(self) -> None:
        """Let go of the files once the searches under way have ended."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *exception: object) -> None: ...


class Rebuild(Protocol):
    """A new generation built beside the one that serves.

    Documents are written as they come, in bounded memory. Nothing is seen of it before `promote`;
    leaving the `with` block without it abandons.
    """

    @property
    def document_count(self) -> int:
        """How many documents it holds so far."""

    def put(self, document: Document) -> None:
        """Add the document, or replace the one with its key."""

    def remove(self, key: str) -> None:
        """Take the document out; an unknown key is no error."""

    def promote(self) -> Revision:
        """Make it the current generation at once; the one before it is kept, older ones go."""

    def abandon(self) -> None:
        """Throw it away."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *exception: object) -> None: ...


class IndexWriter(Protocol):
    """The writing side: holds the lock from opening to `close`.

    Changes wait in memory until `commit`; commit every few hundred of them. Leaving the `with`
    block drops what was not committed. Each method that touches the files raises `IndexDamaged`
    when they are not what was last committed: the remedy is `begin_rebuild` or `open_rebuild`.
    """

    @property
    def revision(self) -> Revision:
        """The last commit."""

    @property
    def pending(self) -> int:
        """How many documents the next commit will change."""

    def put(self, document: Document) -> None:
        """Add the document, or replace the one with its key."""

    def remove(self, key: str) -> None:
        """Take the document out, of every kept generation; an unknown key is no error."""

    def commit(self) -> Revision:
        """Make the changes durable, then visible to readers. When it returns, they are on disk."""

    def check(self, *, deep: bool = False) -> None:
        """Raise `IndexDamaged` if the files were altered.

        Cheap unless `deep`, which reads and sums every byte.
        """

    def begin_rebuild(self) -> Rebuild:
        """Build a new generation beside; after its promotion this writer writes to it.

        While it runs, hand every change to both.
        """

    def close(self) -> None:
        """Drop what is pending and release the lock."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *exception: object) -> None: ...
