"""Rows back into files: the same rows always give the same bytes."""

import errno
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from sqlalchemy.orm import Session

from inters4.core.hooks import ContentKind
from inters4.core.i18n import _


def export_files(session: Session, root: Path, kinds: Sequence[ContentKind]) -> list[Path]:
    """Write every public object under `root`; files that are already there are replaced.

    Returns the paths written, relative to `root`.

    Raises:
        OSError: a folder cannot be written, or is a symbolic link.
    """
    written = []
    for kind in sorted(kinds, key=lambda item: item.order):
        is_one_file = kind.place.endswith(".yaml")
        for name, content in kind.export(session):
            path = Path(kind.place) if is_one_file else Path(kind.place) / name
            _write(path, content, root)
            written.append(path)
    return written


def as_yaml(document: str) -> str:
    """A document without body as a plain YAML file: its last fence goes."""
    return document.removesuffix("---\n")


def _write(relative: Path, content: str | bytes, root: Path) -> None:
    """Whole or not at all, and never through a symbolic link found below `root`."""
    *folders, name = relative.parts
    holder = _folder(root, folders)
    draft = f".{name}.{os.getpid()}"
    try:
        with suppress(FileNotFoundError):
            os.unlink(draft, dir_fd=holder)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666, dir_fd=holder)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        os.replace(draft, name, src_dir_fd=holder, dst_dir_fd=holder)
    finally:
        os.close(holder)


def _folder(root: Path, folders: Sequence[str]) -> int:
    """A descriptor of `folders` below `root`, made if need be, each opened from the one before."""
    root.mkdir(parents=True, exist_ok=True)
    holder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    for folder in folders:
        try:
            with suppress(FileExistsError):
                os.mkdir(folder, dir_fd=holder)
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
            inner = os.open(folder, flags, dir_fd=holder)
        except OSError as error:
            if error.errno not in {errno.ELOOP, errno.ENOTDIR}:
                raise
            told = _("« %(name)s » est un lien ou un fichier, pas un dossier", name=folder)
            raise OSError(error.errno, told) from error
        finally:
            os.close(holder)
        holder = inner
    return holder
