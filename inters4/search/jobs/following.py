"""The index follows the database: every few seconds, and at once when rows were queued."""

import threading
from collections.abc import Callable

from sqlalchemy.orm import Session

from inters4.core.db import after_commit
from inters4.core.jobs import jobs
from inters4.search.jobs.worker import IndexWorker
from inters4.settings import Settings

NAME = "search.index"
_PERIOD_SECONDS = 2.0


class _Kept:
    """The worker of this process: it keeps the index open from one run to the next."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.settings: Settings | None = None
        self.worker: IndexWorker | None = None

    def get(self, settings: Settings) -> IndexWorker:
        if self.worker is None or self.settings is not settings:
            self.close()
            self.settings = settings
            self.worker = open_worker(settings, is_stopping=lambda: jobs.is_stopping)
        return self.worker

    def close(self) -> None:
        if self.worker is not None:
            self.worker.close()
            self.worker = None


_kept = _Kept()


@jobs.periodic(NAME, every=_PERIOD_SECONDS)
def follow_database() -> bool:
    """Drain the outbox, execute requests, repair; False when another process holds the index."""
    with _kept.lock:
        return _kept.get(jobs.settings).work()


@jobs.on_stop
def close() -> None:
    """Release the index, when this process has it."""
    with _kept.lock:
        _kept.close()


def open_worker(
    settings: Settings,
    *,
    is_stopping: Callable[[], bool] = lambda: False,
    on_progress: Callable[[int], None] = lambda _count: None,
) -> IndexWorker:
    """A worker for the index of this installation, to be closed."""
    return IndexWorker(
        settings.index_dir,
        backend=settings.search,
        is_stopping=is_stopping,
        on_progress=on_progress,
    )


def bring_up_to_date(settings: Settings) -> bool:
    """Do all that is due here and now; False when the worker of a running server does it."""
    with open_worker(settings) as worker:
        return worker.work()


def nudge_after_commit(session: Session) -> None:
    """Wake the worker once this transaction is committed, however many rows it queued."""
    if not session.info.get(NAME):
        session.info[NAME] = True
        after_commit(session, _nudge)


def _nudge() -> None:
    jobs.nudge(NAME)
