"""Rows back into files: the same rows always give the same bytes."""

import os
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from inters4.core.hooks import ContentKind


def export_files(session: Session, root: Path, kinds: Sequence[ContentKind]) -> list[Path]:
    """Write every public object under `root`; files that are already there are replaced.

    Returns the paths written, relative to `root`.
    """
    written = []
    for kind in sorted(kinds, key=lambda item: item.order):
        is_one_file = kind.place.endswith(".yaml")
        for name, text in kind.export(session):
            path = Path(kind.place) if is_one_file else Path(kind.place) / name
            _write(root / path, text)
            written.append(path)
    return written


def as_yaml(document: str) -> str:
    """A document without body as a plain YAML file: its last fence goes."""
    return document.removesuffix("---\n")


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and never through a symbolic link left there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with draft.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
    draft.replace(path)
