"""Blocks of postings: within those of Whoosh, packed arrays in place of pickled tuples.

Whoosh pickles a tuple of numbers and a tuple of byte strings for each block, by a protocol that
spends ten bytes on each. Here a block is one string: a letter for the width of its steps between
documents, one for that of its frequencies (none when all are 1), both arrays, then all places one
after the other, since the frequencies tell where those of each posting end.
"""

import sys
from array import array
from collections.abc import Iterator
from itertools import chain
from operator import sub

from whoosh.codec.whoosh3 import W3LeafMatcher, W3PostingsWriter

from indexer.backends.whoosh_pool import TermPostings

__all__ = ["BlockMatcher", "BlockWriter"]

_WIDTHS = "BHI"
_ALL_ONE = "1"


class BlockWriter(W3PostingsWriter):  # type: ignore[misc]
    """Fills whole blocks at once."""

    def add_term(self, postings: TermPostings) -> None:
        """All postings of the term begun."""
        size = self._blocklimit
        for at in range(0, len(postings.docs), size):
            if at:
                self._write_block()
            self._ids = postings.docs[at : at + size]
            self._weights = postings.weights[at : at + size]
            self._values = postings.values[at : at + size]
            self._maxweight = max(self._weights)

    def _mini_ids(self) -> str:
        steps, step_width = _pack(list(map(sub, self._ids, chain((0,), self._ids))))
        freqs, freq_width = b"", _ALL_ONE
        if self._weights.count(1.0) < len(self._weights):
            freqs, freq_width = _pack(list(map(int, self._weights)))
        packed = b"".join([steps, freqs, *self._values])
        return step_width + freq_width + packed.decode("latin-1")

    def _mini_weights(self) -> None:
        """With the documents."""

    def _mini_values(self) -> None:
        """With the documents."""


class BlockMatcher(W3LeafMatcher):  # type: ignore[misc]
    """Reads them back."""

    def _read_data(self) -> None:
        super()._read_data()
        text: str
        (text, _, _) = self._data  # type: ignore[has-type]
        packed = text[2:].encode("latin-1")
        count: int = self._blocklength
        steps, at = _unpack(packed, 0, text[0], count)
        if text[1] == _ALL_ONE:
            freqs = array("B", b"\x01" * count)
        else:
            freqs, at = _unpack(packed, at, text[1], count)
        values = tuple(_cut(packed, at, freqs)) if self._fixedsize != 0 else None
        self._data = tuple(steps), tuple(map(float, freqs)), values


def _pack(numbers: list[int]) -> tuple[bytes, str]:
    """Numbers in the narrowest width that holds them."""
    largest = max(numbers)
    width = next(one for one in _WIDTHS if largest < 1 << 8 * array(one).itemsize)
    packed = array(width, numbers)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes(), width


def _unpack(packed: bytes, at: int, width: str, count: int) -> "tuple[array[int], int]":
    """`count` numbers from `at` on, and where they end."""
    numbers: array[int] = array(width)
    end = at + count * numbers.itemsize
    numbers.frombytes(packed[at:end])
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers, end


def _cut(packed: bytes, at: int, freqs: "array[int]") -> Iterator[bytes]:
    """The places of each posting: as many steps of seven bits as its frequency."""
    for freq in freqs:
        end = at
        for _ in range(freq):
            while packed[end] > 127:
                end += 1
            end += 1
        yield packed[at:end]
        at = end
