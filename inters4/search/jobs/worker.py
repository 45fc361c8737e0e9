"""The one writer of the index: it follows the outbox and executes requests.

Idempotent and free of order: a row only says "look at this document again", and what is put in
the index is what the database says now. A row is deleted after the commit of the index that holds
it, so that a death anywhere leaves it to be looked at once more. Documents are always read in a
session opened after the last drain: a longer one would bring back what was true when it began.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import structlog
from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError

from indexer import (
    Document,
    IndexBusy,
    IndexDamaged,
    IndexUnavailable,
    IndexWriter,
    Rebuild,
    open_engine,
    open_rebuild,
    open_writer,
)
from inters4.core.db import is_busy, reading, writing
from inters4.core.outbox import DocumentRef, OutboxRow
from inters4.search.models import IndexTask
from inters4.search.queries import index as queries
from inters4.search.services import requests

log = structlog.get_logger(__name__)

BATCH = 200
_PROGRESS_SECONDS = 0.5
_KEYS_KEPT = 50


class Stopped(Exception):
    """The process is asked to end: the work under way is left for the next start."""


@dataclass(slots=True)
class _Task:
    """A request under way, and the rows that ask for the same."""

    task: IndexTask
    ids: list[int]
    progress: int = 0
    total: int | None = None
    written_at: float = 0.0
    report: dict[str, Any] = field(default_factory=dict)


class IndexWorker:
    """Holds the lock of the index from the first `work` that gets it to `close`.

    Not for several threads at once.
    """

    def __init__(
        self,
        root: Path,
        *,
        backend: str,
        is_stopping: Callable[[], bool] = lambda: False,
        on_progress: Callable[[int], None] = lambda _count: None,
        batch: int = BATCH,
    ) -> None:
        """`on_progress` is told how many documents a request has looked at so far."""
        self._root, self._backend = root, backend
        self._is_stopping, self._on_progress = is_stopping, on_progress
        self._batch = batch
        self._writer: IndexWriter | None = None

    def work(self) -> bool:
        """Do all that is due; False when another process holds the index."""
        try:
            self._make_ready()
            self._follow()
            while (task := self._next_task()) is not None:
                self._execute(task)
                if self._writer is None:
                    self._make_ready()
                self._follow()
                if self._writer is None:
                    break
        except IndexBusy:
            return False
        except Stopped:
            log.info("index_work_left_for_later")
        return True

    def drain(self, *, rebuild: Rebuild | None = None) -> int:
        """Bring the index up to date with the outbox; give back how many rows were followed.

        Raises:
            IndexDamaged: nothing of the present batch is lost, its rows are still there.
        """
        writer = self._writer
        if writer is None:
            raise RuntimeError("the index is not open")
        followed = after = 0
        while True:
            with reading() as session:
                rows = queries.pending_rows(session, after=after, limit=self._batch)
            if not rows:
                return followed
            after = rows[-1].id
            failed: set[DocumentRef] = set()
            for reference, document in self._load({row.reference for row in rows}, failed):
                for target in (writer, rebuild):
                    _apply(target, reference, document)
            writer.commit()
            done = [row.id for row in rows if row.reference not in failed]
            with writing() as session:
                session.execute(delete(OutboxRow).where(OutboxRow.id.in_(done)))
            followed += len(done)

    def close(self) -> None:
        """Release the index."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _make_ready(self) -> None:
        """Open the writer, or ask for a rebuild when there is no sound index to write to."""
        try:
            if self._writer is not None:
                self._writer.check()
            elif self._can_be_read():
                self._writer = open_writer(self._root, backend=self._backend)
            else:
                _ask_for_rebuild("absent")
        except IndexDamaged as damage:
            self._give_up(damage)

    def _follow(self) -> None:
        if self._writer is None:
            return
        try:
            self.drain()
        except IndexDamaged as damage:
            self._give_up(damage)

    def _give_up(self, damage: IndexDamaged) -> None:
        log.error("index_damaged", reason=str(damage))
        self.close()
        _ask_for_rebuild("damaged")

    def _can_be_read(self) -> bool:
        """False when no generation can be opened: an empty one must not be shown in its stead."""
        try:
            with open_engine(self._root, backend=self._backend) as engine:
                _ = engine.revision
        except IndexUnavailable:
            return False
        return True

    def _next_task(self) -> _Task | None:
        with reading() as session:
            waiting = [(row.task, row.id) for row in queries.open_requests(session)]
        if self._writer is None:  # nothing else can be done before
            waiting = [(task, number) for task, number in waiting if task is IndexTask.REBUILD]
        if not waiting:
            return None
        first = waiting[0][0]
        return _Task(first, [number for task, number in waiting if task is first])

    def _execute(self, task: _Task) -> None:
        try:
            if task.task is IndexTask.REBUILD:
                self._rebuild(task)
            else:
                self._verify(task, repairs=task.task is IndexTask.REPAIR)
        except Exception as error:
            if isinstance(error, IndexBusy):
                raise
            with writing() as session:
                if isinstance(error, Stopped) or is_busy(error):
                    requests.postpone_requests(session, task.ids)
                else:
                    report = {"error": type(error).__name__}
                    requests.answer_requests(session, task.ids, report=report, failed=True)
            if not isinstance(error, IndexDamaged):
                raise
            self._give_up(error)
        else:
            with writing() as session:
                requests.answer_requests(session, task.ids, report=task.report)
            log.info("index_request_done", task=task.task.value, documents=task.total)

    def _rebuild(self, task: _Task) -> None:
        """Build beside, then show it; changes made meanwhile go to both."""
        failed: set[DocumentRef] = set()
        with self._begin_rebuild() as rebuild:
            references = self._start(task)
            for batch in _batches(references, self._batch):
                self._check_stop()
                for reference, document in self._load(batch, failed):
                    _apply(rebuild, reference, document)
                self._advance(task, len(batch))
                self._follow_both(rebuild)
            self._catch_up(rebuild, failed)
            task.report["documents"] = rebuild.document_count
            task.report["revision"] = str(rebuild.promote())
        _note_failures(task, failed)

    def _begin_rebuild(self) -> Rebuild:
        if self._writer is not None:
            return self._writer.begin_rebuild()
        return open_rebuild(self._root, backend=self._backend)

    def _start(self, task: _Task) -> list[DocumentRef]:
        """Mark the task as begun, now that the index is ours; give back all there is to index."""
        with writing() as session:
            requests.start_requests(session, task.ids)
        with reading() as session:
            references = list(queries.every_reference(session))
        task.total = len(references)
        return references

    def _follow_both(self, rebuild: Rebuild) -> None:
        if self._writer is None:
            return
        try:
            self.drain(rebuild=rebuild)
        except IndexDamaged:
            log.warning("index_damaged_while_rebuilding")  # its rows wait for the new one

    def _catch_up(self, rebuild: Rebuild, failed: set[DocumentRef]) -> None:
        """Give the new generation what still waits, so that it shows nothing withdrawn."""
        after = 0
        while True:
            with reading() as session:
                rows = queries.pending_rows(session, after=after, limit=self._batch)
            if not rows:
                return
            after = rows[-1].id
            for reference, document in self._load({row.reference for row in rows}, failed):
                _apply(rebuild, reference, document)

    def _verify(self, task: _Task, *, repairs: bool) -> None:
        """Compare by digest; what changed while we looked is not a difference."""
        references = self._start(task)
        failed: set[DocumentRef] = set()
        expected: dict[str, str] = {}
        for batch in _batches(references, self._batch):
            self._check_stop()
            for reference, document in self._load(batch, failed):
                if document is not None:
                    expected[reference.key] = document.digest
            self._advance(task, len(batch))
        with open_engine(self._root, backend=self._backend) as engine:
            found = engine.verify(expected)
        with reading() as session:
            moving = queries.pending_keys(session) | {reference.key for reference in failed}
        differences = {
            name: sorted(keys - moving)
            for name, keys in (
                ("missing", found.missing),
                ("orphan", found.orphan),
                ("stale", found.stale),
            )
        }
        task.report = {name: len(keys) for name, keys in differences.items()}
        task.report["documents"] = len(expected)
        task.report["keys"] = {name: keys[:_KEYS_KEPT] for name, keys in differences.items()}
        _note_failures(task, failed)
        if repairs:
            self._repair([key for keys in differences.values() for key in keys])

    def _repair(self, keys: list[str]) -> None:
        writer = self._writer
        if writer is None:
            raise RuntimeError("the index is not open")
        for batch in _batches([DocumentRef.parse(key) for key in keys], self._batch):
            for reference, document in self._load(batch, set()):
                _apply(writer, reference, document)
            writer.commit()

    def _load(
        self, references: Iterable[DocumentRef], failed: set[DocumentRef]
    ) -> Iterator[tuple[DocumentRef, Document | None]]:
        """Documents as the database has them now; one that cannot be built is set apart."""
        with reading() as session:
            for reference in sorted(references):
                try:
                    document = queries.load_document(session, reference)
                except SQLAlchemyError:
                    raise
                except Exception:
                    log.exception("document_not_built", key=reference.key)
                    failed.add(reference)
                    continue
                yield reference, document

    def _advance(self, task: _Task, count: int) -> None:
        task.progress += count
        self._on_progress(task.progress)
        if time.monotonic() - task.written_at >= _PROGRESS_SECONDS:
            with writing() as session:
                requests.note_progress(session, task.ids, progress=task.progress, total=task.total)
            task.written_at = time.monotonic()

    def _check_stop(self) -> None:
        if self._is_stopping():
            raise Stopped


def _apply(
    target: IndexWriter | Rebuild | None, reference: DocumentRef, document: Document | None
) -> None:
    if target is None:
        return
    if document is None:
        target.remove(reference.key)
    else:
        target.put(document)


def _ask_for_rebuild(reason: str) -> None:
    with writing() as session:
        requests.request_rebuild(session, reason=reason)


def _batches(references: list[DocumentRef], size: int) -> Iterator[list[DocumentRef]]:
    iterator = iter(references)
    while batch := list(islice(iterator, size)):
        yield batch


def _note_failures(task: _Task, failed: set[DocumentRef]) -> None:
    if failed:
        task.report["failed"] = sorted(reference.key for reference in failed)[:_KEYS_KEPT]
