"""A pipe that says whether the parent lives.

Only the parent holds the writing end; the kernel closes it however the parent ends, kill -9
included, and every reader sees the end of the file at once. No pid is compared, no signal trusted.
"""

import os
import select
import signal
import threading
import time

GRACE_SECONDS = 0.7


class Lifeline:
    """One end of the pipe: the parent's until `become_child`, then the child's."""

    def __init__(self, reading: int | None, writing: int | None) -> None:
        self._reading, self._writing = reading, writing

    @classmethod
    def open(cls) -> "Lifeline":
        """A pipe for this process and the children it will fork."""
        reading, writing = os.pipe()
        return cls(reading, writing)

    @classmethod
    def none(cls) -> "Lifeline":
        """For a process that nobody watches over: never cut."""
        return cls(None, None)

    def become_child(self) -> None:
        """Let go of the writing end, just after the fork."""
        if self._writing is not None:
            os.close(self._writing)
            self._writing = None

    def is_cut(self) -> bool:
        """True when the parent is gone."""
        if self._reading is None or self._writing is not None:
            return False
        return bool(select.select([self._reading], [], [], 0)[0])

    def descriptors(self) -> list[int]:
        """What to wait on, beside other things: readable means cut."""
        return [] if self._reading is None else [self._reading]

    def die_with_parent(self) -> None:
        """Watch from a thread: when cut, end this process politely, then at once."""
        if self._reading is None:
            return
        watch = threading.Thread(target=self._watch, name="lifeline", daemon=True)
        watch.start()

    def _watch(self) -> None:
        select.select(self.descriptors(), [], [])
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE_SECONDS)
        os._exit(0)
