"""What queries were found to mean, for each way of seeing the index.

Who chooses a filter, an order or the next page asks the same words again, and a page may ask them
more than once: reading and correcting them is then done. What words mean depends on the documents
seen, so that it is forgotten with them, at the next commit at the latest.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from weakref import WeakKeyDictionary

from indexer.evaluation.sight import Sight
from indexer.model import Names, SearchRequest, Synonyms
from indexer.words import Interpretation

__all__ = ["Meanings"]

_MOST_REMEMBERED = 200
"""Queries remembered for one sight."""
_LONGEST_REMEMBERED = 300
"""Letters of a query that is worth it."""

_Asked = tuple[str, bool]
_Held = OrderedDict[_Asked, tuple[Synonyms, Names, Interpretation]]


class Meanings:
    """Threads may share it."""

    def __init__(self) -> None:
        self._held: WeakKeyDictionary[Sight, _Held] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def of(
        self, request: SearchRequest, sight: Sight, interpret: Callable[[], Interpretation]
    ) -> Interpretation:
        """What `interpret` says of the words of `request`, or said before."""
        if len(request.text) > _LONGEST_REMEMBERED:
            return interpret()
        asked = request.text, request.exact
        with self._lock:
            known = self._held.setdefault(sight, OrderedDict()).get(asked)
        if known is not None and known[:2] == (request.synonyms, request.names):
            return known[2]
        meant = interpret()
        with self._lock:
            held = self._held.setdefault(sight, OrderedDict())
            held[asked] = request.synonyms, request.names, meant
            held.move_to_end(asked)
            if len(held) > _MOST_REMEMBERED:
                held.popitem(last=False)
        return meant
