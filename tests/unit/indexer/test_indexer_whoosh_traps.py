"""The traps of Whoosh, each shown to be a trap no more: a change of version must not bring it back.

Those that show through the public names (old versions after a refresh, `NOT NOT NOT`, lost column
values, values of several) have their tests in the contract; here are those of the inside.
"""

import os
import pickle
import shutil
from pathlib import Path

import pytest

from indexer import Document, IndexUnavailable, SearchRequest, open_engine, open_writer
from indexer.backends.whoosh_schema import make_schema

PUBLIC = frozenset({"public"})


class _Planted:
    """A pickle that leaves a trace when it is opened."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.trace),)


def _document(key: str) -> Document:
    return Document(key, kind="fiche", title="Soins", audience="public")


def _fill(root: Path, *, commits: int) -> None:
    with open_writer(root) as writer:
        for number in range(commits):
            writer.put(_document(str(number)))
            writer.commit()


def test_the_schema_survives_pickling() -> None:
    assert pickle.loads(pickle.dumps(make_schema(), 2)).names() == make_schema().names()  # noqa: S301


def test_no_altered_file_is_unpickled(tmp_path: Path) -> None:
    _fill(tmp_path / "index", commits=1)
    trace = tmp_path / "opened"
    for path in (tmp_path / "index" / "generations" / "0001").iterdir():
        if path.suffix in {".toc", ".seg"}:
            path.write_bytes(pickle.dumps(_Planted(trace)))

    with open_engine(tmp_path / "index") as engine, pytest.raises(IndexUnavailable):
        engine.search(SearchRequest(audiences=PUBLIC))

    assert not trace.exists()


def test_the_number_of_segments_stays_small(tmp_path: Path) -> None:
    _fill(tmp_path, commits=70)

    segments = list((tmp_path / "generations" / "0001").glob("*.seg"))

    assert len(segments) < 20


def test_a_reader_outlives_the_files_a_merge_deletes(tmp_path: Path) -> None:
    _fill(tmp_path, commits=3)
    with open_engine(tmp_path) as engine:
        assert engine.search(SearchRequest("soins", audiences=PUBLIC)).total == 3
        for path in (tmp_path / "generations" / "0001").glob("*.seg"):
            path.unlink()

        assert engine.search(SearchRequest("soins", audiences=PUBLIC)).total == 3


def test_a_reader_writes_nothing(tmp_path: Path) -> None:
    _fill(tmp_path / "index", commits=2)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "index").rglob("*")}

    with open_engine(tmp_path / "index") as engine:
        engine.search(SearchRequest("soins", audiences=PUBLIC))

    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "index").rglob("*")} == before


def test_files_are_closed_when_the_last_user_leaves(tmp_path: Path) -> None:
    _fill(tmp_path, commits=2)
    handles = Path("/proc/self/fd")
    if not handles.exists():
        pytest.skip("needs /proc")

    def opened() -> int:
        links = (path.readlink() for path in handles.iterdir() if os.path.lexists(path))
        return sum(link.is_relative_to(tmp_path) for link in links)

    with open_engine(tmp_path) as engine, open_writer(tmp_path) as writer:
        engine.search(SearchRequest("soins", audiences=PUBLIC))
        once = opened()
        for number in range(30):
            writer.put(_document(f"more:{number}"))
            writer.commit()
            engine.search(SearchRequest("soins", audiences=PUBLIC))
        assert opened() <= once + 20

    assert opened() == 0


def test_a_copied_index_answers_the_same(tmp_path: Path) -> None:
    _fill(tmp_path / "one", commits=2)
    shutil.copytree(tmp_path / "one", tmp_path / "two")

    with open_engine(tmp_path / "two") as engine:
        assert engine.keys() == {"0", "1"}
