"""The audit journal: who did what to what, and when. Rows are only ever added."""

from typing import Any

from sqlalchemy import JSON, event
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, UOWTransaction, mapped_column

from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey


class AuditEntry(Model):
    """One thing that happened. The actor is an id, never a name: people may be erased."""

    __tablename__ = "audit_entries"

    id: Mapped[PrimaryKey]
    at: Mapped[Moment] = mapped_column(default=now, index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(default="", index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    request_id: Mapped[str] = mapped_column(default="")


def record(
    session: Session,
    action: str,
    *,
    by: Viewer,
    subject: str = "",
    request_id: str = "",
    **detail: Any,
) -> None:
    """Write an entry in the caller's transaction: it stands or falls with the change.

    `action` is `domain.verb`; `subject` names the object (`fiche:gap`); `detail` holds no secret.
    """
    session.add(
        AuditEntry(
            actor_id=by.member_id,
            action=action,
            subject=_one_line(subject),
            detail={key: _clean(value) for key, value in detail.items()},
            request_id=request_id,
        )
    )


def _clean(value: Any) -> Any:
    return _one_line(value) if isinstance(value, str) else value


def _one_line(text: str) -> str:
    return " ".join(text.split())[:500]


@event.listens_for(Session, "before_flush")
def _append_only(session: Session, _context: UOWTransaction, _instances: object) -> None:
    for row in [*session.dirty, *session.deleted]:
        if isinstance(row, AuditEntry) and (row in session.deleted or session.is_modified(row)):
            raise RuntimeError("the audit journal is append-only")


@event.listens_for(Session, "do_orm_execute")
def _no_bulk_change(state: ORMExecuteState) -> None:
    if not (state.is_update or state.is_delete):
        return
    mapper: Any = state.bind_mapper
    table = mapper.local_table if mapper is not None else getattr(state.statement, "table", None)
    if table is AuditEntry.__table__:
        raise RuntimeError("the audit journal is append-only")
