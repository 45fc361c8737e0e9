"""The files of arrays beside each segment: what they hold, who makes them, when they are closed."""

import multiprocessing
import os
import threading
from multiprocessing.context import ForkProcess
from pathlib import Path

import numpy as np
import pytest
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from indexer import Document, IndexUnavailable, SearchRequest, open_engine, open_writer
from indexer.backends.array_cache import ArrayCache
from indexer.backends.whoosh_schema import INDEX_NAME, make_schema
from indexer.backends.whoosh_sidecars import SIDECARS, make_sidecar, sidecars_of
from indexer.store import Damage
from indexer.store.arrays import ArrayFile, Column, write_arrays

PUBLIC = frozenset({"public"})
SOINS = SearchRequest("soins", audiences=PUBLIC, limit=5)


def _document(key: str) -> Document:
    body = f"Texte {key} sur l’infirmière. " * 60
    return Document(key, kind="fiche", title="Soins", body=body, audience="public")


def _fill(root: Path, *, commits: int, backend: str = "whoosh") -> Path:
    with open_writer(root, backend=backend) as writer:
        for number in range(commits):
            writer.put(_document(f"{number}:a"))
            writer.put(_document(f"{number}:b"))
            writer.commit()
    return root / "generations" / "0001"


def test_a_file_of_arrays_gives_back_what_went_in(tmp_path: Path) -> None:
    numbers = Column(tmp_path)
    for number in range(300_000):
        numbers.append(number % 70_000)
    write_arrays(
        tmp_path / "file",
        {"numbers": numbers, "few": np.array([1, 2**40]), "text": b"abc"},
        meta={"version": 1},
    )

    file = ArrayFile(tmp_path / "file")

    assert file.read("numbers").tolist() == [number % 70_000 for number in range(300_000)]
    assert file.read("numbers", 69_999, 70_001).tolist() == [69_999, 0]
    assert file.read("few").tolist() == [1, 2**40]
    assert (file.read_bytes("text", 1), file.meta["version"]) == (b"bc", 1)
    file.close()


def test_a_file_cut_short_while_open_is_damage_and_no_death(tmp_path: Path) -> None:
    write_arrays(tmp_path / "file", {"numbers": np.arange(100_000)}, meta={})
    file = ArrayFile(tmp_path / "file")
    os.truncate(tmp_path / "file", 10)

    with pytest.raises(Damage):
        file.read("numbers")
    file.close()


def test_a_sidecar_made_from_its_segment_is_the_one_the_codec_wrote(tmp_path: Path) -> None:
    directory = _fill(tmp_path, commits=9)
    (toc,) = directory.glob("*.toc")
    commit = int(toc.stem.rpartition("_")[2])
    storage = FileStorage(str(directory), supports_mmap=False)
    segments = TOC.read(storage, INDEX_NAME, gen=commit, schema=make_schema()).segments

    for segment in segments:
        for name in sidecars_of(segment.segment_id()):
            written = (directory / name).read_bytes()
            (directory / name).unlink()

            make_sidecar(directory, name, segment)

            assert (directory / name).read_bytes() == written


def test_an_index_of_the_plain_backend_gets_its_sidecars_from_the_writer(tmp_path: Path) -> None:
    _fill(tmp_path, commits=3, backend="whoosh-plain")
    with open_engine(tmp_path, backend="whoosh") as engine:
        with pytest.raises(IndexUnavailable):
            engine.search(SOINS)

        open_writer(tmp_path, backend="whoosh").close()

        engine.refresh()
        assert engine.search(SOINS).total == 6


def test_the_plain_backend_reads_an_index_with_sidecars(tmp_path: Path) -> None:
    _fill(tmp_path, commits=3)

    with open_engine(tmp_path, backend="whoosh-plain") as engine:
        assert engine.search(SOINS).total == 6


@pytest.mark.parametrize("ending", SIDECARS)
def test_the_plain_backend_reads_and_writes_without_sidecars(tmp_path: Path, ending: str) -> None:
    directory = _fill(tmp_path, commits=3)
    next(directory.glob(f"*{ending}")).unlink()
    for name in directory.glob(f"*{ending}"):
        name.write_bytes(b"garbled")

    with open_engine(tmp_path, backend="whoosh-plain") as engine:
        assert engine.search(SOINS).total == 6
        with open_writer(tmp_path, backend="whoosh-plain") as writer:
            writer.put(_document("more"))
            writer.commit()
        assert engine.search(SOINS).total == 7


def test_files_are_closed_when_the_last_revision_that_uses_them_goes(tmp_path: Path) -> None:
    handles = Path("/proc/self/fd")
    if not handles.exists():
        pytest.skip("needs /proc")
    _fill(tmp_path, commits=2)

    def opened() -> int:
        links = (path.readlink() for path in handles.iterdir() if os.path.lexists(path))
        return sum(link.is_relative_to(tmp_path) for link in links)

    with open_engine(tmp_path, backend="whoosh") as engine:
        with open_writer(tmp_path, backend="whoosh") as writer:
            for number in range(30):
                writer.put(_document(f"more:{number}"))
                writer.commit()
                engine.search(SOINS)
        segments = len(list((tmp_path / "generations" / "0001").glob("*.seg")))
        assert opened() == 2 * segments + 1

    assert opened() == 0


def test_the_cache_lets_go_of_what_was_not_used_for_the_longest_time() -> None:
    cache = ArrayCache(10_000)
    for number in range(50):
        cache.put(number, (np.zeros(1_000, np.uint8),))
        cache.get(0)

    assert cache.bytes <= 10_000
    assert cache.get(0) is not None
    assert cache.get(1) is None


def _ask_for_a_while(root: Path, stop: object, failures: object, ready: object) -> None:
    """Run in a thread or a process of its own: totals never go down, nothing is raised."""
    last = 0
    try:
        with open_engine(root, backend="whoosh") as engine:
            last = engine.search(SOINS).total
            ready.wait(60)  # type: ignore[attr-defined]
            while not stop.is_set():  # type: ignore[attr-defined]
                total = engine.search(SOINS).total
                if total < last:
                    failures.put(f"{last} then {total}")  # type: ignore[attr-defined]
                last = total
    except Exception as error:  # noqa: BLE001 - any is a failure, told to the test
        failures.put(repr(error))  # type: ignore[attr-defined]


def test_threads_and_processes_search_while_a_writer_commits(tmp_path: Path) -> None:
    _fill(tmp_path, commits=2)
    context = multiprocessing.get_context("fork")  # to import again takes longer than all the rest
    stop, failures, ready = context.Event(), context.Queue(), context.Barrier(13)
    told = (tmp_path, stop, failures, ready)
    processes = [context.Process(target=_ask_for_a_while, args=told) for _ in range(4)]
    threads = [threading.Thread(target=_ask_for_a_while, args=told) for _ in range(8)]
    askers: list[threading.Thread | ForkProcess] = [*processes, *threads]
    for one in askers:
        one.start()
    try:
        ready.wait(60)
        with open_writer(tmp_path, backend="whoosh") as writer:
            for number in range(15):
                writer.put(_document(f"more:{number}"))
                writer.commit()
    finally:
        stop.set()
        for one in askers:
            one.join()

    assert failures.empty()
    assert all(process.exitcode == 0 for process in processes)
