"""The one writer of the index: it follows the outbox, executes requests, replaces what is damaged.

It holds the lock of the index, so that nobody else decides on the same rows.
"""

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from indexer import (
    IndexBusy,
    IndexDamaged,
    IndexUnavailable,
    IndexWriter,
    open_engine,
    open_writer,
)
from inters4.core.db import reading, writing
from inters4.core.trouble import is_passing
from inters4.search.jobs.draining import drain
from inters4.search.jobs.tasks import Stopped, Task, Workplace
from inters4.search.models import IndexTask
from inters4.search.queries import index as queries
from inters4.search.services import requests

log = structlog.get_logger(__name__)

BATCH = 200


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
        self._place = Workplace(root, backend, is_stopping, on_progress, batch)
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
        place = self._place
        try:
            if self._writer is not None:
                self._writer.check()
            elif self._can_be_read():
                self._writer = open_writer(place.root, backend=place.backend)
            else:
                _ask_for_rebuild("absent")
        except IndexDamaged as damage:
            self._give_up(damage)

    def _follow(self) -> None:
        if self._writer is None:
            return
        try:
            drain(self._writer, batch=self._place.batch)
        except IndexDamaged as damage:
            self._give_up(damage)

    def _give_up(self, damage: IndexDamaged) -> None:
        log.error("index_damaged", reason=str(damage))
        self.close()
        _ask_for_rebuild("damaged")

    def _can_be_read(self) -> bool:
        """False when no generation can be opened: an empty one must not be shown in its stead."""
        try:
            with open_engine(self._place.root, backend=self._place.backend) as engine:
                _ = engine.revision
        except IndexUnavailable:
            return False
        return True

    def _next_task(self) -> Task | None:
        with reading() as session:
            waiting = [(row.task, row.id) for row in queries.open_requests(session)]
        if self._writer is None:  # nothing else can be done before
            waiting = [(task, number) for task, number in waiting if task is IndexTask.REBUILD]
        if not waiting:
            return None
        first = waiting[0][0]
        return Task(first, [number for task, number in waiting if task is first], self._place)

    def _execute(self, task: Task) -> None:
        try:
            task.execute(self._writer)
        except Exception as error:
            if isinstance(error, IndexBusy):
                raise
            with writing() as session:
                if isinstance(error, Stopped) or is_passing(error):
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


def _ask_for_rebuild(reason: str) -> None:
    with writing() as session:
        requests.request_rebuild(session, reason=reason)
