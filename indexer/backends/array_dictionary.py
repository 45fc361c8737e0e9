"""The words of one revision as written, merged from its segments when asked.

A word that is near another is looked for by trying some hundreds of spellings: a table of marks, by
sum of the form, says at once of most of them that no segment holds them.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from indexer.analysis import SPELT, split_spelling
from indexer.backends.array_revision import ArrayRevision
from indexer.dictionary import Word, most_frequent
from indexer.evaluation.shards import FORM, Mask

__all__ = ["ArrayDictionary"]

_MARKS = 1 << 21
_LAST = b"\xff"
"""After every letter."""


class ArrayDictionary:
    """See `indexer.dictionary.Dictionary`; `visible` are the documents the reader may see."""

    def __init__(self, revision: ArrayRevision, visible: Mask) -> None:
        self._revision = revision
        self._visible = visible

    def knows(self, form: str) -> bool:
        """Whether some document holds a word of this folded form."""
        return bool(self.known_among([form]))

    def known_among(self, forms: Iterable[str]) -> list[str]:
        """Those of these folded forms that some document holds."""
        marks = self._revision.once("marks", self._mark).data
        marked = [form for form in forms if marks[zlib.crc32(form.encode()) % _MARKS]]
        return [form for form in marked if any(True for _ in self.spellings(form))]

    def spellings(self, form: str) -> Iterator[Word]:
        """The ways a folded form is written."""
        return self._between(form.encode(), _last_spelling(form))

    def words(self, prefix: str) -> Iterator[Word]:
        """Those whose key begins with `prefix`, in order; the spellings of `prefix` come first."""
        first, last = prefix.encode(), _last_spelling(prefix)
        yield from self._between(first, last)
        yield from self._between(last, first + _LAST)

    def common(self, prefix: str, *, limit: int) -> Sequence[Word]:
        """The most frequent of those, whoever may see them, best first."""
        return most_frequent(self.words(prefix), limit)

    def visible_frequency(self, word: Word) -> int:
        """How many visible documents hold it."""
        total = 0
        for base, segment in self._revision.shards:
            postings = segment.postings(FORM, word.key)
            if postings is not None:
                seen = self._visible[base : base + segment.size]
                total += int(np.count_nonzero(seen[postings.docs]))
        return total

    def _between(self, first: bytes, last: bytes) -> Iterator[Word]:
        """The words whose keys lie from `first` to before `last`."""
        frequencies: defaultdict[bytes, int] = defaultdict(int)
        for _, segment in self._revision.shards:
            for key, frequency in segment.frequencies(FORM, first, last):
                frequencies[key] += frequency
        for key in sorted(frequencies):
            yield Word(*split_spelling(key.decode()), frequencies[key])

    def _mark(self) -> Mask:
        marks = np.zeros(_MARKS, bool)
        for _, segment in self._revision.shards:
            marks[segment.sums_of_forms(FORM) % _MARKS] = True
        return marks


def _last_spelling(form: str) -> bytes:
    return f"{form}{SPELT}".encode() + _LAST
