"""What the worker and the commands read: rows to follow, documents as they must be, requests."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from indexer import Document
from inters4.core.hooks import hooks
from inters4.core.outbox import DocumentRef, OutboxRow
from inters4.core.values import dataclass
from inters4.search.models import IndexRequest, IndexTask, RequestState

_PENDING = select(OutboxRow.id, OutboxRow.kind, OutboxRow.document_id, OutboxRow.attempts).order_by(
    OutboxRow.id
)


@dataclass(frozen=True, slots=True)
class PendingRow:
    """A row of the outbox, and the document it asks to look at again."""

    id: int
    reference: DocumentRef
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class FailingDocument:
    """A document that could not be built, and when that is tried again."""

    key: str
    attempts: int
    next_at: datetime


@dataclass(frozen=True, slots=True)
class Backlog:
    """What the index has not learned yet: how many rows, since when, how many of them failed."""

    rows: int
    oldest: datetime | None
    failing: int


def load_document(session: Session, reference: DocumentRef) -> Document | None:
    """The document as it must be in the index now; None when it must not be there."""
    kind = hooks.document_kinds.get(reference.kind)
    return kind.load(session, reference.id) if kind else None


def every_reference(session: Session) -> Iterator[DocumentRef]:
    """Every document that should be in the index, of every kind."""
    for kind in hooks.document_kinds.values():
        for identifier in kind.every_id(session):
            yield DocumentRef(kind.kind, identifier)


def due_rows(session: Session, *, after: int, limit: int, at: datetime) -> list[PendingRow]:
    """The oldest rows of the outbox to follow at `at`, whose id is greater than `after`."""
    return _rows(
        session,
        _PENDING.where(OutboxRow.id > after, OutboxRow.not_before <= at).limit(limit),
    )


def pending_rows(session: Session, *, after: int, limit: int) -> list[PendingRow]:
    """The oldest rows of the outbox, due or not, whose id is greater than `after`."""
    return _rows(session, _PENDING.where(OutboxRow.id > after).limit(limit))


def rows_of(session: Session, references: Collection[DocumentRef]) -> list[PendingRow]:
    """All the rows of these documents, due or not: one look at a document follows them all."""
    statement = _PENDING.where(
        OutboxRow.kind.in_({reference.kind for reference in references}),
        OutboxRow.document_id.in_({reference.id for reference in references}),
    )
    return [row for row in _rows(session, statement) if row.reference in references]


def failing_documents(session: Session, *, limit: int) -> list[FailingDocument]:
    """Documents that could not be built, those tried most often first."""
    statement = (
        select(OutboxRow.kind, OutboxRow.document_id, OutboxRow.attempts, OutboxRow.not_before)
        .where(OutboxRow.attempts > 0)
        .order_by(OutboxRow.attempts.desc(), OutboxRow.id)
        .limit(limit)
    )
    return [
        FailingDocument(DocumentRef(kind, identifier).key, attempts, next_at)
        for kind, identifier, attempts, next_at in session.execute(statement)
    ]


def pending_keys(session: Session) -> frozenset[str]:
    """The keys of all documents that wait to be looked at again."""
    rows = session.execute(select(OutboxRow.kind, OutboxRow.document_id).distinct())
    return frozenset(DocumentRef(kind, identifier).key for kind, identifier in rows)


def pending_among(session: Session, keys: Collection[str], *, at: datetime) -> frozenset[str]:
    """Those of `keys` whose documents should have been looked at again by then, in one statement.

    A document that only waits for what is added to it says nothing untrue.
    """
    references = {DocumentRef.parse(key) for key in keys}
    rows = session.execute(
        select(OutboxRow.kind, OutboxRow.document_id).where(
            OutboxRow.kind.in_({reference.kind for reference in references}),
            OutboxRow.document_id.in_({reference.id for reference in references}),
            or_(OutboxRow.not_before <= at, OutboxRow.attempts > 0),
        )
    )
    return frozenset(DocumentRef(kind, identifier).key for kind, identifier in rows) & set(keys)


def find_backlog(session: Session) -> Backlog:
    """How far the index is behind the database."""
    rows, oldest, failing = session.execute(
        select(
            func.count(OutboxRow.id),
            func.min(OutboxRow.queued_at),
            func.count(OutboxRow.id).filter(OutboxRow.attempts > 0),
        )
    ).one()
    return Backlog(rows, oldest, failing)


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


def _rows(session: Session, statement: Select[int, str, str, int]) -> list[PendingRow]:
    return [
        PendingRow(number, DocumentRef(kind, identifier), attempts)
        for number, kind, identifier, attempts in session.execute(statement)
    ]
