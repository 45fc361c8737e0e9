"""A reader who asks without a pause while processes are killed, and remembers each answer."""

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from tests.drill.portal import Answer, Portal

_PAUSE = 0.01


@dataclass(slots=True)
class Reader:
    """Asks for `paths` in turn, from its own thread, until the block ends.

    Attributes:
        counted: the numbers of documents announced, in order, with the moments they were asked.
    """

    portal: Portal
    paths: tuple[str, ...] = ("/recherche",)
    answers: list[tuple[float, float, str, Answer]] = field(default_factory=list)
    _absences: list[tuple[float, float]] = field(default_factory=list)
    _is_done: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_done.set()
        if self._thread is not None:
            self._thread.join()

    @contextmanager
    def bears_absence(self) -> Iterator[None]:
        """While the block lasts a connection may be refused or cut; an error page never."""
        began = time.monotonic()
        yield
        self._absences.append((began, time.monotonic()))

    @property
    def last_count(self) -> int | None:
        """The last number of documents announced."""
        return next(
            (c for _, _, _, a in reversed(self.answers) if (c := a.found) is not None), None
        )

    def wait_for_answers(self, count: int = 2) -> None:
        """Let the reader ask a few times more."""
        reached = len(self.answers) + count
        self.portal.until(lambda: len(self.answers) >= reached)

    def complaints(self, *, bears_unavailable: bool = False) -> list[str]:
        """What no reader should have seen; a 503 counts unless borne, and must say when to retry.

        A connection that fails while the portal is away is borne.
        """
        found = []
        for began, ended, path, answer in self.answers:
            when = f"at {began - self.answers[0][0]:.2f} s, {path}"
            if answer.status == 0:
                if not any(began <= end and ended >= start for start, end in self._absences):
                    found.append(f"{when}: {answer.body}")
            elif answer.status == 503 and bears_unavailable and path != "/":
                if not answer.retry_after:
                    found.append(f"{when}: 503 without Retry-After")
            elif answer.status != 200:
                found.append(f"{when}: {answer.status}")
        return found

    def losses(self) -> list[str]:
        """Answers that announce fewer documents than the one before."""
        counted = [
            (began - self.answers[0][0], count, answer.is_fallback)
            for began, _, _, answer in self.answers
            if (count := answer.found) is not None
        ]
        return [
            f"at {when:.2f} s: {before} then {count}" + (", older index" if is_fallback else "")
            for (_, before, _), (when, count, is_fallback) in itertools.pairwise(counted)
            if count < before
        ]

    def _ask(self) -> None:
        while not self._is_done.is_set():
            for path in self.paths:
                began = time.monotonic()
                answer = self.portal.get(path)
                self.answers.append((began, time.monotonic(), path, answer))
            time.sleep(_PAUSE)
