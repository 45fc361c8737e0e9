"""What the index must learn, written in the transaction that changed it.

The database is the truth and the index follows. A model that can be found mixes in `Searchable`;
a model whose change alters another's document mixes in `AltersDocuments`. One `after_flush`
listener inserts the rows, so that no service has to think of it. Statements that would slip past
the listener (bulk UPDATE or DELETE, ON DELETE CASCADE) are refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, event, insert
from sqlalchemy.orm import Mapped, Mapper, ORMExecuteState, Session, UOWTransaction, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey
from inters4.core.hooks import hooks

DOCUMENTS_QUEUED = "documents_queued"
"""Event told in the transaction that queued rows: `handler(session)`."""


@dataclass(frozen=True, slots=True, order=True)
class DocumentRef:
    """Names one document of the index: its kind and the permanent id of its row."""

    kind: str
    id: str

    @property
    def key(self) -> str:
        """The key in the index, `fiche:gap-bas-saint-laurent` for instance."""
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, key: str) -> "DocumentRef":
        """The reference that `key` writes."""
        kind, _, identifier = key.partition(":")
        return cls(kind, identifier)


class OutboxRow(Model):
    """One document to look at again: load it, put it in the index or remove it.

    `attempts` counts the times its document could not be built; `not_before` spaces them, and lets
    a document to which much is added be rebuilt once for several rows.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_document", "kind", "document_id"),)

    id: Mapped[PrimaryKey]
    kind: Mapped[str]
    document_id: Mapped[str]
    queued_at: Mapped[Moment]
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[Moment] = mapped_column(default=now)


class AltersDocuments:
    """A row whose change alters documents of the index."""

    def search_dependents(self, session: Session) -> Iterable[DocumentRef]:
        """The documents to rebuild; may query `session`, never lazy-load."""
        raise NotImplementedError

    def search_from(self) -> datetime | None:
        """When the documents that a new row adds words to are rebuilt; None for at once.

        For documents that cost much and to which many rows come: one rebuild serves them all.
        """
        return None


class Searchable(AltersDocuments):
    """A row that is itself a document."""

    document_kind: ClassVar[str]

    @property
    def document_id(self) -> str:
        """The permanent id; it never changes."""
        raise NotImplementedError

    @property
    def document_ref(self) -> DocumentRef:
        """How the index names this row."""
        return DocumentRef(self.document_kind, self.document_id)

    def search_dependents(self, session: Session) -> Iterable[DocumentRef]:  # noqa: ARG002
        """Other documents that show something of this one."""
        return ()


class BulkChangeRefused(RuntimeError):
    """A bulk statement on a searchable table would leave the index behind."""


def queue(
    session: Session, references: Iterable[DocumentRef], *, not_before: datetime | None = None
) -> None:
    """Ask the worker to look at `references` again, in the transaction of `session`.

    With `not_before`, it waits until then, unless another row wants one of them sooner.
    """
    moment = now()
    rows = [
        {
            "kind": ref.kind,
            "document_id": ref.id,
            "queued_at": moment,
            "not_before": not_before or moment,
        }
        for ref in sorted(set(references))
    ]
    if rows:
        session.connection().execute(insert(OutboxRow), rows)
        hooks.emit(DOCUMENTS_QUEUED, session)


@event.listens_for(Session, "after_flush")
def _note_changes(session: Session, _context: UOWTransaction) -> None:
    found: set[DocumentRef] = set()
    later: dict[DocumentRef, datetime] = {}
    for row in [*session.new, *session.deleted, *session.dirty]:
        if not isinstance(row, AltersDocuments):
            continue
        if row in session.dirty and not session.is_modified(row):
            continue
        if isinstance(row, Searchable):
            found.add(row.document_ref)
        moment = row.search_from() if row in session.new else None
        if moment is None:
            found.update(row.search_dependents(session))
        else:
            later.update(dict.fromkeys(row.search_dependents(session), moment))
    queue(session, found)
    for reference in later.keys() - found:
        queue(session, [reference], not_before=later[reference])


_searchable_tables: dict[Any, str] = {}
"""Statements may name a table rather than a class; filled as classes are configured."""


@event.listens_for(Session, "do_orm_execute")
def _refuse_bulk_changes(state: ORMExecuteState) -> None:
    if not (state.is_update or state.is_delete or state.is_insert):
        return
    mapper = state.bind_mapper
    name = _searchable_tables.get(getattr(state.statement, "table", None))
    if mapper is not None and issubclass(mapper.class_, AltersDocuments):
        name = mapper.class_.__name__
    if name is not None:
        raise BulkChangeRefused(
            f"{name} can be found: change its rows one by one, so that the index learns of it"
        )


@event.listens_for(Mapper, "mapper_configured")
def _refuse_silent_cascades(mapper: Mapper[Any], searchable: type) -> None:
    if not issubclass(searchable, AltersDocuments):
        return
    table: Any = mapper.local_table
    _searchable_tables[table] = searchable.__name__
    for constraint in table.foreign_key_constraints:
        if (constraint.ondelete or "").upper() in {"CASCADE", "SET NULL", "SET DEFAULT"}:
            raise BulkChangeRefused(
                f"{table.name}: ON DELETE {constraint.ondelete} would bypass the outbox"
            )
