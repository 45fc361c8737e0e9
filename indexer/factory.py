"""Where a backend is chosen by name, and the only place that knows them all."""

from pathlib import Path

from indexer.engine import IndexWriter, Rebuild, SearchEngine

__all__ = ["BACKENDS", "open_engine", "open_rebuild", "open_writer"]

BACKENDS = ("whoosh-plain",)


def open_engine(root: Path, *, backend: str = "whoosh-plain") -> SearchEngine:
    """A reader of the index at `root`, which need not exist yet. Writes nothing, ever."""
    raise NotImplementedError


def open_writer(root: Path, *, backend: str = "whoosh-plain") -> IndexWriter:
    """The writer of the index at `root`, created empty when there is none.

    Raises:
        IndexBusy: another writer holds the lock.
        IndexDamaged: the files cannot be written to; see `open_rebuild`.
    """
    raise NotImplementedError


def open_rebuild(root: Path, *, backend: str = "whoosh-plain") -> Rebuild:
    """A rebuild that needs no healthy index: the way out of `IndexDamaged`.

    Holds the lock until promoted or abandoned.

    Raises:
        IndexBusy: another writer holds the lock.
    """
    raise NotImplementedError
