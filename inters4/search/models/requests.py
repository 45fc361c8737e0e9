"""Requests made to the index worker.

The web and the command line never write to the index: they insert a request, which the worker
executes. A row survives its execution, so that whoever asked can read what came of it.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey


class IndexTask(StrEnum):
    """What the worker is asked to do."""

    REBUILD = "rebuild"
    VERIFY = "verify"
    REPAIR = "repair"


class RequestState(StrEnum):
    """How far a request has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class IndexRequest(Model):
    """A rebuild, a verification, or a verification that repairs.

    A request found running by a worker that has just taken the lock was left by one that died: it
    is started again.

    Attributes:
        progress: how many documents were looked at, out of `total` once it is known.
        report: what came of it: keys or counts, or the error.
    """

    __tablename__ = "index_requests"
    __table_args__ = (Index("ix_index_requests_state", "state"),)

    id: Mapped[PrimaryKey]
    task: Mapped[IndexTask]
    state: Mapped[RequestState] = mapped_column(default=RequestState.WAITING)
    progress: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    requested_at: Mapped[Moment] = mapped_column(default=now)
    started_at: Mapped[Moment | None]
    done_at: Mapped[Moment | None]
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    @property
    def is_open(self) -> bool:
        """True until the worker has answered."""
        return self.state in {RequestState.WAITING, RequestState.RUNNING}
