"""The store: files and rows together, whatever is interrupted."""

import hashlib
import io
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Table, create_engine, select
from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS, Viewer
from inters4.core.db import Model
from inters4.core.errors import NotFound, TooLarge
from inters4.core.files import FileRefused, FileStore, StoredFile, response_headers

PDF = b"%PDF-1.7\n%%EOF\n"
BROKER = Viewer(member_id=7)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Session]:
    """A session on a database that holds this one table."""
    engine = create_engine(f"sqlite:///{tmp_path / 'files.db'}")
    table = StoredFile.__table__
    assert isinstance(table, Table)
    Model.metadata.create_all(engine, tables=[table])
    with Session(engine, expire_on_commit=False) as session:
        yield session
    engine.dispose()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files", 100_000)


def _on_disk(store: FileStore) -> list[Path]:
    return sorted(path for path in store.root.rglob("*") if path.is_file())


def _accept(store: FileStore, session: Session, data: bytes, name: str = "a.pdf") -> StoredFile:
    stored = store.accept(session, io.BytesIO(data), name, by=BROKER)
    session.commit()
    return stored


def test_a_file_is_kept_under_a_random_name_with_its_row(store: FileStore, opened: Session) -> None:
    stored = _accept(store, opened, PDF, "Plan d’été.pdf")

    assert (stored.name, stored.media_type, stored.size) == (
        "Plan d’été.pdf",
        "application/pdf",
        15,
    )
    assert (stored.uploaded_by, stored.width) == (7, None)
    assert stored.sha256 == hashlib.sha256(PDF).hexdigest()
    (path,) = _on_disk(store)
    assert path.relative_to(store.root).as_posix() == (
        f"{stored.token[:2]}/{stored.token[2:4]}/{stored.token}"
    )
    with store.open_file(stored) as content:
        assert content.read() == PDF


def test_the_same_file_twice_is_two_files(store: FileStore, opened: Session) -> None:
    first, second = _accept(store, opened, PDF), _accept(store, opened, PDF)

    assert first.token != second.token
    assert first.sha256 == second.sha256


def test_an_image_is_measured_as_kept(store: FileStore, opened: Session) -> None:
    sink = io.BytesIO()
    Image.new("RGB", (20, 10)).save(sink, format="PNG")

    stored = _accept(store, opened, sink.getvalue(), "photo.gif")

    assert (stored.name, stored.width, stored.height) == ("photo.png", 20, 10)
    with store.open_file(stored) as content:
        assert hashlib.sha256(content.read()).hexdigest() == stored.sha256


class _Endless(io.RawIOBase):
    """A stream that never ends, and counts what was asked of it."""

    def __init__(self) -> None:
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        self.given += size
        return b"x" * size


def test_a_stream_past_the_limit_is_cut_while_it_is_read(store: FileStore, opened: Session) -> None:
    stream = _Endless()

    with pytest.raises(TooLarge, match="Mo"):
        store.accept(opened, stream, "a.txt", by=ANONYMOUS)  # type: ignore[arg-type]
    assert stream.given < 3 * store.max_bytes
    assert _on_disk(store) == []


def test_a_refused_file_leaves_nothing(store: FileStore, opened: Session) -> None:
    with pytest.raises(FileRefused):
        store.accept(opened, io.BytesIO(b"MZ\0"), "a.pdf", by=BROKER)

    assert _on_disk(store) == []
    assert not opened.new


def test_a_lost_file_is_not_found(store: FileStore, opened: Session) -> None:
    stored = _accept(store, opened, PDF)
    _on_disk(store)[0].unlink()

    with pytest.raises(NotFound):
        store.open_file(stored)


def test_a_removed_file_goes_once_its_row_is_gone(store: FileStore, opened: Session) -> None:
    stored = _accept(store, opened, PDF)

    store.remove(opened, stored)
    assert len(_on_disk(store)) == 1
    opened.commit()
    for action in opened.info.pop("after_commit"):  # what writing() does on leaving
        action()

    assert _on_disk(store) == []
    assert opened.scalars(select(StoredFile)).all() == []


def test_a_sweep_takes_old_orphans_and_nothing_else(store: FileStore, opened: Session) -> None:
    kept = _accept(store, opened, PDF)
    store.accept(opened, io.BytesIO(PDF), "a.pdf", by=BROKER)
    opened.rollback()
    old, young = _on_disk(store), store.root / "ab" / "cd"
    young.mkdir(parents=True)
    unfinished = young / "abcd.part"
    unfinished.write_bytes(b"x")
    for path in [*old, unfinished]:
        os.utime(path, (1_000_000, 1_000_000))
    (young / "abcdef").write_bytes(b"x")

    assert store.sweep(opened, older_than=timedelta(hours=1)) == 2
    assert [path.name for path in _on_disk(store)] == sorted(
        [kept.token, "abcdef"], key=lambda name: f"{name[:2]}/{name}"
    )


def test_a_sweep_of_a_store_never_used_removes_nothing(store: FileStore, opened: Session) -> None:
    assert store.sweep(opened) == 0


def test_headers_let_a_browser_run_nothing(store: FileStore, opened: Session) -> None:
    headers = response_headers(_accept(store, opened, PDF, 'Plan "d’été".pdf'))

    assert headers["Content-Disposition"] == (
        'attachment; filename="Plan -d__t_-.pdf"; '
        "filename*=UTF-8''Plan%20-d%E2%80%99%C3%A9t%C3%A9-.pdf"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert all("\n" not in value and value.isascii() for value in headers.values())


def test_a_path_never_comes_from_anything_but_a_token(store: FileStore) -> None:
    for token in ["../../etc/passwd", "", "A" * 32, "a" * 31]:
        with pytest.raises(ValueError, match="token"):
            store.open_file(StoredFile(token=token))
