"""Where a backend is chosen by name, and the only place that knows them all.

A backend is imported when it is asked for: a reader of one needs no library of another.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from indexer.engine import IndexWriter, Rebuild, SearchEngine

__all__ = ["BACKENDS", "open_engine", "open_rebuild", "open_writer"]


@dataclass(frozen=True, slots=True)
class _Backend:
    """Where its three makers lie, each as `module:name`."""

    engine: str
    writer: str
    rebuild: str


_BACKENDS = {
    "whoosh-plain": _Backend(
        engine="indexer.backends.whoosh_plain:WhooshPlainEngine",
        writer="indexer.backends.whoosh_writer:WhooshWriter",
        rebuild="indexer.backends.whoosh_rebuild:open_plain_rebuild",
    ),
    "whoosh": _Backend(
        engine="indexer.backends.whoosh_engine:WhooshEngine",
        writer="indexer.backends.whoosh_writer:open_whoosh_writer",
        rebuild="indexer.backends.whoosh_rebuild:open_whoosh_rebuild",
    ),
}

BACKENDS = tuple(_BACKENDS)
"""The names `backend=` accepts."""


def open_engine(root: Path, *, backend: str = "whoosh") -> SearchEngine:
    """A reader of the index at `root`, which need not exist yet. Writes nothing, ever."""
    engine: SearchEngine = _maker(_find(backend).engine)(root)
    return engine


def open_writer(root: Path, *, backend: str = "whoosh") -> IndexWriter:
    """The writer of the index at `root`, created empty when there is none.

    Raises:
        IndexBusy: another writer holds the lock.
        IndexDamaged: the files cannot be written to; see `open_rebuild`.
    """
    writer: IndexWriter = _maker(_find(backend).writer)(root)
    return writer


def open_rebuild(root: Path, *, backend: str = "whoosh") -> Rebuild:
    """A rebuild that needs no healthy index: the way out of `IndexDamaged`.

    Holds the lock until promoted or abandoned.

    Raises:
        IndexBusy: another writer holds the lock.
    """
    rebuild: Rebuild = _maker(_find(backend).rebuild)(root)
    return rebuild


def _find(backend: str) -> _Backend:
    if backend not in _BACKENDS:
        raise ValueError(f"Unknown search backend {backend!r}; choose from {', '.join(BACKENDS)}.")
    return _BACKENDS[backend]


def _maker(where: str) -> Callable[[Path], Any]:
    module, _, name = where.partition(":")
    maker: Callable[[Path], Any] = getattr(import_module(module), name)
    return maker
