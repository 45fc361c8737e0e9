"""The words of one revision, as `indexer.dictionary` wants them. Used under the revision's lock."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from indexer.backends.whoosh_revision import OpenRevision
from indexer.dictionary import Word

__all__ = ["WhooshDictionary"]


class WhooshDictionary:
    """See `indexer.dictionary.Dictionary`; `visible` are the documents the reader may see."""

    def __init__(self, revision: OpenRevision, visible: frozenset[int]) -> None:
        self._revision = revision
        self._visible = visible

    def knows(self, form: str) -> bool:
        """Whether some document holds a word of this folded form."""
        return self._revision.words.knows(form)

    def known_among(self, forms: Iterable[str]) -> list[str]:
        """Those of these folded forms that some document holds."""
        return self._revision.words.known_among(forms)

    def spellings(self, form: str) -> Iterator[Word]:
        """The ways a folded form is written."""
        return takewhile(lambda word: word.form == form, self.words(form))

    def words(self, prefix: str) -> Iterator[Word]:
        """Those whose key begins with `prefix`, in order."""
        return self._revision.words_from(prefix)

    def common(self, prefix: str, *, limit: int) -> Sequence[Word]:
        """The most frequent of those."""
        return self._revision.words.common(prefix, limit=limit)

    def visible_frequency(self, word: Word) -> int:
        """How many visible documents hold it."""
        return len(self._visible.intersection(self._revision.holders(word.key)))
