"""A pipe by which the pages tell the jobs that somebody was answered.

Both halves start from one process; until a first page is drawn, somebody may be waiting for it, and
nobody waits for a job. What is told once is told to every process that comes after.
"""

import os
import select
from contextlib import suppress

from inters4.core.processes.lifeline import Lifeline

PATIENCE_SECONDS = 3.0
"""Where nobody comes, or pages cannot start, jobs do without."""


class Opening:
    """Told by any worker of the web process, heard by the process that works."""

    def __init__(self) -> None:
        self._reading, self._writing = os.pipe()
        os.set_blocking(self._writing, False)

    def tell(self) -> None:
        """Say that a page was answered; nobody empties the pipe, so that it stays said."""
        with suppress(BlockingIOError):
            os.write(self._writing, b".")

    def wait(self, lifeline: Lifeline) -> None:
        """Until it is said, the parent is gone, or patience is over: once, whoever starts again."""
        waiting = [self._reading, *lifeline.descriptors()]
        select.select(waiting, [], [], PATIENCE_SECONDS)
        self.tell()
