"""The two doors: what they keep, what they refuse, and how writers wait for each other."""

import os
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, Table, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session

from inters4.core import db, migrate
from inters4.core.access import ANONYMOUS
from inters4.core.audit import AuditEntry, record
from inters4.core.clock import LOCAL_ZONE
from inters4.core.db import Model, after_commit, reading, writing
from inters4.core.installation import Installation, find_installation, is_demo, mark_demo
from inters4.search.models import IndexRequest, IndexTask


def count_entries() -> int:
    with reading() as session:
        return len(session.scalars(select(AuditEntry)).all())


@pytest.mark.usefixtures("database")
def test_leaving_the_writing_door_commits() -> None:
    with writing() as session:
        record(session, "test.done", by=ANONYMOUS)

    assert count_entries() == 1


@pytest.mark.usefixtures("database")
def test_an_exception_rolls_everything_back() -> None:
    with pytest.raises(ZeroDivisionError), writing() as session:
        record(session, "test.done", by=ANONYMOUS)
        session.flush()
        _ = 1 / 0

    assert count_entries() == 0


@pytest.mark.usefixtures("database")
def test_the_reading_door_refuses_a_change() -> None:
    with pytest.raises(RuntimeError, match="reading"), reading() as session:
        session.add(Installation())
    with pytest.raises(RuntimeError, match="reading"), reading() as session:
        session.add(Installation())
        session.flush()
    with pytest.raises(RuntimeError, match="reading"), reading() as session:
        session.execute(update(Installation).values(instance="x"))
    with pytest.raises(RuntimeError, match="reading"), reading() as session:
        session.commit()
    with writing() as session:
        record(session, "test.done", by=ANONYMOUS)
    with pytest.raises(RuntimeError, match="reading"), reading() as session:
        session.scalars(select(AuditEntry)).one().action = "x"


@pytest.mark.usefixtures("database")
def test_the_reading_door_is_shut_to_whatever_writes() -> None:
    table: Table = AuditEntry.__table__  # type: ignore[assignment]
    for statement in (text("DELETE FROM audit_entries"), insert(table).values(action="test.done")):
        with pytest.raises(DBAPIError), reading() as session:
            session.connection().execute(statement)
        with writing() as session:
            session.connection().execute(statement)


@pytest.mark.usefixtures("database")
def test_the_writing_door_does_not_open_twice() -> None:
    with pytest.raises(RuntimeError, match="already open"), writing(), writing():
        pass

    with writing() as session:
        record(session, "test.done", by=ANONYMOUS)
    assert count_entries() == 1


@pytest.mark.usefixtures("database")
def test_what_follows_a_commit_does_not_run_after_a_rollback() -> None:
    rung: list[str] = []

    with pytest.raises(ZeroDivisionError), writing() as session:
        after_commit(session, lambda: rung.append("lost"))
        _ = 1 / 0
    with writing() as session:
        after_commit(session, lambda: rung.append("kept"))

    assert rung == ["kept"]


@pytest.mark.usefixtures("database")
def test_what_fails_after_a_commit_takes_nothing_else_with_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rung: list[str] = []

    with writing() as session:
        record(session, "test.done", by=ANONYMOUS)
        after_commit(session, lambda: Path("/nowhere/here").unlink())
        after_commit(session, lambda: rung.append("heard"))

    assert (count_entries(), rung) == (1, ["heard"])
    assert "/nowhere/here" in caplog.text


@pytest.mark.usefixtures("database")
def test_many_writers_at_once_lose_no_write() -> None:
    def write() -> None:
        for _turn in range(10):
            with writing() as session:
                found = len(session.scalars(select(AuditEntry)).all())
                record(session, "test.done", by=ANONYMOUS, seen=found)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert count_entries() == 40


@pytest.mark.usefixtures("database")
def test_the_threads_of_a_copied_process_share_one_engine_of_its_own() -> None:
    inherited = db.engine()

    for _copy in range(5):
        copied = os.fork()
        if not copied:
            status = 1
            try:
                status = int(_engines_asked_at_once() != {db.engine()} - {inherited})
            finally:
                os._exit(status)  # the copy is no second run of the tests, whatever happens
        assert os.waitstatus_to_exitcode(os.waitpid(copied, 0)[1]) == 0


