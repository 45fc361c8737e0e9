"""Titles that hold what is being typed, found by looking through the words of all of them at once.

Their words lie together in a column (see `array_columns`), those of the newest title first, so that
looking stops as soon as enough was found.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice

import numpy as np

from indexer.backends.array_columns import TITLE_BREAK
from indexer.backends.array_revision import ArrayRevision
from indexer.backends.array_segment import ArraySegment
from indexer.evaluation.shards import Mask
from indexer.words import typed_words

__all__ = ["Title", "titles_holding"]

_LINE, _WORD = TITLE_BREAK, b" "
"""Before the first word of a title, and before and after each of its words."""


@dataclass(frozen=True, slots=True)
class Title:
    """What a suggestion needs of a document."""

    key: str
    title: str
    sort_title: str
    date: datetime.date | None


def titles_holding(
    text: str, visible: Mask, revision: ArrayRevision, *, limit: int
) -> Iterator[Title]:
    """Visible documents whose title holds the words of `text`, the last as a beginning.

    Of each segment, the `limit` newest that begin so and the `limit` newest of all.
    """
    words = typed_words(text)
    if not words:
        return
    for base, segment in revision.shards:
        seen = visible[base : base + segment.size]
        titles = segment.once("words of titles", partial(_Words, segment))
        for number in titles.holding(words, seen, limit=limit):
            yield Title(
                segment.text("key", number),
                segment.text("title", number),
                segment.text("sort_title", number),
                revision.date_of(base + number),
            )


class _Words:
    """The folded words of the titles of a segment, compounds whole and in parts."""

    def __init__(self, segment: ArraySegment) -> None:
        self._numbers = segment.column("title_order")
        self._text, self._at = segment.texts("title_line")

    def holding(self, words: list[str], visible: Mask, *, limit: int) -> list[int]:
        """The documents whose titles hold `words`, those first that begin with the first."""
        *others, last = [word.encode() for word in words]
        first = others[0] + _WORD if others else last
        needed = [_WORD + word + _WORD for word in others]
        rarest = max([*needed, _WORD + last], key=len)
        begun = self._lines(_LINE + _WORD + first, [*needed, _WORD + last], visible)
        found = dict.fromkeys(islice(begun, limit))
        found.update(
            dict.fromkeys(islice(self._lines(rarest, [*needed, _WORD + last], visible), limit))
        )
        return list(found)

    def _lines(self, sought: bytes, needed: list[bytes], visible: Mask) -> Iterator[int]:
        """The titles where `sought` stands that hold all that is `needed`."""
        at = self._text.find(sought)
        while at >= 0:
            line = int(np.searchsorted(self._at, at, "right")) - 1
            start, end = self._at[line], self._at[line + 1]
            number = int(self._numbers[line])
            if visible[number] and all(self._text.find(one, start, end) >= 0 for one in needed):
                yield number
            at = self._text.find(sought, end)
