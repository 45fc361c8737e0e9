"""The one writer: its lock, and which generation it writes to.

What a generation is lies in `whoosh_files`; how one is built beside, in `whoosh_rebuild`.
"""

from contextlib import closing
from pathlib import Path
from typing import Self

from indexer.backends.whoosh_files import Generation
from indexer.backends.whoosh_rebuild import WhooshRebuild, prepare, public_errors
from indexer.model import Document, Revision
from indexer.store import Damage, Verifier

__all__ = ["WhooshWriter", "open_whoosh_writer"]


class WhooshWriter:
    """See `indexer.engine.IndexWriter`."""

    def __init__(self, root: Path, *, has_sidecars: bool = False) -> None:
        """Take the lock and open the current generation, created when there is none.

        `has_sidecars`: keep the arrays that the `whoosh` backend reads beside each segment.
        """
        self._has_sidecars = has_sidecars
        self._layout, self._lock = prepare(root)
        self._verifier = Verifier()
        self._pending: dict[str, Document | None] = {}
        try:
            with public_errors():
                self._number = self._find_or_create()
                self._generation = self._open_sound(self._number)
        except BaseException:
            self._lock.release()
            raise

    @property
    def revision(self) -> Revision:
        """The last commit."""
        return Revision(self._number, self._generation.commit)

    @property
    def pending(self) -> int:
        """How many documents the next commit will change."""
        return len(self._pending)

    def put(self, document: Document) -> None:
        """Add or replace, at the next commit."""
        self._pending[document.key] = document

    def remove(self, key: str) -> None:
        """Take out, at the next commit."""
        self._pending[key] = None

    def commit(self) -> Revision:
        """Make the changes durable; they stay pending when it fails."""
        with public_errors():
            if self._pending:
                self._remove_from_older()
                self._generation.apply(self._pending)
                self._pending = {}
            else:
                self._generation.check()
        return self.revision

    def check(self, *, deep: bool = False) -> None:
        """Raise `IndexDamaged` if the files were altered."""
        with public_errors():
            if self._layout.current() != self._number:
                raise Damage(f"{self._layout.pointer} does not name generation {self._number}.")
            self._generation.check(deep=deep)

    def begin_rebuild(self) -> WhooshRebuild:
        """Build beside, under the lock held here."""
        return WhooshRebuild(
            self._layout,
            verifier=self._verifier,
            has_sidecars=self._has_sidecars,
            on_end=self._adopt,
        )

    def close(self) -> None:
        """Drop what is pending and release the lock."""
        self._generation.close()
        self._pending = {}
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _open(self, number: int) -> Generation:
        return Generation(
            self._layout.generation(number),
            verifier=self._verifier,
            has_sidecars=self._has_sidecars,
        )

    def _open_sound(self, number: int) -> Generation:
        generation = self._open(number)
        try:
            generation.check(deep=True)
        except BaseException:
            generation.close()
            raise
        return generation

    def _find_or_create(self) -> int:
        number = self._layout.current()
        if number is not None:
            for later in self._layout.numbers():
                if later > number:
                    self._layout.discard(later)
            return number
        if self._layout.numbers():
            raise Damage(f"{self._layout.pointer} is missing.")
        Generation.create(
            self._layout.building(1), verifier=self._verifier, has_sidecars=self._has_sidecars
        ).close()
        self._layout.publish(1)
        return 1

    def _remove_from_older(self) -> None:
        """Take removed documents out of the generations kept for fallback.

        One that is damaged is of no use any more and goes.
        """
        removals = {key: None for key, document in self._pending.items() if document is None}
        if not removals:
            return
        for number in self._layout.numbers():
            if number == self._number:
                continue
            try:
                with closing(self._open(number)) as older:
                    if older.holds_any(removals):
                        older.apply(removals)
            except Damage:
                self._layout.discard(number)

    def _adopt(self, number: int | None) -> None:
        """Write to the generation just promoted."""
        if number is not None:
            self._generation.close()
            self._generation = self._open(number)
            self._number = number


def open_whoosh_writer(root: Path) -> WhooshWriter:
    """A writer of segments with their sidecars."""
    return WhooshWriter(root, has_sidecars=True)
