"""The outbox, followed: each row says "look at this document again".

Idempotent and free of order: what is put in the index is what the database says now. A row is
deleted after the commit of the index that holds it, so that a death anywhere leaves it to be
looked at once more. Documents are read in a session opened after the rows were.

The rows of a document that cannot be built become one, tried later and later. After a few times
its old version leaves the index: nobody knows any more whether it is true, nor who may read it.
"""

from datetime import timedelta

from sqlalchemy import delete, update

from indexer import IndexWriter, Rebuild
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.outbox import DocumentRef, OutboxRow
from inters4.search.jobs.building import apply, load_documents
from inters4.search.queries import index as queries
from inters4.search.queries.index import PendingRow

RETRY_AFTER = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(days=1),
)
PATIENCE = 3
"""How many failures a document's old version survives."""


def drain(writer: IndexWriter, *, rebuild: Rebuild | None = None, batch: int) -> int:
    """Bring the index up to date with the rows that are due; give back how many were followed.

    Raises:
        IndexDamaged: nothing of the present batch is lost, its rows are still there.
    """
    followed = after = 0
    while True:
        with reading() as session:
            due = queries.due_rows(session, after=after, limit=batch, at=now())
            others = queries.rows_of(session, {row.reference for row in due})
        if not due:
            return followed
        after = due[-1].id
        waiting = _by_document([*due, *others])
        failed: set[DocumentRef] = set()
        for reference, document in load_documents(waiting, failed):
            for target in (writer, rebuild):
                apply(target, reference, document)
        for reference in failed:
            if _attempts(waiting[reference]) >= PATIENCE:
                for target in (writer, rebuild):
                    apply(target, reference, None)
        writer.commit()
        _settle(waiting, failed)
        followed += sum(row.reference not in failed for row in due)


def catch_up(rebuild: Rebuild, failed: set[DocumentRef], *, batch: int) -> None:
    """Give a new generation all that still waits, so that it shows nothing withdrawn."""
    after = 0
    while True:
        with reading() as session:
            rows = queries.pending_rows(session, after=after, limit=batch)
        if not rows:
            return
        after = rows[-1].id
        for reference, document in load_documents({row.reference for row in rows}, failed):
            apply(rebuild, reference, document)


def _by_document(rows: list[PendingRow]) -> dict[DocumentRef, dict[int, PendingRow]]:
    found: dict[DocumentRef, dict[int, PendingRow]] = {}
    for row in rows:
        found.setdefault(row.reference, {})[row.id] = row
    return found


def _attempts(rows: dict[int, PendingRow]) -> int:
    """How many times the document has failed, this one included."""
    return max(row.attempts for row in rows.values()) + 1


def _settle(waiting: dict[DocumentRef, dict[int, PendingRow]], failed: set[DocumentRef]) -> None:
    """Forget the rows that were followed; of those that failed keep the oldest, for later."""
    done = {number for rows in waiting.values() for number in rows}
    with writing() as session:
        for reference in failed:
            kept, attempts = min(waiting[reference]), _attempts(waiting[reference])
            done.discard(kept)
            pause = RETRY_AFTER[min(attempts, len(RETRY_AFTER)) - 1]
            session.execute(
                update(OutboxRow)
                .where(OutboxRow.id == kept)
                .values(attempts=attempts, not_before=now() + pause)
            )
        session.execute(delete(OutboxRow).where(OutboxRow.id.in_(done)))
