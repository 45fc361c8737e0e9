"""One writer per index: an exclusive lock on a file, released by the kernel if we die."""

import fcntl
import os
from pathlib import Path

from indexer.errors import IndexBusy

__all__ = ["WriterLock"]


class WriterLock:
    """Held from construction to `release`."""

    def __init__(self, path: Path) -> None:
        """Take the lock, or raise `IndexBusy` at once."""
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._handle)
            raise IndexBusy(f"Another writer holds {path}.") from error

    def release(self) -> None:
        """Let another writer in; releasing twice is harmless."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
