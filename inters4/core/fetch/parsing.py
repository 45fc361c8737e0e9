"""The parent's side of the parsing room: one child, reused, killed and replaced when it fails."""

import json
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

from inters4.core.fetch.errors import FeedUnreadable
from inters4.core.fetch.feeds import ParsedFeed, feed_from_json
from inters4.core.i18n import _

_SCRIPT = Path(__file__).with_name("parser.py")
_MAX_ANSWER = 64_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ParserLimits:
    """What one feed may cost.

    Attributes:
        wall_seconds: until the child is killed.
        cpu_seconds: of processor, for each feed.
        memory_bytes: address space of the child, Python included.
        max_bytes: longest body.
        uses: feeds before the child is replaced, so that no leak grows.
    """

    wall_seconds: float = 10
    cpu_seconds: int = 8
    memory_bytes: int = 250_000_000
    max_bytes: int = 15_000_000
    uses: int = 200


class FeedParser:
    """Parses feeds in a child process. A context manager, safe to share between threads.

    The child starts with the first feed; two threads take turns.
    """

    def __init__(self, limits: ParserLimits | None = None) -> None:
        self._limits = limits or ParserLimits()
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._uses = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child, if there is one; the next feed would start another."""
        with self._lock:
            self._end()

    def parse(self, body: bytes, *, content_type: str = "", url: str = "") -> ParsedFeed:
        """Parse a feed: RSS, Atom, RDF or JSON Feed.

        `content_type` is the HTTP header, for its charset; `url` resolves relative links.

        Raises:
            FeedUnreadable: not a feed, or one that passes a limit.
        """
        if len(body) > self._limits.max_bytes:
            raise FeedUnreadable(_("Ce flux est trop long pour être lu."))
        with self._lock:
            answer = self._ask(body, content_type=content_type[:500], url=url[:2_000])
        if "feed" not in answer:
            raise FeedUnreadable(_sentence(answer.get("refusal", "")))
        return feed_from_json(answer["feed"])

    def _ask(self, body: bytes, **details: str) -> dict[str, Any]:
        child = self._ready_child()
        watchdog = threading.Timer(self._limits.wall_seconds, child.kill)
        watchdog.daemon = True
        watchdog.start()
        try:
            sink, source = cast("IO[bytes]", child.stdin), cast("IO[bytes]", child.stdout)
            for frame in (json.dumps(details).encode(), body):
                sink.write(struct.pack(">I", len(frame)))
                sink.write(frame)
            sink.flush()
            answer: dict[str, Any] = json.loads(_read_frame(source))
        except (OSError, ValueError, EOFError):
            # Killed by the watchdog or by a limit of its own; the next feed gets a new child.
            self._end()
            return {"refusal": "limits"}
        except BaseException:
            self._end()  # interrupted between question and answer: never reuse that pipe
            raise
        finally:
            watchdog.cancel()
        self._uses += 1
        if answer.get("refusal") in {"memory", "nested"} or self._uses >= self._limits.uses:
            self._end()
        return answer

    def _ready_child(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._end()
        self._child = subprocess.Popen(  # noqa: S603  (our own script, no shell)
            [
                sys.executable,
                "-I",
                str(_SCRIPT),
                str(self._limits.memory_bytes),
                str(self._limits.cpu_seconds),
            ],
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


def _sentence(refusal: str) -> str:
    if refusal == "doctype":
        return _("Ce flux déclare des entités dans un DOCTYPE : il n’est pas lu.")
    if refusal == "nested":
        return _("Ce flux est trop imbriqué pour être lu.")
    if refusal in {"limits", "memory"}:
        return _("Ce flux demande trop de temps ou de mémoire pour être lu.")
    return _("Cette adresse ne donne pas un flux RSS, Atom ou JSON lisible.")
