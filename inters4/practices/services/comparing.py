"""Two texts side by side: the words that one lacks and the other has.

difflib looks for what both have, word by word; texts too long for that are compared line by line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORDS = re.compile(r"\S+\s*|\s+")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_MOST = 4_000


class Mark(StrEnum):
    """Where a run of text is."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text that is in both, or in one alone."""

    text: str
    mark: Mark


def compare(before: str, after: str) -> list[Run]:
    """The runs that lead from `before` to `after`, in the order in which they are read.

    Those that are not new, joined, are `before`; those that are not gone, `after`.
    """
    old, new = _pieces(before, after)
    return [run for run in _runs(old, new) if run.text]


def _pieces(before: str, after: str) -> tuple[Sequence[str], Sequence[str]]:
    for pattern in (_WORDS, _LINES):
        old, new = pattern.findall(before), pattern.findall(after)
        if max(len(old), len(new)) <= _MOST:
            return old, new
    return [before], [after]


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    for tag, start, end, new_start, new_end in SequenceMatcher(a=old, b=new).get_opcodes():
        if tag == "equal":
            yield Run("".join(old[start:end]), Mark.SAME)
            continue
        yield Run("".join(old[start:end]), Mark.GONE)
        yield Run("".join(new[new_start:new_end]), Mark.NEW)
