"""What both readers of a Whoosh index do alike: everything that is not evaluation.

A question is put to the current revision, and put again if that fails because files went bad: see
`whoosh_current`. What differs is how a revision answers, which each engine says for itself.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, Self, TypeVar

from indexer.backends.whoosh_current import CurrentRevision, Opened, Opener
from indexer.dictionary import Dictionary
from indexer.engine import NO_SYNONYMS
from indexer.model import Document, Revision, Suggestion, Synonyms, VerifyReport
from indexer.query import WordLeaf
from indexer.words import Titled, suggest

__all__ = ["Readable", "Seen", "WhooshReader"]


class Readable(Opened, Protocol):
    """A commit whose documents can be listed and read."""

    def digests(self) -> Mapping[str, str]:
        """The digest of every live document, by key."""

    @property
    def live_count(self) -> int:
        """How many documents it holds."""

    def number_of(self, key: str) -> int | None:
        """The live document with this key."""

    def audience_of(self, number: int) -> str:
        """The audience of a document."""

    def document(self, number: int) -> Document:
        """The whole document, from the text store."""


R = TypeVar("R", bound=Readable)
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Seen:
    """What suggestions need of what one reader may see: see `indexer.words.suggest`.

    `titles_like` gives the documents whose title may complete a text, so many of each kind at most.
    """

    titles_like: Callable[[str, int], Iterable[Titled]]
    dictionary: Dictionary
    finds: Callable[[Sequence[WordLeaf]], bool]


class WhooshReader(ABC, Generic[R]):
    """The part of `indexer.engine.SearchEngine` that evaluates nothing."""

    def __init__(self, root: Path, opener: Opener[R]) -> None:
        self._current = CurrentRevision(root, opener)

    @property
    def revision(self) -> Revision:
        """What a search made now would answer from."""
        return self._ask(lambda opened: opened.revision)

    def suggest(
        self,
        text: str,
        *,
        audiences: frozenset[str],
        terms: tuple[str, ...] = (),
        synonyms: Synonyms = NO_SYNONYMS,
        limit: int = 8,
    ) -> tuple[Suggestion, ...]:
        """Titles, terms and words that complete what is being typed."""

        def answer(opened: R, is_fallback: bool) -> tuple[Suggestion, ...]:
            if is_fallback:
                return ()
            with self._looking(opened, audiences) as seen:
                return suggest(
                    text,
                    seen.titles_like(text, limit),
                    dictionary=seen.dictionary,
                    finds=seen.finds,
                    terms=terms,
                    synonyms=synonyms,
                    limit=limit,
                )

        return self._current.answer(answer)

    @abstractmethod
    def _looking(self, opened: R, audiences: frozenset[str]) -> AbstractContextManager[Seen]:
        """What a reader of these audiences sees, as long as it is looked at."""

    def get(self, key: str, *, audiences: frozenset[str]) -> Document | None:
        """The document as it was indexed."""

        def answer(opened: R) -> Document | None:
            number = opened.number_of(key)
            if number is None or opened.audience_of(number) not in audiences:
                return None
            return opened.document(number)

        return self._ask(answer)

    def keys(self) -> frozenset[str]:
        """Every key held."""
        return self._ask(lambda opened: frozenset(opened.digests()))

    def document_count(self) -> int:
        """How many documents are held."""
        return self._ask(lambda opened: opened.live_count)

    def verify(self, expected: Mapping[str, str]) -> VerifyReport:
        """Compare with digests by key."""
        return self._ask(lambda opened: VerifyReport.of(opened.digests(), expected=expected))

    def refresh(self) -> bool:
        """Look for a newer revision now."""
        return self._current.refresh()

    def close(self) -> None:
        """Let go of the files once the searches under way have ended."""
        self._current.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _ask(self, answer: Callable[[R], Answer]) -> Answer:
        return self._current.answer(lambda opened, _: answer(opened))
