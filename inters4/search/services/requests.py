"""Asking the worker for something, and saying how far it has come."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.search.models import IndexRequest, IndexTask, RequestState
from inters4.search.queries import index as queries

PAUSE = timedelta(seconds=5)
"""How long after a rebuild the worker may decide on another by itself."""


def request_index(session: Session, task: IndexTask) -> IndexRequest:
    """Ask the worker for `task`; one request that waits already serves everyone."""
    for waiting in queries.open_requests(session):
        if waiting.task is task and waiting.state is RequestState.WAITING:
            return waiting
    asked = IndexRequest(task=task)
    session.add(asked)
    session.flush()
    return asked


def request_rebuild(session: Session, *, reason: str) -> None:
    """Ask for a rebuild because the index needs one; not again just after one that failed.

    `reason` is `absent` or `damaged`; it is kept in the report.
    """
    if any(waiting.task is IndexTask.REBUILD for waiting in queries.open_requests(session)):
        return
    last = queries.last_answered(session, IndexTask.REBUILD)
    if last is not None and last.done_at is not None and now() - last.done_at < PAUSE:
        return
    session.add(IndexRequest(task=IndexTask.REBUILD, report={"reason": reason}))


def start_requests(session: Session, ids: Iterable[int]) -> None:
    """The worker has begun: whatever was written by one that died is forgotten."""
    for asked in _load(session, ids):
        asked.state = RequestState.RUNNING
        asked.started_at = now()
        asked.progress, asked.total = 0, None


def note_progress(
    session: Session, ids: Iterable[int], *, progress: int, total: int | None
) -> None:
    """Say how many documents were looked at."""
    for asked in _load(session, ids):
        asked.progress, asked.total = progress, total


def postpone_requests(session: Session, ids: Iterable[int]) -> None:
    """Leave them for the next start of the worker."""
    for asked in _load(session, ids):
        asked.state, asked.started_at = RequestState.WAITING, None


def answer_requests(
    session: Session, ids: Iterable[int], *, report: dict[str, Any], failed: bool = False
) -> None:
    """The worker has ended; `report` says what came of it."""
    for asked in _load(session, ids):
        asked.state = RequestState.FAILED if failed else RequestState.DONE
        asked.done_at = now()
        asked.report = {**asked.report, **report}
        if not failed:
            asked.progress = asked.total = asked.total or asked.progress


def _load(session: Session, ids: Iterable[int]) -> Iterable[IndexRequest]:
    return session.scalars(select(IndexRequest).where(IndexRequest.id.in_(list(ids)))).all()
