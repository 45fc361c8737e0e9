"""Two doors to the database, and no other: `reading()` and `writing()`.

Leaving `writing()` commits, an exception rolls back, nothing else commits. On SQLite a writer
begins with BEGIN IMMEDIATE: a read lock upgraded later fails at once whatever the busy timeout.
Engines are created in the process that uses them, never carried across a fork.
"""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from sqlalchemy import (
    URL,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    TypeDecorator,
    event,
    make_url,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    declared_attr,
    mapped_column,
)

from inters4.core.clock import now
from inters4.core.dbfile import BEGIN, make_file_engine
from inters4.core.dbserver import make_server_engine

log = logging.getLogger(__name__)

BUSY_TIMEOUT_SECONDS = 10


class Instant(TypeDecorator[datetime]):
    """A timezone-aware UTC instant; a naive value is refused, because nobody knows its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC on the way in; SQLite stores it without its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """UTC on the way out."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


PrimaryKey = Annotated[int, mapped_column(primary_key=True)]
Moment = Annotated[datetime, mapped_column(Instant)]


class Model(DeclarativeBase):
    """Base of every table. Constraints have predictable names, so that migrations can drop them."""

    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy reads it once)
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            length=32,
            values_callable=lambda states: [state.value for state in states],
        )
    }
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Timestamps:
    """When a row was made and last changed."""

    created_at: Mapped[Moment] = mapped_column(default=now)
    updated_at: Mapped[Moment] = mapped_column(default=now, onupdate=now)


class Versioned:
    """Optimistic lock: a stale edit raises StaleDataError, answered 409 with both texts."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        """Let SQLAlchemy check and raise the number at each UPDATE."""
        return {"version_id_col": cls.version}


class _Database:
    """The address bound by this process, and the engine made after its last fork."""

    def __init__(self) -> None:
        self.url: str | None = None
        self.patience = BUSY_TIMEOUT_SECONDS
        self.made: Engine | None = None
        self.made_for_pages: Engine | None = None
        self.pid = 0
        self.lock = threading.Lock()

    def get(self) -> Engine:
        if self.made is not None and self.pid == os.getpid():
            return self.made
        with self.lock:
            if self.made is None or self.pid != os.getpid():
                if self.url is None:
                    raise RuntimeError("no database is bound: call bind(url) first")
                self.made_for_pages = None
                self.made = make_engine(self.url)
                self.pid = os.getpid()  # last: who reads it takes what is made without the lock
            return self.made

    def reader(self) -> Engine:
        """The same engine, as pages read with it: made once, a page opens several."""
        made = self.get()
        if self.made_for_pages is None:
            options: dict[str, Any] = {BEGIN: "DEFERRED"}
            if made.dialect.name == "postgresql":
                options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            self.made_for_pages = made.execution_options(**options)
        return self.made_for_pages


_database = _Database()
_inside_writing: ContextVar[bool] = ContextVar("inside_writing", default=False)


def bind(url: str, *, patience: int = BUSY_TIMEOUT_SECONDS) -> None:
    """Name the database of this process; the engine is made at first use.

    `patience` is how many seconds a writer waits for others, or whoever waits for a lock on
    PostgreSQL: short where people wait. Connections stay while the address is the same.
    """
    if url != _database.url:
        dispose()
        _database.made = None
    _database.url, _database.patience = url, patience


def dispose() -> None:
    """Close this process's connections; the next door opens others.

    The engine stays, with the statements that it has compiled.
    """
    if _database.made is not None and _database.pid == os.getpid():
        _database.made.dispose()


def engine() -> Engine:
    """The engine of this process, for migrations, backups and health checks only."""
    return _database.get()


def make_engine(url: str) -> Engine:
    """An engine with our rules set on each connection.

    Raises:
        sqlalchemy.exc.ArgumentError: `url` cannot be read.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return make_file_engine(parsed, patience=lambda: _database.patience)
    return make_server_engine(parsed, patience=lambda: _database.patience)


def create_file() -> None:
    """Make an empty SQLite database where there is none: for migrations, and nobody else."""
    url: URL = engine().url
    if url.get_backend_name() == "sqlite" and url.database and not url.query:
        path = Path(url.database)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)


@contextmanager
def reading() -> Iterator[Session]:
    """A consistent view of the database for one page; whatever it changes is an error.

    Raises:
        RuntimeError: a row was added, changed or deleted, or a statement that writes was given.
        sqlalchemy.exc.DBAPIError: one was given past the session, which the database refuses.
    """
    with _ReadingSession(_database.reader(), autoflush=False, expire_on_commit=False) as session:
        yield session
        _refuse_changes(session)
        _leave(session)


@contextmanager
def writing() -> Iterator[Session]:
    """One change: committed on leaving, rolled back by an exception.

    Raises:
        RuntimeError: opened inside another `writing()`; SQLite would wait for itself.
    """
    if _inside_writing.get():
        raise RuntimeError("writing() is already open: pass its session on")
    token = _inside_writing.set(True)
    try:
        with Session(engine(), expire_on_commit=False) as session, session.begin():
            yield session
        _run_after_commit(session)
    finally:
        _inside_writing.reset(token)


def after_commit(session: Session, action: Callable[[], None]) -> None:
    """Run `action` once `writing()` has committed: a nudge that may be lost, never a duty."""
    session.info.setdefault("after_commit", []).append(action)


def _run_after_commit(session: Session) -> None:
    for action in session.info.pop("after_commit", []):
        try:
            action()
        except Exception:  # what was committed stands, and must not be answered as if it did not
            log.exception("after_commit_failed")


_LEAVING = "leaving"
_READ_ONLY = "reading() does not write: open writing() for a change"


def _refuse_changes(session: Session, *_flush: object) -> None:
    if session.new or session.deleted or any(session.is_modified(item) for item in session.dirty):
        raise RuntimeError(_READ_ONLY)


def _leave(session: Session) -> None:
    """Commit what `session` read: at a ROLLBACK, psycopg forgets whatever it had prepared."""
    if session.get_bind().dialect.name == "postgresql":
        session.info[_LEAVING] = True
        session.commit()


def _refuse_commit(session: Session) -> None:
    if _LEAVING not in session.info:
        raise RuntimeError(_READ_ONLY)


def _refuse_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        raise RuntimeError(_READ_ONLY)


class _ReadingSession(Session):
    """Listened to once for all: hanging three listeners on each session costs half of a read."""


event.listen(_ReadingSession, "before_flush", _refuse_changes)
event.listen(_ReadingSession, "before_commit", _refuse_commit)
event.listen(_ReadingSession, "do_orm_execute", _refuse_statement)
