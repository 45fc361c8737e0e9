"""Writing that a power cut cannot undo: data, then name, then directory."""

import os
from pathlib import Path

__all__ = ["sync_directory", "sync_file", "write_atomically"]


def sync_file(path: Path) -> None:
    """Force the content of `path` to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_directory(path: Path) -> None:
    """Force the names within `path` to the disk."""
    sync_file(path)


def write_atomically(path: Path, content: bytes) -> None:
    """Replace `path` by `content`: whoever opens it sees the old or the new, never a part."""
    temporary = path.with_name(path.name + ".new")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_directory(path.parent)
