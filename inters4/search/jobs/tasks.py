"""What people or the worker itself may ask: rebuild the index, verify it, repair it.

A rebuild is made beside the index that serves; what changes meanwhile goes to both.
"""

import time
from collections.abc import Callable
from dataclasses import field
from pathlib import Path
from typing import Any

import structlog

from indexer import IndexDamaged, IndexWriter, open_engine, open_rebuild
from inters4.core.db import reading, writing
from inters4.core.outbox import DocumentRef, queue
from inters4.core.values import dataclass
from inters4.search.jobs.building import apply, in_batches, load_documents
from inters4.search.jobs.draining import catch_up, drain
from inters4.search.models import IndexTask
from inters4.search.queries import index as queries
from inters4.search.services import requests

log = structlog.get_logger(__name__)

_PROGRESS_SECONDS = 0.5
_KEYS_KEPT = 50


class Stopped(Exception):
    """The process is asked to end: the work under way is left for the next start."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """The index to work on, and how to work: what does not change from one task to the next.

    Attributes:
        on_progress: told how many documents a task has looked at so far.
        batch: how many documents are read in one session.
    """

    root: Path
    backend: str
    is_stopping: Callable[[], bool]
    on_progress: Callable[[int], None]
    batch: int


@dataclass(slots=True)
class Task:
    """A request under way, and the rows that ask for the same."""

    task: IndexTask
    ids: list[int]
    place: Workplace
    report: dict[str, Any] = field(default_factory=dict)
    total: int | None = None
    _progress: int = 0
    _written_at: float = 0.0
    _failed: set[DocumentRef] = field(default_factory=set)

    def execute(self, writer: IndexWriter | None) -> None:
        """Do it and fill `report`. Only a rebuild does without a `writer`.

        Raises:
            IndexBusy: another process holds the index.
            IndexDamaged: the index that serves cannot be read or written.
            Stopped: nothing was done that lasts.
        """
        if self.task is IndexTask.REBUILD:
            self._rebuild(writer)
        else:
            keys = self._verify()
            if self.task is IndexTask.REPAIR:
                self._repair(writer, keys)
        self._note_failures()

    def _rebuild(self, writer: IndexWriter | None) -> None:
        place = self.place
        begun = (
            writer.begin_rebuild()
            if writer is not None
            else open_rebuild(place.root, backend=place.backend)
        )
        with begun as rebuild:
            for batch in in_batches(self._start(), place.batch):
                self._check_stop()
                for reference, document in load_documents(batch, self._failed):
                    apply(rebuild, reference, document)
                self._advance(len(batch))
                if writer is not None:
                    try:
                        drain(writer, rebuild=rebuild, batch=place.batch)
                    except IndexDamaged:
                        log.warning("index_damaged_while_rebuilding")  # rows wait for the new one
            catch_up(rebuild, self._failed, batch=place.batch)
            self.report["documents"] = rebuild.document_count
            self.report["revision"] = str(rebuild.promote())

    def _verify(self) -> list[str]:
        """Compare by digest; what changed while we looked is not a difference."""
        expected: dict[str, str] = {}
        for batch in in_batches(self._start(), self.place.batch):
            self._check_stop()
            for reference, document in load_documents(batch, self._failed):
                if document is not None:
                    expected[reference.key] = document.digest
            self._advance(len(batch))
        with open_engine(self.place.root, backend=self.place.backend) as engine:
            found = engine.verify(expected)
        with reading() as session:
            moving = queries.pending_keys(session) | {one.key for one in self._failed}
        differences = {
            name: sorted(keys - moving)
            for name, keys in (
                ("missing", found.missing),
                ("orphan", found.orphan),
                ("stale", found.stale),
            )
        }
        self.report = {name: len(keys) for name, keys in differences.items()}
        self.report["documents"] = len(expected)
        self.report["keys"] = {name: keys[:_KEYS_KEPT] for name, keys in differences.items()}
        return [key for keys in differences.values() for key in keys]

    def _repair(self, writer: IndexWriter | None, keys: list[str]) -> None:
        if writer is None:
            raise RuntimeError("the index is not open")
        for batch in in_batches(map(DocumentRef.parse, keys), self.place.batch):
            for reference, document in load_documents(batch, self._failed):
                apply(writer, reference, document)
            writer.commit()

    def _start(self) -> list[DocumentRef]:
        """Mark the task as begun, now that the index is ours; give back all there is to index."""
        with writing() as session:
            requests.start_requests(session, self.ids)
        with reading() as session:
            references = list(queries.every_reference(session))
        self.total = len(references)
        return references

    def _advance(self, count: int) -> None:
        self._progress += count
        self.place.on_progress(self._progress)
        if time.monotonic() - self._written_at >= _PROGRESS_SECONDS:
            with writing() as session:
                requests.note_progress(session, self.ids, progress=self._progress, total=self.total)
            self._written_at = time.monotonic()

    def _check_stop(self) -> None:
        if self.place.is_stopping():
            raise Stopped

    def _note_failures(self) -> None:
        """Name the documents that could not be built, and have them tried again."""
        if not self._failed:
            return
        self.report["failed"] = sorted(one.key for one in self._failed)[:_KEYS_KEPT]
        with writing() as session:
            queue(session, self._failed)
