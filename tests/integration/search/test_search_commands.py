"""`inters4 index`, with the server stopped and with a worker that holds the index."""

import threading

import pytest
from click.testing import CliRunner, Result

from indexer import open_writer
from inters4.core.db import writing
from inters4.core.jobs import jobs
from inters4.core.outbox import DocumentRef, queue
from inters4.search.cli import index
from inters4.search.jobs import NAME, close, open_worker
from inters4.search.jobs.following import follow_database
from inters4.settings import Settings
from tests.builders.search import Shelf, make_document


def run(settings: Settings, *arguments: str) -> Result:
    return CliRunner().invoke(index, list(arguments), obj=settings)


def test_rebuild_works_with_the_server_stopped(shelf: Shelf, settings: Settings) -> None:
    shelf.put(make_document("chutes"), make_document("repit"))

    result = run(settings, "rebuild")

    assert result.exit_code == 0, result.output
    assert "L’index est reconstruit\xa0: 2 documents." in result.output
    assert "Reconstruction\xa0: 2 sur 2 (100\xa0%)" in result.output


def test_status_says_what_is_there_and_what_waits(shelf: Shelf, settings: Settings) -> None:
    assert "ne peut pas être lu" in run(settings, "status").output
    shelf.put(make_document("chutes"))
    shelf.index()
    shelf.put(make_document("repit"))

    told = run(settings, "status").output

    assert "Documents dans l’index\xa0: 1" in told
    assert "Changements à suivre\xa0: 1" in told
    assert "Dernière reconstruction" in told


def test_status_names_the_documents_that_cannot_be_built(shelf: Shelf, settings: Settings) -> None:
    shelf.index()
    shelf.put(make_document("casse", title="BROKEN"))
    shelf.index()

    told = run(settings, "status").output

    assert "Documents impossibles à construire\xa0: 1" in told
    assert "fiche:casse (essais\xa0: 1, prochain\xa0: " in told


def test_verify_says_what_differs_and_repair_mends_it(shelf: Shelf, settings: Settings) -> None:
    shelf.put(make_document("chutes"), make_document("repit"))
    shelf.index()
    with open_writer(settings.index_dir, backend=settings.search) as writer:
        writer.remove("fiche:chutes")
        writer.commit()

    before = run(settings, "verify")
    repaired = run(settings, "verify", "--repair")
    after = run(settings, "verify")

    assert before.exit_code == 1
    assert "Manquants\xa0: 1" in before.output
    assert "fiche:chutes" in before.output
    assert repaired.exit_code == 0
    assert "L’index est réparé." in repaired.output
    assert after.exit_code == 0
    assert "L’index correspond à la base de données." in after.output


def test_a_document_that_cannot_be_built_is_named(shelf: Shelf, settings: Settings) -> None:
    shelf.put(make_document("chutes"), make_document("casse", title="BROKEN"))

    result = run(settings, "rebuild")

    assert "L’index est reconstruit\xa0: 1 document." in result.output
    assert "fiche:casse" in result.output


def test_a_command_follows_the_worker_that_holds_the_index(
    shelf: Shelf, settings: Settings
) -> None:
    shelf.put(make_document("chutes"))
    done = threading.Event()
    with open_worker(settings) as worker:
        assert worker.work()

        def serve() -> None:
            while not done.wait(0.05):
                worker.work()

        server = threading.Thread(target=serve)
        server.start()
        try:
            result = run(settings, "rebuild")
        finally:
            done.set()
            server.join()

    assert result.exit_code == 0, result.output
    assert "L’index est reconstruit" in result.output


def test_a_transaction_that_queues_documents_wakes_the_worker_once(
    shelf: Shelf, settings: Settings
) -> None:
    jobs.bind(settings)
    try:
        with writing() as session:
            queue(session, [DocumentRef("fiche", "chutes")])
            queue(session, [DocumentRef("fiche", "repit")])
            assert not jobs.bell().take(NAME)
        assert jobs.bell().take(NAME)
        assert not jobs.bell().take(NAME)
    finally:
        jobs.close()


def test_a_transaction_that_fails_wakes_nobody(shelf: Shelf, settings: Settings) -> None:
    jobs.bind(settings)
    try:
        with pytest.raises(ZeroDivisionError), writing() as session:
            queue(session, [DocumentRef("fiche", "chutes")])
            _ = 1 / 0
        assert not jobs.bell().take(NAME)
    finally:
        jobs.close()


def test_the_job_keeps_the_index_from_one_run_to_the_next(shelf: Shelf, settings: Settings) -> None:
    shelf.put(make_document("chutes"))
    jobs.bind(settings)
    try:
        assert follow_database()
        assert "Documents dans l’index\xa0: 1" in run(settings, "status").output
        with open_worker(settings) as other:
            assert not other.work()
    finally:
        close()
        jobs.close()
    with open_worker(settings) as other:
        assert other.work()


def test_a_worker_that_stops_releases_the_index(shelf: Shelf, settings: Settings) -> None:
    jobs.bind(settings)
    try:
        assert follow_database()
        jobs.release()
        with open_worker(settings) as other:
            assert other.work()
    finally:
        close()
        jobs.close()
