"""A queue that does not answer: said once when it begins and once when it ends.

Redis may be away for hours while four threads ask it for work: the journal gets two lines, not a
traceback at each attempt, and nobody waits for it longer each time than the last.
"""

import sqlite3
import threading
import time

import structlog

log = structlog.get_logger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 5.0


def is_queue_away(error: BaseException) -> bool:
    """True for what the queue's own driver or the network raises."""
    is_of_redis = type(error).__module__.partition(".")[0] == "redis"
    return is_of_redis or isinstance(error, sqlite3.Error | OSError)


class Outage:
    """Whether the queue is away, for all the threads of a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._since: float | None = None
        self._failures = 0
        self._try_again_at = 0.0

    def note(self, error: BaseException) -> None:
        """The queue did not answer."""
        with self._lock:
            is_first = self._since is None
            present = time.monotonic()
            if is_first:
                self._since, self._failures = present, 0
            self._failures += 1
            self._try_again_at = present + self.pause
        if is_first:
            reason = " ".join(str(error).split())
            log.warning("queue_unreachable", reason=reason, kind=type(error).__name__)

    def over(self) -> None:
        """The queue answered."""
        if self._since is None:
            return
        with self._lock:
            since, self._since = self._since, None
        if since is not None:
            log.info("queue_back", away_seconds=round(time.monotonic() - since))

    @property
    def pause(self) -> float:
        """How long to wait before asking again, in seconds: longer each time."""
        return float(min(_FIRST_PAUSE * 2 ** min(self._failures, 10), _LONGEST_PAUSE))

    @property
    def is_worth_a_try(self) -> bool:
        """False while the queue was found away a moment ago."""
        return self._since is None or time.monotonic() >= self._try_again_at
