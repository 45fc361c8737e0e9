"""A child process that answers one question after the other, and is replaced when it fails.

What strangers write (feeds, regular expressions) is read there: whatever it breaks or however long
it takes, the parent goes on. Frames are a length (4 bytes, big-endian) and that many bytes.
"""

import struct
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

_MAX_ANSWER = 64_000_000


class ServantLost(Exception):
    """The child was killed, by us or by a limit of its own; the next question gets a new one."""


class Servant:
    """A script of ours run alone, started with the first question. Threads take turns.

    Attributes:
        uses: questions before the child is replaced, so that no leak grows.
    """

    def __init__(self, script: Path, arguments: Sequence[str], *, uses: int) -> None:
        self._command = [sys.executable, "-I", str(script), *arguments]
        self._most = uses
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._uses = 0

    def close(self) -> None:
        """End the child, if there is one; the next question would start another."""
        with self._lock:
            self._end()

    def ask(self, *frames: bytes, seconds: float) -> bytes:
        """The answer to one question.

        Raises:
            ServantLost: it did not answer within `seconds`, or died.
        """
        with self._lock:
            child = self._ready_child()
            watchdog = threading.Timer(seconds, child.kill)
            watchdog.daemon = True
            watchdog.start()
            try:
                sink, source = cast("IO[bytes]", child.stdin), cast("IO[bytes]", child.stdout)
                for frame in frames:
                    sink.write(struct.pack(">I", len(frame)))
                    sink.write(frame)
                sink.flush()
                answer = _read_frame(source)
            except (OSError, EOFError) as error:
                self._end()
                raise ServantLost from error
            except BaseException:
                self._end()  # interrupted between question and answer: never reuse that pipe
                raise
            finally:
                watchdog.cancel()
            self._uses += 1
            if self._uses >= self._most:
                self._end()
            return answer

    def _ready_child(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._end()
        self._child = subprocess.Popen(  # noqa: S603  (our own script, no shell)
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
        )
        return self._child

    def _end(self) -> None:
        child, self._child, self._uses = self._child, None, 0
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        child.wait()


def _read_frame(source: IO[bytes]) -> bytes:
    head = source.read(4)
    if len(head) < struct.calcsize(">I"):
        raise EOFError
    length = struct.unpack(">I", head)[0]
    if length > _MAX_ANSWER:
        raise EOFError
    frame = source.read(length)
    if len(frame) < length:
        raise EOFError
    return frame
