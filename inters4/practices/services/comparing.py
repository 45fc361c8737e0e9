"""Two texts side by side: the words that one lacks and the other has.

What both begin and end with is set apart. difflib looks for what the rest has in common, word by
word; where that is too long, line by line: the time that it takes grows with the square of it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum

from inters4.core.values import dataclass

_WORDS = re.compile(r"\S+\s*|\s+")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_MOST = 1_200
"""Pieces that difflib takes: a tenth of a second at worst."""


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
    start, end, old, new = _pieces(before, after)
    runs = [Run(start, Mark.SAME), *_runs(old, new), Run(end, Mark.SAME)]
    return [run for run in _joined(runs) if run.text]


def _pieces(before: str, after: str) -> tuple[str, str, Sequence[str], Sequence[str]]:
    """What both begin with, what both end with, and the pieces between."""
    for pattern in (_WORDS, _LINES):
        old, new = pattern.findall(before), pattern.findall(after)
        shorter = min(len(old), len(new))
        head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
        left = range(1, shorter - head + 1)
        tail = next((at for at in left if old[-at] != new[-at]), len(left) + 1) - 1
        start, end = "".join(old[:head]), "".join(old[len(old) - tail :])
        old, new = old[head : len(old) - tail], new[head : len(new) - tail]
        if max(len(old), len(new)) <= _MOST:
            return start, end, old, new
    return start, end, ["".join(old)], ["".join(new)]


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    for tag, start, end, new_start, new_end in SequenceMatcher(a=old, b=new).get_opcodes():
        if tag == "equal":
            yield Run("".join(old[start:end]), Mark.SAME)
            continue
        yield Run("".join(old[start:end]), Mark.GONE)
        yield Run("".join(new[new_start:new_end]), Mark.NEW)


def _joined(runs: Iterable[Run]) -> Iterator[Run]:
    """Neighbours that stand in both texts are one run."""
    held = Run("", Mark.SAME)
    for run in runs:
        if run.mark is held.mark is Mark.SAME:
            held = Run(held.text + run.text, Mark.SAME)
            continue
        if run.text:
            yield held
            held = run
    yield held
