"""Which revision answers now: noticing commits, surviving damage, closing when the last one leaves.

At each question the pointer and the manifest are looked at (`stat`); when they changed, the new
commit is opened and swapped in, and the one before is closed once nobody uses it. When it cannot be
opened, the last good revision goes on answering; failing that, an older generation; failing that,
`IndexUnavailable`.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from indexer.errors import IndexUnavailable
from indexer.model import Revision
from indexer.store import TEXTS, Damage, HeldFiles, Layout, Verifier
from indexer.store.manifest import MANIFEST, Fingerprint, fingerprint_if_any

__all__ = ["CurrentRevision", "Opened", "Opener"]

_OPENING_TRIES = 5
_OPENING_PAUSE = 0.01
_ANSWERING_TRIES = 4
_RETRY_PAUSE = 0.5
"""Seconds before an index that could not be opened is tried again, unless its files changed."""


class Opened(Protocol):
    """A commit opened for reading, whatever reads it."""

    revision: Revision
    files: HeldFiles

    def close(self) -> None:
        """Let go of the files."""


Answer = TypeVar("Answer")
R = TypeVar("R", bound=Opened)
Mark = tuple[Fingerprint | None, ...]
Opener = Callable[[Path, int, Verifier, R | None], R]
"""Opens the last commit of a directory, a generation, given what is open already.

Raises `FileNotFoundError` when a file vanished meanwhile, `Damage` for anything else.
"""


@dataclass(slots=True)
class _Held(Generic[R]):
    """A revision in use."""

    opened: R
    is_fallback: bool
    users: int = 0
    is_retired: bool = False


class CurrentRevision(Generic[R]):
    """Shared by all threads of a process."""

    def __init__(self, root: Path, opener: Opener[R]) -> None:
        self._opener = opener
        self._layout = Layout(root)
        self._verifier = Verifier()
        self._lock = threading.Lock()
        self._held: _Held[R] | None = None
        self._mark: Mark | None = None
        self._pointed: tuple[Fingerprint | None, Path | None] | None = None
        self._retry_at = 0.0
        self._condemned: set[Mark] = set()

    def answer(self, ask: Callable[[R, bool], Answer]) -> Answer:
        """What `ask` says of the current revision.

        An exception over sound files is a mistake of ours and passes; over bad files it condemns
        the revision, and the next best is asked.
        """
        for _ in range(_ANSWERING_TRIES):
            with self._lease() as held:
                try:
                    return ask(held.opened, held.is_fallback)
                except Exception as error:
                    if not isinstance(error, Damage) and held.opened.files.is_sound():
                        raise
                    self._condemn(held)
        raise IndexUnavailable("Every generation of the index is damaged.")

    def refresh(self) -> bool:
        """Look again at once; True when another revision answers from now on."""
        with self._lock:
            before = self._held.opened.revision if self._held else None
            self._retry_at = 0.0
        with self._lease() as held:
            return held.opened.revision != before

    def close(self) -> None:
        """Retire what is held."""
        with self._lock:
            self._swap(None)
            self._mark = None

    @contextmanager
    def _lease(self) -> Iterator[_Held[R]]:
        with self._lock:
            held = self._latest()
            held.users += 1
        try:
            yield held
        finally:
            with self._lock:
                held.users -= 1
                if held.is_retired and not held.users:
                    held.opened.close()

    def _latest(self) -> _Held[R]:
        """The revision to answer from, opened if need be."""
        mark = self._look()
        held = self._held
        is_same = mark == self._mark
        if held is not None and not held.opened.files.is_untouched():
            self._swap(None)
            held, is_same = None, False
        if held is not None and is_same and not held.is_fallback:
            return held
        if not is_same or time.monotonic() >= self._retry_at:
            self._mark = mark
            self._open_best()
        if self._held is None:
            raise IndexUnavailable(f"No index can be opened at {self._layout.root}.")
        return self._held

    def _look(self) -> Mark:
        """What changes with each commit and each promotion; the pointer is read when it changed."""
        pointer = fingerprint_if_any(self._layout.pointer)
        if pointer is None or self._pointed is None or self._pointed[0] != pointer:
            try:
                number = self._layout.current()
            except Damage:
                number = None
            manifest = self._layout.generation(number) / MANIFEST if number is not None else None
            self._pointed = pointer, manifest
        _, manifest = self._pointed
        return (pointer,) if manifest is None else (pointer, fingerprint_if_any(manifest))

    def _open_best(self) -> None:
        """Hold the current revision; else keep what is held; else an older generation."""
        try:
            number = self._layout.current()
        except Damage:
            number = None
        if number is not None:
            try:
                self._swap(_Held(self._open(number), is_fallback=False))
            except Damage:
                pass
            else:
                return
        self._retry_at = time.monotonic() + _RETRY_PAUSE
        if self._held is not None:
            self._held.is_fallback = True
            return
        for older in self._older_than(number):
            try:
                self._swap(_Held(self._open(older), is_fallback=True))
            except Damage:
                continue
            return

    def _older_than(self, number: int | None) -> list[int]:
        try:
            numbers = self._layout.numbers()
        except Damage:
            return []
        return [one for one in reversed(numbers) if number is None or one < number]

    def _open(self, number: int) -> R:
        """Open a generation, again if a file vanishes while a writer moves on."""
        directory = self._layout.generation(number)
        for _ in range(_OPENING_TRIES):
            if self._state(directory) in self._condemned:
                raise Damage(f"{directory} was found damaged.")
            try:
                earlier = self._held.opened if self._held else None
                return self._opener(directory, number, self._verifier, earlier)
            except FileNotFoundError:
                time.sleep(_OPENING_PAUSE)
            except Damage:
                raise
            except Exception as error:
                raise Damage(f"{directory} cannot be opened: {error!r}") from error
        raise Damage(f"{directory} lacks files.")

    def _condemn(self, held: _Held[R]) -> None:
        """Never answer from this state of this generation again."""
        with self._lock:
            self._condemned.add(self._state(held.opened.files.directory))
            self._retry_at = 0.0
            if self._held is held:
                self._swap(None)

    def _state(self, directory: Path) -> Mark:
        names = (MANIFEST, TEXTS)
        return tuple(fingerprint_if_any(directory / name) for name in names)

    def _swap(self, held: _Held[R] | None) -> None:
        before, self._held = self._held, held
        if before is not None:
            before.is_retired = True
            if not before.users:
                before.opened.close()
