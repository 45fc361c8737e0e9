"""The one writer, and rebuilds beside: locks, generations and public errors.

What a generation is lies in `whoosh_files`; here is which generation is written to, which ones are
kept, and when the pointer moves.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Self

from indexer.backends.whoosh_files import Generation
from indexer.errors import IndexBusy, IndexDamaged
from indexer.model import Document, Revision
from indexer.store import Damage, Layout, Verifier, WriterLock

__all__ = [
    "WhooshRebuild",
    "WhooshWriter",
    "open_plain_rebuild",
    "open_whoosh_rebuild",
    "open_whoosh_writer",
]


@contextmanager
def _public_errors() -> Iterator[None]:
    try:
        yield
    except Damage as damage:
        raise IndexDamaged(str(damage)) from damage


def _prepare(root: Path) -> tuple[Layout, WriterLock]:
    layout = Layout(root)
    layout.generations.mkdir(parents=True, exist_ok=True)
    lock = WriterLock(layout.lock)
    layout.discard_unfinished()
    return layout, lock


class WhooshWriter:
    """See `indexer.engine.IndexWriter`."""

    def __init__(self, root: Path, *, has_sidecars: bool = False) -> None:
        """Take the lock and open the current generation, created when there is none.

        `has_sidecars`: keep the arrays that the `whoosh` backend reads beside each segment.
        """
        self._has_sidecars = has_sidecars
        self._layout, self._lock = _prepare(root)
        self._verifier = Verifier()
        self._pending: dict[str, Document | None] = {}
        try:
            with _public_errors():
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
        with _public_errors():
            if self._pending:
                self._remove_from_older()
                self._generation.apply(self._pending)
                self._pending = {}
            else:
                self._generation.check()
        return self.revision

    def check(self, *, deep: bool = False) -> None:
        """Raise `IndexDamaged` if the files were altered."""
        with _public_errors():
            if self._layout.current() != self._number:
                raise Damage(f"{self._layout.pointer} does not name generation {self._number}.")
            self._generation.check(deep=deep)

    def begin_rebuild(self) -> "WhooshRebuild":
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


class WhooshRebuild:
    """See `indexer.engine.Rebuild`. `on_end` is told the number promoted, or None.

    Whatever their number, the documents make one segment: nothing is merged, and a question looks
    in one place.
    """

    def __init__(
        self,
        layout: Layout,
        *,
        verifier: Verifier,
        has_sidecars: bool,
        on_end: Callable[[int | None], None],
    ) -> None:
        self._layout = layout
        self._verifier = verifier
        self._has_sidecars = has_sidecars
        self._on_end = on_end
        self._number = layout.next_number()
        self._is_over = False
        try:
            self._generation = Generation.create(
                layout.building(self._number), verifier=verifier, has_sidecars=has_sidecars
            )
        except FileExistsError as error:
            raise IndexBusy("A rebuild is already under way.") from error
        self._writer = self._generation.start()

    @property
    def document_count(self) -> int:
        """How many documents it holds."""
        return self._writer.documents

    def put(self, document: Document) -> None:
        """Add or replace."""
        with _public_errors():
            self._generation.carry_out(lambda: self._writer.put(document))

    def remove(self, key: str) -> None:
        """Take out."""
        self._writer.remove(key)

    def promote(self) -> Revision:
        """Make it current; keep the newest sound generation before it and delete the others."""
        with _public_errors():
            self._generation.carry_out(self._writer.end)
        revision = Revision(self._number, self._generation.commit)
        self._generation.close()
        self._layout.publish(self._number)
        self._is_over = True
        self._prune()
        with _public_errors():
            self._on_end(self._number)
        return revision

    def abandon(self) -> None:
        """Throw it away; harmless once it is over."""
        if self._is_over:
            return
        self._is_over = True
        with suppress(Exception):  # whatever is wrong with it, it goes
            self._writer.cancel()
        self._generation.close()
        self._layout.discard_unfinished()
        self._on_end(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.abandon()

    def _prune(self) -> None:
        has_previous = False
        for number in reversed(self._layout.numbers()):
            if number == self._number:
                continue
            if not has_previous and number < self._number and self._may_serve(number):
                has_previous = True
            else:
                self._layout.discard(number)

    def _may_serve(self, number: int) -> bool:
        """Whether a generation could answer for this one: sound, and not the empty first one."""
        try:
            with closing(
                Generation(
                    self._layout.generation(number),
                    verifier=self._verifier,
                    has_sidecars=self._has_sidecars,
                )
            ) as older:
                return older.documents > 0
        except Damage:
            return False


def open_whoosh_writer(root: Path) -> WhooshWriter:
    """A writer of segments with their sidecars."""
    return WhooshWriter(root, has_sidecars=True)


def open_whoosh_rebuild(root: Path) -> WhooshRebuild:
    """A rebuild of segments with their sidecars, that needs no sound index."""
    return _open_rebuild(root, has_sidecars=True)


def open_plain_rebuild(root: Path) -> WhooshRebuild:
    """The same without sidecars."""
    return _open_rebuild(root, has_sidecars=False)


def _open_rebuild(root: Path, *, has_sidecars: bool) -> WhooshRebuild:
    """A rebuild that holds the lock itself."""
    layout, lock = _prepare(root)
    try:
        return WhooshRebuild(
            layout,
            verifier=Verifier(),
            has_sidecars=has_sidecars,
            on_end=lambda _: lock.release(),
        )
    except BaseException:
        lock.release()
        raise
