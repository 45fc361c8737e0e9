"""kill -9 at any point: no committed document is lost, and readers never stop answering."""

import random
import threading
import time

import pytest

from indexer import SearchEngine, SearchRequest
from tests.contract import crashing
from tests.contract.builders import PUBLIC, Index, make_document


def _check(index: Index, engine: SearchEngine, expected: set[str]) -> None:
    """A writer opens and the reader holds everything, texts included."""
    with index.writer() as writer:
        writer.check(deep=True)
    results = engine.search(SearchRequest("soins", audiences=PUBLIC, limit=10_000))
    assert expected <= {hit.key for hit in results.hits}
    assert not results.is_fallback


@pytest.mark.parametrize("mode", ["writes", "rebuilds"])
def test_a_killed_writer_loses_nothing_and_readers_go_on(index: Index, mode: str) -> None:
    index.fill([make_document("first", title="Soins")])
    expected = {"first"}
    stop = threading.Event()
    totals: list[int] = []
    failures: list[Exception] = []

    def read() -> None:
        while not stop.is_set():
            try:
                totals.append(engine.document_count())
            except Exception as error:  # noqa: BLE001 - any is a failure, told below
                failures.append(error)
            time.sleep(0.001)

    with index.engine() as engine:
        reader = threading.Thread(target=read)
        reader.start()
        chance = random.Random(5)  # noqa: S311 - delays, not secrets
        for _ in range(4):
            with crashing.started(index, mode=mode) as writer:
                expected |= writer.committed(least=4)
                time.sleep(chance.random() * 0.05)
                writer.kill()
                expected |= writer.committed()
        stop.set()
        reader.join()
        _check(index, engine, expected)

    assert not failures
    assert totals == sorted(totals)


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 20, 23, 24, 25, 29, 33, 37])
def test_a_writer_killed_at_each_sync_leaves_a_sound_index(index: Index, limit: int) -> None:
    index.fill([make_document("first", title="Soins")])

    with crashing.started(index, mode="rebuilds", limit=limit) as writer:
        committed = writer.committed()

    with index.engine() as engine:
        assert {"first", *committed} <= engine.keys()
        _check(index, engine, {"first", *committed})
