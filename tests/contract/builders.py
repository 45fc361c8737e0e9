"""Documents and questions for the contract of the search engine, from what a case is about."""

import atexit
import datetime
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from indexer import (
    Document,
    IndexWriter,
    Rebuild,
    Results,
    SearchEngine,
    SearchRequest,
    SortOrder,
    open_engine,
    open_rebuild,
    open_writer,
)

PUBLIC = frozenset({"public"})


def scratch() -> Path | None:
    """Where to put an index: in memory if the system offers it, since commits wait for the disk.

    None stands for the usual place. `kill -9` loses nothing of either.
    """
    memory = Path("/dev/shm")  # noqa: S108 - a directory of its own is made in it
    return memory if os.access(memory, os.W_OK) else None


def make_document(
    key: str = "fiche:1",
    *,
    title: str = "Une fiche",
    body: str = "",
    audience: str = "public",
    kind: str = "fiche",
    language: str = "fr",
    date: datetime.date | None = None,
    facets: Mapping[str, tuple[str, ...]] | None = None,
) -> Document:
    return Document(
        key,
        kind=kind,
        title=title,
        body=body,
        audience=audience,
        language=language,
        date=date,
        facets=facets or {},
    )


_FILLED: set[tuple[str, str]] = set()
_KEPT: dict[tuple[str, str], Path] = {}


@cache
def _place() -> Path:
    """Where the indexes to copy are, until the process ends."""
    directory = tempfile.TemporaryDirectory(dir=scratch())
    atexit.register(directory.cleanup)
    return Path(directory.name)


@dataclass(frozen=True, slots=True)
class Index:
    """One index of one backend, and the handles to it."""

    root: Path
    backend: str

    def engine(self) -> SearchEngine:
        return open_engine(self.root, backend=self.backend)

    def writer(self) -> IndexWriter:
        return open_writer(self.root, backend=self.backend)

    def rebuild(self) -> Rebuild:
        return open_rebuild(self.root, backend=self.backend)

    def fill(self, documents: Iterable[Document]) -> None:
        """Commit these documents, three by three so that several segments arise.

        Cases of a test fill theirs alike: from the third time, a new index is a copy of the second.
        """
        documents = list(documents)
        if self.root.exists() and any(self.root.iterdir()):
            self._commit(documents)
            return
        key = (self.backend, repr(documents))
        kept = _KEPT.get(key)
        if kept is not None:
            shutil.copytree(kept, self.root, dirs_exist_ok=True)
            return
        self._commit(documents)
        if key in _FILLED:
            _KEPT[key] = shutil.copytree(self.root, _place() / str(len(_KEPT)))
        _FILLED.add(key)

    def _commit(self, documents: Iterable[Document]) -> None:
        with self.writer() as writer:
            for number, document in enumerate(documents, start=1):
                writer.put(document)
                if number % 3 == 0:
                    writer.commit()
            writer.commit()

    def ask(
        self,
        text: str = "",
        *,
        audiences: frozenset[str] = PUBLIC,
        filters: Mapping[str, frozenset[str]] | None = None,
        facets: tuple[str, ...] = (),
        years: bool = False,
        year_from: int | None = None,
        year_to: int | None = None,
        sort: SortOrder = SortOrder.RELEVANCE,
        offset: int = 0,
        limit: int = 50,
        languages: frozenset[str] = frozenset(),
    ) -> Results:
        """What a fresh reader answers."""
        with self.engine() as engine:
            return engine.search(
                SearchRequest(
                    text,
                    audiences=audiences,
                    filters=filters or {},
                    facets=facets,
                    years=years,
                    year_from=year_from,
                    year_to=year_to,
                    sort=sort,
                    offset=offset,
                    limit=limit,
                    languages=languages,
                )
            )

    def found(self, text: str) -> list[str]:
        """The keys of what holds every word of `text`, in order."""
        return [hit.key for hit in self.ask(text).hits if hit.has_every_word]

    def holds(self, title: str, *, text: str, language: str = "fr") -> bool:
        """Whether a document of this title is found, all words of it, by `text`."""
        self.fill([make_document(title=title, language=language)])
        return self.found(text) == ["fiche:1"]
