"""Writers to kill: each is a process, copied from one that has imported what a writer needs.

Importing takes most of what starting such a writer takes, and is not what is killed here.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO

from tests.contract.builders import Index

ROOT = Path(__file__).resolve().parents[2]


class Writer:
    """A process that writes to an index, until it is killed or kills itself."""

    def __init__(self, pid: int, printed: IO[str], copied: "subprocess.Popen[str]") -> None:
        self._pid, self._printed, self._copied = pid, printed, copied

    def committed(self, *, most: int = 10_000) -> set[str]:
        """The keys it says are committed, once there are `most` or it died."""
        keys: set[str] = set()
        for line in self._printed:
            keys.add(line.split()[1])
            if len(keys) >= most:
                break
        return keys

    def kill(self) -> None:
        """`kill -9`."""
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)

    def wait(self) -> int:
        """How it ended, once it has."""
        assert self._copied.stdout is not None
        return int(self._copied.stdout.readline())


@contextmanager
def started(index: Index, *, mode: str, limit: int = 0) -> Iterator[Writer]:
    """A writer at work in `index`, as `tests.contract.crash_child` says; dead at the end."""
    copied = _copied()
    assert copied.stdin is not None
    assert copied.stdout is not None
    with tempfile.TemporaryDirectory() as place:
        printed = Path(place) / "printed"
        os.mkfifo(printed)
        arguments = [str(index.root), index.backend, mode, str(limit)]
        copied.stdin.write(json.dumps([str(printed), arguments]) + "\n")
        copied.stdin.flush()
        pid = int(copied.stdout.readline())
        with printed.open(encoding="utf-8") as heard:
            writer = Writer(pid, heard, copied)
            try:
                yield writer
            finally:
                writer.kill()
                writer.wait()


@cache
def _copied() -> "subprocess.Popen[str]":
    """The process that is copied, one for each worker of pytest."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.contract.crash_child"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    @atexit.register
    def _end() -> None:
        with process:
            process.kill()

    return process
