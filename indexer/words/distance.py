"""How far one spelling is from another, and what lies near.

A step is a letter added, dropped, changed, or two neighbours swapped; no letter is touched twice.
"""

import string
from collections.abc import Iterator
from itertools import pairwise

__all__ = ["cost_of", "distance", "longer", "neighbours", "swaps"]

_LETTERS = string.ascii_lowercase
_KEYBOARDS = (("qwertyuiop", "asdfghjkl", "zxcvbnm"), ("azertyuiop", "qsdfghjklm", "wxcvbn"))
"""The rows of both layouts in use, each a little to the right of the one above."""


def neighbours(form: str) -> Iterator[str]:
    """Every spelling one step away; some come twice."""
    for at in range(len(form) + 1):
        head, tail = form[:at], form[at:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in _LETTERS:
            if tail and letter != tail[0]:
                yield head + letter + tail[1:]
            yield head + letter + tail


def swaps(form: str) -> Iterator[str]:
    """Every spelling with two neighbours swapped."""
    for at in range(len(form) - 1):
        yield form[:at] + form[at + 1] + form[at] + form[at + 2 :]


def longer(form: str) -> Iterator[str]:
    """Every spelling with one more letter."""
    for at in range(len(form) + 1):
        for letter in _LETTERS:
            yield form[:at] + letter + form[at:]


def distance(one: str, other: str, *, most: int) -> int:
    """Steps from `one` to `other`; `most + 1` when there are more than `most`."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        line = [row]
        for column, compared in enumerate(other, start=1):
            step = min(
                last[column] + 1, line[column - 1] + 1, last[column - 1] + (letter != compared)
            )
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == compared:
                step = min(step, before[column - 2] + 1)
            line.append(step)
        if min(line) > most:
            return most + 1
        before, last = last, line
    return last[-1]


def cost_of(typed: str, meant: str) -> float:
    """How unlikely it is to type one for the other, at one step of distance or so.

    Two letters swapped, one doubled or forgotten can be so in few ways, which makes each likely; a
    wrong letter may be any of twenty-five, though seldom one far from the right key. The first
    letter is seldom wrong.
    """
    is_doubled = len(typed) != len(meant) and _undoubled(typed) == _undoubled(meant)
    if is_doubled or sorted(typed) == sorted(meant):
        cost = 0.6
    elif len(typed) < len(meant):
        cost = 0.7
    elif _is_beside(typed, meant):
        cost = 0.8
    else:
        cost = 1.4
    return cost if typed[:1] == meant[:1] else cost + 0.8


def _is_beside(typed: str, meant: str) -> bool:
    """Whether one key was hit for its neighbour, or with it."""
    pairs = enumerate(zip(typed, meant, strict=False))
    start = next((at for at, (one, other) in pairs if one != other), len(meant))
    wrong = typed[start : start + 1]
    if len(typed) == len(meant):
        is_changed = typed[start + 1 :] == meant[start + 1 :]
        return is_changed and wrong + meant[start : start + 1] in _BESIDE
    is_extra = typed[start + 1 :] == meant[start:]
    around = meant[max(0, start - 1) : start + 1]
    return is_extra and any(wrong + letter in _BESIDE for letter in around)


def _neighbouring_keys() -> Iterator[str]:
    for rows in _KEYBOARDS:
        for row in rows:
            yield from map("".join, pairwise(row))
        for upper, lower in pairwise(rows):
            yield from map("".join, zip(upper, lower, strict=False))
            yield from map("".join, zip(upper[1:], lower, strict=False))


_BESIDE = frozenset(pair for keys in _neighbouring_keys() for pair in (keys, keys[::-1]))


def _undoubled(word: str) -> str:
    return "".join(letter for at, letter in enumerate(word) if word[at - 1 : at] != letter)
