"""A file that names the rest of an index is whole whenever it is opened."""

import errno
import os
import stat
from pathlib import Path
from threading import Event, Thread

import pytest

from indexer.store import write_atomically

OLD, NEW = b"a" * 300_000, b"b" * 200_000


def test_whoever_opens_it_sees_the_old_or_the_new(tmp_path: Path) -> None:
    path = tmp_path / "CURRENT"
    write_atomically(path, OLD)
    seen: set[bytes | str] = set()
    ended = Event()

    def read() -> None:
        while not ended.is_set():
            try:
                seen.add(path.read_bytes())
            except OSError as error:
                seen.add(str(error))

    reader = Thread(target=read)
    reader.start()
    for _turn in range(200):
        write_atomically(path, NEW)
        write_atomically(path, OLD)
    ended.set()
    reader.join()

    assert seen <= {OLD, NEW}


def test_the_content_then_its_name_reach_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "CURRENT"
    synced: list[tuple[bool, bool]] = []
    force = os.fsync

    def noted(file: int) -> None:
        force(file)
        synced.append((stat.S_ISDIR(os.fstat(file).st_mode), path.exists()))

    monkeypatch.setattr(os, "fsync", noted)
    write_atomically(path, NEW)

    assert synced == [(False, False), (True, True)]


def test_what_cannot_be_written_leaves_the_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "CURRENT"
    write_atomically(path, OLD)

    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="full"):
        write_atomically(path, NEW)

    assert path.read_bytes() == OLD
