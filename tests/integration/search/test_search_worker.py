"""The index says what the database says, whatever dies on the way."""

import signal
from dataclasses import replace
from datetime import timedelta
from typing import NoReturn

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import InvalidRequestError, OperationalError
from sqlalchemy.orm import Session

from indexer import Document, IndexUnavailable, open_engine, open_writer
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.hooks import hooks
from inters4.core.outbox import DocumentRef, OutboxRow, queue
from inters4.search.jobs import IndexWorker, bring_up_to_date, open_worker
from inters4.search.jobs.draining import PATIENCE, RETRY_AFTER
from inters4.search.models import IndexRequest, IndexTask, RequestState
from inters4.search.queries.index import find_backlog
from inters4.search.services.requests import request_index
from inters4.settings import Settings
from tests.builders.commands import ran
from tests.builders.search import Shelf, make_document


def keys(settings: Settings) -> set[str]:
    with open_engine(settings.index_dir, backend=settings.search) as engine:
        return set(engine.keys())


def waiting() -> int:
    with reading() as session:
        return find_backlog(session).rows


def requests() -> list[tuple[IndexTask, RequestState]]:
    with reading() as session:
        return [
            (row.task, row.state)
            for row in session.scalars(select(IndexRequest).order_by(IndexRequest.id))
        ]


def ask(task: IndexTask) -> int:
    with writing() as session:
        return request_index(session, task).id


def report_of(number: int) -> dict[str, object]:
    with reading() as session:
        return session.get_one(IndexRequest, number).report


def test_the_first_start_builds_the_index(shelf: Shelf, settings: Settings) -> None:
    shelf.put(make_document("chutes"), make_document("repit", kind="resume"))

    shelf.index()

    assert keys(settings) == {"fiche:chutes", "resume:repit"}
    assert requests() == [(IndexTask.REBUILD, RequestState.DONE)]
    assert waiting() == 0


def test_changes_and_removals_follow(shelf: Shelf, settings: Settings) -> None:
    shelf.put(make_document("chutes"), make_document("repit"))
    shelf.index()
    shelf.put(make_document("chutes", title="Chutes à domicile"), make_document("plaies"))
    shelf.remove("fiche:repit")

    shelf.index()

    assert keys(settings) == {"fiche:chutes", "fiche:plaies"}
    with open_engine(settings.index_dir, backend=settings.search) as engine:
        found = engine.get("fiche:chutes", audiences=frozenset({"public"}))
    assert found is not None
    assert found.title == "Chutes à domicile"
    assert waiting() == 0


def test_draining_twice_changes_nothing(shelf: Shelf, settings: Settings) -> None:
    shelf.put(make_document("chutes"))
    shelf.index()
    with open_engine(settings.index_dir, backend=settings.search) as engine:
        before = engine.revision
    with writing() as session:
        queue(session, [DocumentRef("fiche", "chutes")])
    shelf.index()

    assert keys(settings) == {"fiche:chutes"}
    with open_engine(settings.index_dir, backend=settings.search) as engine:
        assert engine.revision >= before


