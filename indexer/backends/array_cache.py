"""What was read of segments last, kept by segment and term; its size is bounded in bytes."""

import threading
from collections import OrderedDict

from indexer.store.arrays import Array

__all__ = ["ArrayCache"]


class ArrayCache:
    """The arrays used last, up to `most_bytes`; shared by all revisions of a process."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._held: OrderedDict[object, tuple[Array, ...]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    @property
    def bytes(self) -> int:
        """How much is held."""
        return self._bytes

    def get(self, name: object) -> tuple[Array, ...] | None:
        """What was put under this name, if it is still there."""
        with self._lock:
            found = self._held.get(name)
            if found is not None:
                self._held.move_to_end(name)
            return found

    def put(self, name: object, arrays: tuple[Array, ...]) -> None:
        """Keep `arrays`, and let go of those not used for the longest time."""
        size = _size_of(arrays)
        if size > self._most_bytes // 4:
            return
        with self._lock:
            if name in self._held:
                return
            self._held[name] = arrays
            self._bytes += size
            while self._bytes > self._most_bytes:
                _, dropped = self._held.popitem(last=False)
                self._bytes -= _size_of(dropped)


def _size_of(arrays: tuple[Array, ...]) -> int:
    return sum(array.nbytes for array in arrays) + 200
