"""The engine of this process: opened at first use, after any fork, closed at exit.

Web processes only read. The worker and commands open the writer themselves, see `jobs`.
"""

import atexit
import os
import threading
from pathlib import Path

from indexer import IndexUnavailable, SearchEngine, open_engine
from inters4.core.collecting import nothing_collected
from inters4.settings import Settings


class _Holder:
    """Where the index is, and the engine made by the present process."""

    def __init__(self) -> None:
        self.root: Path | None = None
        self.backend = ""
        self.opened: tuple[int, SearchEngine] | None = None
        self.lock = threading.Lock()

    def get(self) -> SearchEngine:
        if self.opened is None or self.opened[0] != os.getpid():
            with self.lock:
                if self.opened is None or self.opened[0] != os.getpid():
                    if self.root is None:
                        raise IndexUnavailable("no index is bound: call bind(settings) first")
                    with nothing_collected():
                        opened = open_engine(self.root, backend=self.backend)
                    self.opened = (os.getpid(), opened)
        return self.opened[1]

    def close(self) -> None:
        with self.lock:
            if self.opened is not None and self.opened[0] == os.getpid():
                self.opened[1].close()
            self.opened = None


_holder = _Holder()
atexit.register(_holder.close)


def bind(settings: Settings) -> None:
    """Name the index of this process; it is opened at first use."""
    _holder.close()
    _holder.root, _holder.backend = settings.index_dir, settings.search


def engine() -> SearchEngine:
    """The reading engine of this process, shared by its threads.

    Raises:
        IndexUnavailable: nothing can be opened now; trying again later may succeed.
    """
    return _holder.get()


def close() -> None:
    """Let go of the files."""
    _holder.close()


def check() -> None:
    """For readiness: an index can be read.

    Raises:
        IndexUnavailable: none can.
    """
    _ = engine().revision
