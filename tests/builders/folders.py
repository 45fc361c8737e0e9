"""Folders that one test after the other fills."""

import shutil
from collections.abc import Collection
from pathlib import Path


def clear(folder: Path, *, but: Collection[str] = ()) -> None:
    """Make `folder` if need be, and leave in it only the files named `but`."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    for entry in folder.iterdir():
        if entry.name in but:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
