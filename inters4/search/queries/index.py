"""What the worker and the commands read: rows to follow, documents as they must be, requests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from indexer import Document
from inters4.core.hooks import hooks
from inters4.core.outbox import DocumentRef, OutboxRow
from inters4.search.models import IndexRequest, IndexTask, RequestState


@dataclass(frozen=True, slots=True)
class PendingRow:
    """A row of the outbox, and the document it asks to look at again."""

    id: int
    reference: DocumentRef


@dataclass(frozen=True, slots=True)
class Backlog:
    """What the index has not learned yet: how many rows, and since when."""

    rows: int
    oldest: datetime | None


def load_document(session: Session, reference: DocumentRef) -> Document | None:
    """The document as it must be in the index now; None when it must not be there."""
    kind = hooks.document_kinds.get(reference.kind)
    return kind.load(session, reference.id) if kind else None


def every_reference(session: Session) -> Iterator[DocumentRef]:
    """Every document that should be in the index, of every kind."""
    for kind in hooks.document_kinds.values():
        for identifier in kind.every_id(session):
            yield DocumentRef(kind.kind, identifier)


def pending_rows(session: Session, *, after: int, limit: int) -> list[PendingRow]:
    """The oldest rows of the outbox whose id is greater than `after`."""
    statement = (
        select(OutboxRow.id, OutboxRow.kind, OutboxRow.document_id)
        .where(OutboxRow.id > after)
        .order_by(OutboxRow.id)
        .limit(limit)
    )
    return [
        PendingRow(number, DocumentRef(kind, identifier))
        for number, kind, identifier in session.execute(statement)
    ]


def pending_keys(session: Session) -> frozenset[str]:
    """The keys of all documents that wait to be looked at again."""
    rows = session.execute(select(OutboxRow.kind, OutboxRow.document_id).distinct())
    return frozenset(DocumentRef(kind, identifier).key for kind, identifier in rows)


def find_backlog(session: Session) -> Backlog:
    """How far the index is behind the database."""
    rows, oldest = session.execute(
        select(func.count(OutboxRow.id), func.min(OutboxRow.queued_at))
    ).one()
    return Backlog(rows, oldest)


def open_requests(session: Session) -> Sequence[IndexRequest]:
    """Requests that the worker has not answered, oldest first."""
    statement = (
        select(IndexRequest)
        .where(IndexRequest.state.in_([RequestState.WAITING, RequestState.RUNNING]))
        .order_by(IndexRequest.id)
    )
    return session.scalars(statement).all()


def last_answered(session: Session, task: IndexTask) -> IndexRequest | None:
    """The latest request of this task that ended well or badly."""
    statement = (
        select(IndexRequest)
        .where(IndexRequest.task == task, IndexRequest.done_at.is_not(None))
        .order_by(IndexRequest.id.desc())
        .limit(1)
    )
    return session.scalars(statement).first()
