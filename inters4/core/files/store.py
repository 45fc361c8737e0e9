"""Where files live: random names in sharded folders, written whole or not at all."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path, PurePath
from typing import IO, BinaryIO
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.db import after_commit
from inters4.core.errors import NotFound, TooLarge
from inters4.core.files.checks import clean_name, kind_of
from inters4.core.files.images import Picture, repaint
from inters4.core.files.kinds import KINDS, FileKind
from inters4.core.files.models import StoredFile
from inters4.core.i18n import _, format_number
from inters4.settings import Settings

_BITE = 65_536
_SWEEP_BATCH = 500


class FileStore:
    """The folder of deposited files. Holds nothing open: safe to share between threads."""

    def __init__(self, root: Path, max_bytes: int) -> None:
        self.root = root
        self.max_bytes = max_bytes

    def accept(
        self, session: Session, stream: IO[bytes], filename: str, *, by: Viewer
    ) -> StoredFile:
        """Check what `stream` gives, keep it, and add its row to `session`.

        Images are repainted, so `size` and `sha256` are those of the file as kept.

        Raises:
            TooLarge: past the size this installation takes.
            FileRefused: a kind that is not accepted, or a file that hides something.
        """
        stored = self.receive(stream, filename, by=by)
        session.add(stored)
        return stored

    def receive(self, stream: IO[bytes], filename: str, *, by: Viewer) -> StoredFile:
        """The same without a session, for who must not hold a transaction meanwhile.

        The row is the caller's to add; until then the file is one that `sweep` removes.
        """
        data = self._read(stream)
        kind = kind_of(data, filename)
        picture = repaint(data, kind) if kind.media_type.startswith("image/") else None
        kept = picture.data if isinstance(picture, Picture) else data
        token = secrets.token_hex(16)
        self._write(token, kept)
        return _row(token, kept, clean_name(filename, kind), kind, picture, by=by.member_id)

    def bring_back(self, session: Session, token: str, data: bytes, name: str) -> StoredFile:
        """Keep a file under the token that it had in another portal, byte for byte.

        It goes through the same checks; an image is painted anew to be looked at only, since a
        second repainting would change it.

        Raises:
            FileRefused: a kind that is not accepted, or a file that hides something.
        """
        kind = kind_of(data, name)
        picture = repaint(data, kind) if kind.media_type.startswith("image/") else None
        self._write(token, data)
        stored = _row(token, data, clean_name(name, kind), kind, picture, by=None)
        session.add(stored)
        return stored

    def open_file(self, stored: StoredFile) -> BinaryIO:
        """The content, for reading; the caller closes it.

        Raises:
            NotFound: the row is there but its file is lost.
        """
        return self.find(stored).open("rb")

    def find(self, stored: StoredFile) -> Path:
        """Where the content is, for whoever sends it.

        Raises:
            NotFound: the row is there but its file is lost.
        """
        path = self._path(stored.token)
        if not path.is_file():
            raise NotFound(_("Ce fichier n’est plus disponible."))
        return path

    def remove(self, session: Session, stored: StoredFile) -> None:
        """Delete the row, and the file once that is committed."""
        session.delete(stored)
        after_commit(session, partial(self._path(stored.token).unlink, missing_ok=True))

    def empty(self, session: Session, stored: StoredFile) -> None:
        """Erase what a file holds and how it was called; its address stays, to say so."""
        stored.size, stored.sha256 = 0, ""
        stored.name = "retire" + PurePath(stored.name).suffix
        after_commit(session, partial(self._path(stored.token).unlink, missing_ok=True))

    def discard(self, stored: StoredFile) -> None:
        """Take off the disk a file that was received, and that no row will name."""
        self._path(stored.token).unlink(missing_ok=True)

    def sweep(self, session: Session, *, older_than: timedelta = timedelta(days=1)) -> int:
        """Remove files that no row names, and unfinished ones; return how many.

        A file younger than `older_than` is left: its transaction may still be open.
        """
        before = (now() - older_than).timestamp()
        removed = 0
        batch: list[Path] = []
        for path in self._files():
            with suppress(FileNotFoundError):  # its own owner may remove it meanwhile
                if path.stat().st_mtime < before:
                    batch.append(path)
            if len(batch) == _SWEEP_BATCH:
                removed += _remove_unknown(session, batch)
                batch = []
        return removed + _remove_unknown(session, batch)

    def _files(self) -> Iterator[Path]:
        return (path for path in self.root.glob("*/*/*") if path.is_file())

    def _path(self, token: str) -> Path:
        if len(token) != 32 or not set(token) <= set("0123456789abcdef"):
            raise ValueError(f"not a token: {token!r}")
        return self.root / token[:2] / token[2:4] / token

    def _read(self, stream: IO[bytes]) -> bytes:
        pieces: list[bytes] = []
        size = 0
        while piece := stream.read(_BITE):
            size += len(piece)
            if size > self.max_bytes:
                raise TooLarge(
                    _(
                        "Ce fichier dépasse %(limit)s Mo : réduisez-le.",
                        limit=format_number(round(self.max_bytes / 1_000_000, 1)),
                    )
                )
            pieces.append(piece)
        return b"".join(pieces)

    def _write(self, token: str, data: bytes) -> None:
        """Whole or not at all: written beside, synced, renamed, its folder synced."""
        path = self._path(token)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def file_store(settings: Settings) -> FileStore:
    """That of this installation."""
    return FileStore(settings.data_dir / "files", settings.upload_megabytes * 1_000_000)


def rename(stored: StoredFile, written: str) -> None:
    """Name a file as someone wrote it, cleaned, with the extension of its true type."""
    (kind,) = (kind for kind in KINDS if kind.media_type == stored.media_type)
    stored.name = clean_name(written, kind)


def _row(
    token: str,
    kept: bytes,
    name: str,
    kind: FileKind,
    picture: Picture | None,
    *,
    by: int | None,
) -> StoredFile:
    return StoredFile(
        token=token,
        name=name,
        media_type=kind.media_type,
        size=len(kept),
        sha256=hashlib.sha256(kept).hexdigest(),
        width=picture.width if picture else None,
        height=picture.height if picture else None,
        uploaded_by=by,
    )


def response_headers(stored: StoredFile) -> dict[str, str]:
    """What goes with the file over HTTP, so that no browser runs anything from it.

    Images show in place; every other kind is a download.
    """
    disposition = "inline" if stored.is_image else "attachment"
    plain = stored.name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    return {
        "Content-Type": stored.media_type,
        "Content-Length": str(stored.size),
        "Content-Disposition": (
            f"{disposition}; filename=\"{plain}\"; filename*=UTF-8''{quote(stored.name, safe='')}"
        ),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def _remove_unknown(session: Session, paths: list[Path]) -> int:
    named = set(
        session.scalars(
            select(StoredFile.token).where(StoredFile.token.in_([path.name for path in paths]))
        )
    )
    unknown = [path for path in paths if path.name not in named]
    for path in unknown:
        path.unlink(missing_ok=True)
    return len(unknown)
