"""The sorted terms of one field of a segment, found without being cut apart.

As texts of their own they would take ten times the memory; one in thirty-two is kept so, to begin
the search at C speed.
"""

from bisect import bisect_left

from indexer.store.arrays import Array

__all__ = ["Terms"]

_BETWEEN_LANDMARKS = 32


class Terms:
    """The sorted terms of one field, cut from one text when looked at."""

    def __init__(self, text: bytes, at: Array) -> None:
        self._text = text
        self._at = at.data  # an item of it costs half of an item of an array
        self._landmarks = [self[number] for number in range(0, len(at) - 1, _BETWEEN_LANDMARKS)]

    def __len__(self) -> int:
        return len(self._at) - 1

    def __getitem__(self, number: int) -> bytes:
        return self._text[self._at[number] : self._at[number + 1]]

    def find(self, term: bytes) -> int:
        """How many terms come before `term`."""
        block = max(0, bisect_left(self._landmarks, term) - 1)
        low = block * _BETWEEN_LANDMARKS
        high = min(low + _BETWEEN_LANDMARKS, len(self._at) - 1)
        text, at = self._text, self._at
        while low < high:
            middle = (low + high) // 2
            if text[at[middle] : at[middle + 1]] < term:
                low = middle + 1
            else:
                high = middle
        return low
