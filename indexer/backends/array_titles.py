"""Titles that hold what is being typed, found by looking through the folded titles as one text."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from indexer.backends.array_revision import ArrayRevision
from indexer.backends.array_segment import ArraySegment
from indexer.evaluation.shards import Mask
from indexer.words import typed_words

__all__ = ["Title", "titles_holding"]

_MOST_READ = 400
_MOST_LETTERS = 24


@dataclass(frozen=True, slots=True)
class Title:
    """What a suggestion needs of a document."""

    key: str
    title: str
    sort_title: str
    date: datetime.date | None


def titles_holding(text: str, visible: Mask, revision: ArrayRevision) -> Iterator[Title]:
    """Visible documents whose folded title holds the longest word of `text`.

    At most a few hundred from each segment, the newest. In a folded title a word may be cut by
    hyphens (`tele-sante`), so that these may stand between its letters.
    """
    words = typed_words(text)
    if not words:
        return
    letters = (re.escape(letter).encode() for letter in max(words, key=len)[:_MOST_LETTERS])
    sought = re.compile(b"[-']?".join(letters))
    for base, segment in revision.shards:
        for number in _numbers_holding(sought, segment, visible[base : base + segment.size]):
            yield Title(
                segment.text("key", number),
                segment.text("title", number),
                segment.text("sort_title", number),
                revision.date_of(base + number),
            )


def _numbers_holding(sought: re.Pattern[bytes], segment: ArraySegment, visible: Mask) -> list[int]:
    text, at = segment.texts("sort_title")
    starts = [match.start() for match in sought.finditer(text)]
    if not starts:
        return []
    numbers = np.unique(np.searchsorted(at, np.array(starts), "right") - 1)
    numbers = numbers[visible[numbers]]
    newest = np.argsort(-segment.column("day")[numbers].astype(np.int64), kind="stable")
    found: list[int] = numbers[newest[:_MOST_READ]].tolist()
    return found
