"""In what order sources are visited, by several at once: each host has its own patience.

One visit to a host at a time, a second apart. One slow source costs the others of its host nothing
but that time; a second one says that the host itself is slow. Hosts that failed last time, or are
new, may take half of the visitors at most, so that those who hang never keep the healthy waiting.
"""

import threading
import time
from collections import Counter, deque
from collections.abc import Iterable

from inters4.veille.services.visiting import Visit

PAUSE_SECONDS = 1.0
_SLOW_IN_A_ROUND = 2
"""So many visits that let time run out, and the host is left alone until another round."""


class Rounds:
    """Hands out visits to threads. `take` waits for a host to be ready; `done` gives it back."""

    def __init__(
        self, visits: Iterable[Visit], *, visitors: int, pause: float = PAUSE_SECONDS
    ) -> None:
        self._pause = pause
        self._most_doubtful = max(1, visitors // 2)
        self._hosts: dict[str, deque[Visit]] = {}
        for visit in visits:
            self._hosts.setdefault(visit.host, deque()).append(visit)
        self._ready_at = dict.fromkeys(self._hosts, 0.0)
        self._doubtful = {
            host for host, waiting in self._hosts.items() if any(one.failures for one in waiting)
        }
        self._slow: Counter[str] = Counter()
        self._under_way: set[str] = set()
        self._change = threading.Condition()
        self._is_over = False

    def take(self) -> Visit | None:
        """The next visit, once its host has rested; None when there is no more to hand out."""
        with self._change:
            while not self._is_over:
                waiting = [host for host, visits in self._hosts.items() if visits]
                if not waiting:
                    return None
                host, seconds = self._next(waiting)
                if host:
                    self._under_way.add(host)
                    return self._hosts[host].popleft()
                self._change.wait(seconds)
        return None

    def done(self, visit: Visit, *, is_slow: bool = False) -> tuple[Visit, ...]:
        """The visit ended. Those of a host that is slow again are taken out, and given back."""
        with self._change:
            self._under_way.discard(visit.host)
            self._ready_at[visit.host] = time.monotonic() + self._pause
            left: tuple[Visit, ...] = ()
            if is_slow:
                self._doubtful.add(visit.host)
                self._slow[visit.host] += 1
            if is_slow and self._slow[visit.host] >= _SLOW_IN_A_ROUND:
                left = tuple(self._hosts[visit.host])
                self._hosts[visit.host].clear()
            self._change.notify_all()
            return left

    def stop(self) -> tuple[Visit, ...]:
        """Hand out nothing more; give back what was not handed out."""
        with self._change:
            self._is_over = True
            left = tuple(visit for visits in self._hosts.values() for visit in visits)
            for visits in self._hosts.values():
                visits.clear()
            self._change.notify_all()
            return left

    def _next(self, waiting: Iterable[str]) -> tuple[str | None, float | None]:
        """A host that may be visited now, or how long until one may; None until one ends."""
        present = time.monotonic()
        doubtful_under_way = len(self._doubtful & self._under_way)
        soonest: float | None = None
        for host in waiting:
            if host in self._under_way:
                continue
            if host in self._doubtful and doubtful_under_way >= self._most_doubtful:
                continue
            pause = self._ready_at[host] - present
            if pause <= 0:
                return host, None
            soonest = pause if soonest is None else min(soonest, pause)
        return None, soonest
