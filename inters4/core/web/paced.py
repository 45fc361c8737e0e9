"""How often one network is counted within an hour, so that nobody makes a count alone.

In memory only: what stands for a network is a digest under a key drawn anew each hour and never
written, so that nothing tells afterwards who asked. Each process has its own.
"""

import hmac
import secrets
from collections import Counter
from datetime import datetime
from threading import Lock

from inters4.core.clock import now
from inters4.core.networks import network_of

MOST_KNOWN = 50_000
"""Pairs of a network and a thing held at once; past it, nothing new counts before the next hour."""


class Pace:
    """At most `most` times an hour from one network, for each thing that is counted."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._hour: datetime | None = None
        self._key = b""
        self._seen: Counter[bytes] = Counter()
        self._lock = Lock()

    def admits(self, address: str, thing: str) -> bool:
        """True when it counts once more."""
        hour = now().replace(minute=0, second=0, microsecond=0)
        with self._lock:
            if hour != self._hour:
                self._hour, self._key = hour, secrets.token_bytes(32)
                self._seen.clear()
            told = f"{network_of(address)} {thing}".encode()
            mark = hmac.digest(self._key, told, "sha256")[:12]
            number = self._seen[mark]
            if number >= self._most or (not number and len(self._seen) >= MOST_KNOWN):
                return False
            self._seen[mark] += 1
        return True