def _engines_asked_at_once() -> set[Engine]:
    sys.setswitchinterval(1e-6)
    together, found = threading.Barrier(8), []

    def ask() -> None:
        together.wait()
        found.append(db.engine())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return set(found)


def test_instants_come_back_in_utc_and_naive_ones_are_refused(session: Session) -> None:
    moment = datetime(2026, 3, 8, 7, 30, 1, 5, tzinfo=UTC)
    session.add(AuditEntry(action="test.done", at=moment))
    session.commit()
    session.expire_all()

    assert session.scalars(select(AuditEntry)).one().at == moment
    session.add(AuditEntry(action="test.done", at=datetime(2026, 3, 8)))  # noqa: DTZ001
    with pytest.raises(StatementError, match="time zone"):
        session.flush()


def test_an_instant_is_the_same_whatever_its_zone_and_that_of_the_machine(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = datetime(2026, 7, 1, 20, 0, tzinfo=LOCAL_ZONE)
    monkeypatch.setenv("TZ", "America/Toronto")
    time.tzset()
    try:
        session.add(AuditEntry(action="test.done", at=written))
        session.commit()
        session.expire_all()
        found = session.scalars(select(AuditEntry)).one().at
    finally:
        monkeypatch.undo()
        time.tzset()

    assert found == datetime(2026, 7, 2, tzinfo=UTC)
    assert found.utcoffset() == timedelta(0)


def test_a_state_is_kept_under_its_value(session: Session) -> None:
    session.add(IndexRequest(task=IndexTask.REBUILD))
    session.flush()

    assert session.scalar(text("SELECT task FROM index_requests")) == "rebuild"


def test_the_audit_journal_only_grows(session: Session) -> None:
    record(session, "test.done", by=ANONYMOUS, subject="a\nb", note="c\r\nd")
    session.commit()
    entry = session.scalars(select(AuditEntry)).one()

    assert (entry.subject, entry.detail) == ("a b", {"note": "c d"})
    entry.action = "test.changed"
    with pytest.raises(RuntimeError, match="append-only"):
        session.flush()
    session.rollback()
    with pytest.raises(RuntimeError, match="append-only"):
        session.query(AuditEntry).delete()
    session.rollback()
    session.delete(entry)
    with pytest.raises(RuntimeError, match="append-only"):
        session.flush()
    session.rollback()
    table: Table = AuditEntry.__table__  # type: ignore[assignment]
    for statement in (delete(table), update(table).values(action="test.changed")):
        with pytest.raises(RuntimeError, match="append-only"):
            session.execute(statement)
    session.rollback()
    assert session.scalars(select(AuditEntry.action)).all() == ["test.done"]


@pytest.mark.usefixtures("database")
def test_the_models_and_the_migrations_agree() -> None:
    with db.engine().connect() as connection:
        assert migrate.differences(connection) == []


@pytest.mark.usefixtures("database")
def test_every_constraint_has_a_name_and_every_table_a_key() -> None:
    for table in Model.metadata.tables.values():
        assert table.primary_key.columns, table.name
        assert all(constraint.name for constraint in table.constraints), table.name


def test_a_database_is_marked_as_a_demonstration_for_ever(session: Session) -> None:
    assert not is_demo(session)

    since = mark_demo(session)
    session.commit()

    assert mark_demo(session) == since
    assert is_demo(session)
    assert find_installation(session) is not None


def test_sqlite_is_set_up_for_many_processes(session: Session) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("pragmas are SQLite's")
    found = [
        session.execute(text(f"PRAGMA {name}")).scalar()
        for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
    ]

    assert found == ["wal", 2, 1, 1]


def test_pages_wait_less_for_a_writer_than_jobs_do(database: str, database_kind: str) -> None:
    if database_kind != "sqlite":
        pytest.skip("patience is SQLite's")
    waits = []
    for patience in (3, db.BUSY_TIMEOUT_SECONDS, 1):
        db.bind(database, patience=patience)
        for door in (reading, writing, writing):
            with door() as session:
                waits.append(session.scalar(text("PRAGMA busy_timeout")))

    assert waits == [3_000] * 3 + [10_000] * 3 + [1_000] * 3
