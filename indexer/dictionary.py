"""The words of an index, as one reader may see them: all that correction and suggestions need.

A backend offers its own term dictionary through this protocol; `SortedWords` serves one that can
list its words.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import takewhile
from typing import Protocol

from indexer.analysis import (
    SPELT,
    STOP_WORDS,
    is_spelt,
    join_spelling,
    split_spelling,
    tokenize,
    write,
)

__all__ = ["Dictionary", "SortedWords", "Word", "most_frequent", "spellings", "spelt_words"]


@dataclass(frozen=True, slots=True)
class Word:
    """A word as written, under its folded form.

    `frequency` counts the documents that hold it, whoever may see them: it chooses candidates and
    is never shown.
    """

    form: str
    written: str
    frequency: int

    @property
    def key(self) -> str:
        """The word as the index writes it."""
        return join_spelling(self.form, self.written)

    @property
    def is_acronym(self) -> bool:
        """Whether it stands in capitals."""
        return self.written.isupper()


class Dictionary(Protocol):
    """Words in the order of their keys."""

    def knows(self, form: str) -> bool:
        """Whether some document, visible or not, holds a word of this folded form."""

    def known_among(self, forms: Iterable[str]) -> list[str]:
        """Those of many folded forms, of which few are, that some document holds."""

    def spellings(self, form: str) -> Iterable[Word]:
        """The ways a folded form is written."""

    def words(self, prefix: str) -> Iterator[Word]:
        """Those whose key begins with `prefix`, in order."""

    def common(self, prefix: str, *, limit: int) -> Sequence[Word]:
        """The most frequent of those, whoever may see them, best first."""

    def visible_frequency(self, word: Word) -> int:
        """How many documents that the reader may see hold it."""


def most_frequent(words: Iterable[Word], limit: int) -> list[Word]:
    """The `limit` most frequent of `words`, best first."""
    return nlargest(limit, words, key=lambda word: (word.frequency, word.key))


def spellings(dictionary: Dictionary, form: str) -> Iterable[Word]:
    """The ways a folded form is written."""
    return dictionary.spellings(form)


def spelt_words(texts: Iterable[str]) -> Iterator[tuple[str, Word]]:
    """The words of names and terms by folded form, each as rare as a word can be."""
    for text in texts:
        for token in tokenize(text):
            if is_spelt(token.form):
                is_acronym = token.is_capitals and token.form not in STOP_WORDS["fr"]
                written = write(text[token.start : token.end], is_acronym=is_acronym)
                yield token.form, Word(token.form, written, 1)


class SortedWords:
    """A list of keys and their frequencies, in order."""

    def __init__(self, keys: Sequence[str], frequencies: Sequence[int]) -> None:
        self._keys = keys
        self._frequencies = frequencies

    def knows(self, form: str) -> bool:
        """Whether a word of this folded form is listed."""
        at = bisect_left(self._keys, form)
        if at == len(self._keys):
            return False
        return self._keys[at] == form or self._keys[at].startswith(form + SPELT)

    def known_among(self, forms: Iterable[str]) -> list[str]:
        """Those of these folded forms that are listed."""
        return [form for form in forms if self.knows(form)]

    def spellings(self, form: str) -> Iterator[Word]:
        """The ways a folded form is written."""
        return takewhile(lambda word: word.form == form, self.words(form))

    def words(self, prefix: str) -> Iterator[Word]:
        """Those whose key begins with `prefix`."""
        at = bisect_left(self._keys, prefix)
        while at < len(self._keys) and self._keys[at].startswith(prefix):
            yield Word(*split_spelling(self._keys[at]), self._frequencies[at])
            at += 1

    def common(self, prefix: str, *, limit: int) -> list[Word]:
        """The most frequent of those."""
        return most_frequent(self.words(prefix), limit)
