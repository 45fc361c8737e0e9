"""Something of the provider's, kept by this process: read once, forgotten after an hour.

Whoever comes while it is read waits a moment and no more; a failure is remembered for ten seconds.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from inters4.core.oidc.errors import ProviderAway, SignOnRefused

Held = TypeVar("Held")
_KEPT_SECONDS, _AGAIN_SECONDS, _AWAY_SECONDS, _TURN_SECONDS = 3_600, 30, 10, 2


class Kept(Generic[Held]):
    """One thing, and how to read it again. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: Held | None = None
        self._until = 0.0
        self._renewed_at = float("-inf")
        self._failure: SignOnRefused | None = None
        self._away_until = 0.0

    def get(self, load: Callable[[], Held]) -> Held:
        """What is held, read again when it is old."""
        with self._turn():
            moment = time.monotonic()
            if self._held is not None and moment < self._until:
                return self._held
            if self._failure is not None and moment < self._away_until:
                raise type(self._failure)(self._failure.reason)
            return self._read(load)

    def may_renew(self) -> bool:
        """True when it was not read anew a moment ago."""
        return time.monotonic() - self._renewed_at >= _AGAIN_SECONDS

    def renew(self, load: Callable[[], Held]) -> Held:
        """Read it again at once."""
        with self._turn():
            self._renewed_at = time.monotonic()
            return self._read(load)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._lock.acquire(timeout=_TURN_SECONDS):
            raise ProviderAway("busy")
        try:
            yield
        finally:
            self._lock.release()

    def _read(self, load: Callable[[], Held]) -> Held:
        try:
            found = load()
        except SignOnRefused as failure:
            self._failure, self._away_until = failure, time.monotonic() + _AWAY_SECONDS
            raise
        self._held, self._until = found, time.monotonic() + _KEPT_SECONDS
        self._failure = None
        return found