def test_a_kind_that_nobody_registers_any_more_leaves_the_index(
    shelf: Shelf, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put(make_document("chutes"), make_document("repit", kind="resume"))
    shelf.index()
    monkeypatch.delitem(hooks.document_kinds, "resume")
    with writing() as session:
        queue(session, [DocumentRef("resume", "repit")])

    shelf.index()

    assert keys(settings) == {"fiche:chutes"}


def test_a_document_that_cannot_be_built_waits_and_blocks_nobody(
    shelf: Shelf, settings: Settings
) -> None:
    shelf.put(make_document("chutes"))
    shelf.index()
    shelf.put(make_document("casse", title="BROKEN"), make_document("plaies"))

    shelf.index()

    assert keys(settings) == {"fiche:chutes", "fiche:plaies"}
    assert waiting() == 1
    shelf.put(make_document("casse", title="Réparé"))
    shelf.index()
    assert "fiche:casse" in keys(settings)
    assert waiting() == 0


def the_pause_ends() -> None:
    """As if the last attempt were long past."""
    with writing() as session:
        for row in session.scalars(select(OutboxRow)):
            row.not_before = now()


def attempts() -> list[int]:
    with reading() as session:
        return list(session.scalars(select(OutboxRow.attempts)))


def test_a_document_that_cannot_be_built_is_tried_later_and_later(
    shelf: Shelf, settings: Settings
) -> None:
    shelf.index()
    shelf.put(make_document("casse", title="BROKEN"))
    for number, pause in enumerate((*RETRY_AFTER, RETRY_AFTER[-1]), start=1):
        before = now()
        shelf.index()
        shelf.index()  # too early: nothing is tried

        with reading() as session:
            row = session.scalars(select(OutboxRow)).one()
        assert row.attempts == number
        assert before + pause <= row.not_before <= now() + pause
        the_pause_ends()


def test_an_old_version_that_cannot_be_replaced_leaves_the_index_in_the_end(
    shelf: Shelf, settings: Settings
) -> None:
    shelf.put(make_document("casse"), make_document("plaies"))
    shelf.index()
    shelf.put(make_document("casse", title="BROKEN"))
    for _ in range(PATIENCE - 1):
        shelf.index()
        the_pause_ends()
        assert "fiche:casse" in keys(settings)

    shelf.index()

    assert keys(settings) == {"fiche:plaies"}
    assert attempts() == [PATIENCE]


def test_changes_of_a_failing_document_are_tried_at_once_and_make_one_row(
    shelf: Shelf, settings: Settings
) -> None:
    shelf.index()
    for _ in range(3):
        shelf.put(make_document("casse", title="BROKEN"))
        shelf.index()

    assert attempts() == [3]


def test_a_document_that_a_rebuild_could_not_build_is_tried_again(
    shelf: Shelf, settings: Settings
) -> None:
    shelf.put(make_document("casse", title="BROKEN"))
    with writing() as session:
        session.execute(delete(OutboxRow))

    shelf.index()

    assert attempts() == [1]


def test_a_mistake_in_a_loader_blocks_no_other_document(
    shelf: Shelf, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(_session: Session, _identifier: str) -> Document | None:
        raise InvalidRequestError("'Practice.owner' is not available due to lazy='raise'")

    shelf.index()
    monkeypatch.setitem(
        hooks.document_kinds, "fiche", replace(hooks.document_kinds["fiche"], load=load)
    )
    shelf.put(make_document("chutes"), make_document("repit", kind="resume"))

    shelf.index()

    assert keys(settings) == {"resume:repit"}


def test_only_one_worker_writes(shelf: Shelf, settings: Settings) -> None:
    shelf.put(make_document("chutes"))
    with open_worker(settings) as first:
        assert first.work()
        shelf.put(make_document("plaies"))

        assert not bring_up_to_date(settings)
        assert waiting() == 1

        assert first.work()
    assert waiting() == 0


def test_an_index_that_disappears_is_built_again(shelf: Shelf, settings: Settings) -> None:
    shelf.put(make_document("chutes"))
    shelf.index()
    for path in sorted(settings.index_dir.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    forget_the_pause()

    shelf.index()

    assert keys(settings) == {"fiche:chutes"}
    assert requests() == [(IndexTask.REBUILD, RequestState.DONE)] * 2


def test_an_index_garbled_under_an_open_worker_is_built_again(
    shelf: Shelf, settings: Settings
) -> None:
    shelf.put(make_document("chutes"))
    with open_worker(settings) as worker:
        assert worker.work()
        forget_the_pause()
        for path in settings.index_dir.glob("generations/*/*"):
            if path.is_file():
                path.write_bytes(b"\0" * path.stat().st_size)

        assert worker.work()

    assert keys(settings) == {"fiche:chutes"}
    assert requests() == [(IndexTask.REBUILD, RequestState.DONE)] * 2


def test_a_rebuild_that_has_just_ended_is_not_asked_again_at_once(
    shelf: Shelf, settings: Settings
) -> None:
    shelf.put(make_document("chutes"))
    shelf.index()
    for path in sorted(settings.index_dir.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()

    shelf.index()

    with pytest.raises(IndexUnavailable):
        keys(settings)
    assert len(requests()) == 1


def test_verify_names_what_differs_and_repair_mends_it(shelf: Shelf, settings: Settings) -> None:
    shelf.put(make_document("chutes"), make_document("plaies"), make_document("repit"))
    shelf.index()
    with open_writer(settings.index_dir, backend=settings.search) as writer:
        writer.remove("fiche:chutes")
        writer.put(make_document("plaies", title="autre titre"))
        writer.put(make_document("intrus"))
        writer.commit()

    first, second = ask(IndexTask.VERIFY), ask(IndexTask.REPAIR)
    shelf.index()
    third = ask(IndexTask.VERIFY)
    shelf.index()

    expected = {
        "missing": ["fiche:chutes"],
        "orphan": ["fiche:intrus"],
        "stale": ["fiche:plaies"],
    }
    assert report_of(first)["keys"] == expected
    assert report_of(second)["keys"] == expected
    assert report_of(third)["keys"] == {"missing": [], "orphan": [], "stale": []}
    assert keys(settings) == {"fiche:chutes", "fiche:plaies", "fiche:repit"}


def test_changes_made_during_a_rebuild_reach_the_new_index(
    shelf: Shelf, settings: Settings
) -> None:
    shelf.put(*(make_document(f"fiche-{number}") for number in range(6)))
    shelf.index()

    def change_everything(count: int) -> None:
        if count == 2:
            shelf.put(make_document("fiche-0", title="changée"), make_document("nouvelle"))
            shelf.remove("fiche:fiche-5")

    ask(IndexTask.REBUILD)
    with IndexWorker(
        settings.index_dir, backend=settings.search, on_progress=change_everything, batch=2
    ) as worker:
        assert worker.work()

    assert keys(settings) == {
        "fiche:nouvelle",
        *(f"fiche:fiche-{number}" for number in range(5)),
    }
    with open_engine(settings.index_dir, backend=settings.search) as engine:
        found = engine.get("fiche:fiche-0", audiences=frozenset({"public"}))
    assert found is not None
    assert found.title == "changée"
    assert waiting() == 0


def test_a_rebuild_that_must_stop_is_left_for_the_next_start(
    shelf: Shelf, settings: Settings
) -> None:
    shelf.put(make_document("chutes"))
    shelf.index()
    number = ask(IndexTask.REBUILD)
    with open_worker(settings, is_stopping=lambda: True) as worker:
        assert worker.work()

    assert requests()[-1] == (IndexTask.REBUILD, RequestState.WAITING)
    shelf.index()
    assert report_of(number)["documents"] == 1


def test_a_rebuild_that_loses_the_database_is_left_for_later(
    shelf: Shelf, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put(make_document("chutes"))
    shelf.index()
    number = ask(IndexTask.REBUILD)
    error = OperationalError("SELECT", {}, Exception("the connection was closed"))
    error.connection_invalidated = True

    def lost(*_given: object) -> NoReturn:
        raise error

    with monkeypatch.context() as patched, open_worker(settings) as worker:
        patched.setattr("inters4.search.queries.index.load_document", lost)
        with pytest.raises(OperationalError):
            worker.work()

    assert requests()[-1] == (IndexTask.REBUILD, RequestState.WAITING)
    shelf.index()
    assert report_of(number)["documents"] == 1


@pytest.mark.parametrize("place", ["put", "commit", "delete"])
def test_a_worker_killed_while_draining_loses_nothing(
    shelf: Shelf, settings: Settings, place: str
) -> None:
    shelf.put(make_document("ancienne"))
    shelf.index()
    shelf.put(*(make_document(f"fiche-{number}") for number in range(5)))
    shelf.remove("fiche:ancienne")

    child = ran(
        "tests.integration.search.dying_worker",
        place,
        INTERS4_DATA_DIR=str(settings.data_dir),
        INTERS4_DATABASE_URL=settings.database_url,
        INTERS4_SECRET_KEY=settings.secret_key,
    )

    assert child.returncode == -signal.SIGKILL, child.stderr
    assert waiting() == 6
    shelf.index()
    assert keys(settings) == {f"fiche:fiche-{number}" for number in range(5)}
    assert waiting() == 0


def forget_the_pause() -> None:
    """As if the last rebuild were long past."""
    with writing() as session:
        for row in session.scalars(select(IndexRequest)):
            assert row.done_at is not None
            row.done_at -= timedelta(minutes=1)
