"""The search engine alone: killed at any call that touches names, wounded in any file.

A reader asks all the while. What the portal makes of the same faults is in the other drills; here
a round takes seconds, so that every step of a commit, of a rebuild and of the mending of sidecars
is met many times.
"""

import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from indexer import Document, IndexDamaged, IndexUnavailable, SearchEngine, SearchRequest
from tests.contract.builders import PUBLIC, Index, make_document
from tests.drill.test_drill_damage import DAMAGES

pytestmark = pytest.mark.drill

ROOT = Path(__file__).resolve().parents[2]
DEATHS = 8
WOUNDS = 8
LAST_CALL = 400
CALLS = "fsync,rename,replace,unlink,remove,truncate,open"
SOINS = SearchRequest("soins", audiences=PUBLIC, limit=100_000)


@contextmanager
def _asked_all_along(engine: SearchEngine, faults: list[str]) -> Iterator[None]:
    """Search from a thread: anything raised, and any step back, is a fault."""
    over = threading.Event()

    def ask() -> None:
        most = 0
        while not over.is_set():
            try:
                total = engine.search(SOINS).total
            except Exception as error:  # noqa: BLE001 - any is a fault, told to the test
                faults.append(repr(error))
                return
            if total < most:
                faults.append(f"{most} documents, then {total}")
            most = max(most, total)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _write_until_death(index: Index, chance: random.Random) -> set[str]:
    """Let a writer run, die at a call or at a moment; the keys it said were committed."""
    mode = chance.choice(["writes", "rebuilds"])
    limit = chance.choice([0, chance.randint(1, LAST_CALL)])
    command = [sys.executable, "-m", "tests.contract.crash_child", str(index.root), index.backend]
    child = subprocess.Popen(
        [*command, mode, str(limit), CALLS], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    killer = threading.Timer(chance.uniform(1.0, 4.0), child.kill)
    killer.start()
    keys = {line.split()[1] for line in child.stdout if line.endswith("\n")}
    child.wait()
    killer.cancel()
    child.stdout.close()
    return keys


def test_a_writer_killed_at_any_call_loses_nothing(chance: random.Random, tmp_path: Path) -> None:
    index = Index(tmp_path / "index", "whoosh")
    index.fill([make_document("first", title="Soins")])
    expected = {"first"}
    faults: list[str] = []
    with index.engine() as engine:
        with _asked_all_along(engine, faults):
            for _death in range(DEATHS):
                expected |= _write_until_death(index, chance)
                with index.writer() as writer:
                    writer.check(deep=True)
                found = {hit.key for hit in engine.search(SOINS).hits}
                assert expected <= found, expected - found
        assert not engine.search(SOINS).is_fallback

    assert faults == []


def test_a_wounded_index_answers_or_says_so_and_is_mended(
    chance: random.Random, tmp_path: Path
) -> None:
    index = Index(tmp_path / "index", "whoosh")
    documents = [make_document(f"fiche:{number}", title="Soins") for number in range(40)]
    index.fill(documents)
    with index.engine() as engine:
        assert engine.search(SOINS).total == len(documents)
        for _wound in range(WOUNDS):
            victim = chance.choice([path for path in index.root.rglob("*") if path.is_file()])
            damage = chance.choice(DAMAGES)
            damage(victim, chance)
            with suppress(IndexUnavailable):
                assert engine.search(SOINS).total == len(documents)
            _mend(index, documents)
            began = time.monotonic()
            while _total(engine) != len(documents):
                assert time.monotonic() < began + 20, (damage.__name__, victim)
                time.sleep(0.05)


def _mend(index: Index, documents: list[Document]) -> None:
    """What a worker does: open, which makes sidecars again, or else rebuild.

    Of an index that is gone altogether an empty one is made: it is rebuilt too.
    """
    try:
        with index.writer() as writer:
            writer.check(deep=True)
            if writer.revision.commit:
                return
    except IndexDamaged:
        pass
    with index.rebuild() as rebuild:
        for document in documents:
            rebuild.put(document)
        rebuild.promote()


def _total(engine: SearchEngine) -> int:
    """What is found in the current generation; -1 when it cannot be read."""
    try:
        results = engine.search(SOINS)
    except IndexUnavailable:
        return -1
    return -1 if results.is_fallback else results.total
