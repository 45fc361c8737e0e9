"""A queue that does not answer: said once when it begins and once when it ends.

Redis may be away for hours while four threads ask it for work: the journal gets two lines, not a
traceback at each attempt, and nobody waits for it longer each time than the last. Four threads
also learn of it one after the other: news of a question asked before the last line is not news.
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
        self._turned_at = 0.0  # when the queue was last seen to go or to come back
        self._failures = 0
        self._try_again_at = 0.0

    def note(self, error: BaseException, *, asked: float) -> None:
        """The queue did not answer what was asked at `asked`, by the monotonic clock."""
        with self._lock:
            if asked < self._turned_at:
                return
            is_first = self._since is None
            present = time.monotonic()
            if is_first:
                self._since, self._turned_at, self._failures = present, present, 0
            self._failures += 1
            self._try_again_at = present + self.pause
        if is_first:
            reason = " ".join(str(error).split())
            log.warning("queue_unreachable", reason=reason, kind=type(error).__name__)

    def over(self, *, asked: float) -> None:
        """The queue answered what was asked at `asked`, by the monotonic clock."""
        with self._lock:
            if self._since is None or asked < self._turned_at:
                return
            since, self._since, self._turned_at = self._since, None, time.monotonic()
        log.info("queue_back", away_seconds=round(time.monotonic() - since))

    @property
    def pause(self) -> float:
        """How long to wait before asking again, in seconds: longer each time."""
        return float(min(_FIRST_PAUSE * 2 ** min(self._failures, 10), _LONGEST_PAUSE))

    @property
    def is_worth_a_try(self) -> bool:
        """False while the queue was found away a moment ago."""
        return self._since is None or time.monotonic() >= self._try_again_at
