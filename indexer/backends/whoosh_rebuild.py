"""A generation built beside the one that serves: when the pointer moves, which ones are kept."""

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
    "open_plain_rebuild",
    "open_whoosh_rebuild",
    "prepare",
    "public_errors",
]


@contextmanager
def public_errors() -> Iterator[None]:
    """What is wrong with files, told to writers as they know it."""
    try:
        yield
    except Damage as damage:
        raise IndexDamaged(str(damage)) from damage


def prepare(root: Path) -> tuple[Layout, WriterLock]:
    """The directories of an index, made if need be, and its lock, taken."""
    layout = Layout(root)
    layout.generations.mkdir(parents=True, exist_ok=True)
    lock = WriterLock(layout.lock)
    layout.discard_unfinished()
    return layout, lock


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
        with public_errors():
            self._generation.carry_out(lambda: self._writer.put(document))

    def remove(self, key: str) -> None:
        """Take out."""
        self._writer.remove(key)

    def promote(self) -> Revision:
        """Make it current; keep the newest sound generation before it and delete the others."""
        with public_errors():
            self._generation.carry_out(self._writer.end)
        revision = Revision(self._number, self._generation.commit)
        self._generation.close()
        self._layout.publish(self._number)
        self._is_over = True
        self._prune()
        with public_errors():
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


def open_whoosh_rebuild(root: Path) -> WhooshRebuild:
    """A rebuild of segments with their sidecars, that needs no sound index."""
    return _open_rebuild(root, has_sidecars=True)


def open_plain_rebuild(root: Path) -> WhooshRebuild:
    """The same without sidecars."""
    return _open_rebuild(root, has_sidecars=False)


def _open_rebuild(root: Path, *, has_sidecars: bool) -> WhooshRebuild:
    """A rebuild that holds the lock itself."""
    layout, lock = prepare(root)
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
