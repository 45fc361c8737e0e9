"""The text store: whole documents, appended to one file, each with its own sum.

Decision: one append-only file per generation. A record never moves, so that a reader of an earlier
commit keeps reading what it points to; what is replaced or removed stays behind until the next
rebuild, which starts a new file.
"""

import datetime
import json
import os
import struct
import zlib
from pathlib import Path
from typing import Any

from indexer.model import Attachment, Document
from indexer.store.damage import Damage

__all__ = ["TEXTS", "TextAppender", "TextReader"]

TEXTS = "texts"
_HEADER = struct.Struct(">4sII")
_MAGIC = b"doc1"


def _encode(document: Document) -> bytes:
    content = {
        "key": document.key,
        "kind": document.kind,
        "title": document.title,
        "audience": document.audience,
        "language": document.language,
        "abstract": document.abstract,
        "body": document.body,
        "attachments": [[part.label, part.text, part.page] for part in document.attachments],
        "keywords": document.keywords,
        "date": document.date.isoformat() if document.date else None,
        "facets": {name: list(values) for name, values in document.facets.items()},
        "fields": dict(document.fields),
    }
    payload = zlib.compress(json.dumps(content, separators=(",", ":")).encode(), 6)
    return _HEADER.pack(_MAGIC, len(payload), zlib.crc32(payload)) + payload


def _decode(payload: bytes) -> Document:
    content: dict[str, Any] = json.loads(zlib.decompress(payload))
    date = content.pop("date")
    return Document(
        attachments=tuple(Attachment(*part) for part in content.pop("attachments")),
        keywords=tuple(content.pop("keywords")),
        date=datetime.date.fromisoformat(date) if date else None,
        facets={name: tuple(values) for name, values in content.pop("facets").items()},
        **content,
    )


class TextAppender:
    """The writing side. `length` is where the committed part ends."""

    def __init__(self, directory: Path, *, length: int) -> None:
        """Open the store, cutting off what a crash left after the committed part."""
        path = directory / TEXTS
        self._file = path.open("ab")
        if self._file.tell() < length:
            self._file.close()
            raise Damage(f"{path} is shorter than what was committed.")
        self._file.truncate(length)
        self.length = length

    def append(self, document: Document) -> tuple[int, int]:
        """Write the document; where it starts and how long it is."""
        record = _encode(document)
        self._file.write(record)
        start = self.length
        self.length += len(record)
        return start, len(record)

    def rewind(self, length: int) -> None:
        """Take back what was appended after `length`."""
        self._file.flush()
        self._file.truncate(length)
        self.length = length

    def sync(self) -> None:
        """Force what was appended to the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


class TextReader:
    """The reading side: reads by position, so that threads may share it."""

    def __init__(self, directory: Path, *, length: int) -> None:
        self._path = directory / TEXTS
        self._handle = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        self._length = length
        try:
            self.check_length()
        except Damage:
            self.close()
            raise

    def check_length(self) -> None:
        """Raise `Damage` when the file was cut short.

        Deleted or replaced by another, it is still open here and as good as before.
        """
        try:
            size = os.fstat(self._handle).st_size
        except OSError as error:
            raise Damage(f"{self._path}: {error}") from error
        if size < self._length:
            raise Damage(f"{self._path} was cut short.")

    def read(self, start: int, length: int) -> Document:
        """The document at `start`; raises `Damage` when it is not what was written."""
        try:
            record = os.pread(self._handle, length, start)
        except OSError as error:
            raise Damage(f"{self._path}: {error}") from error
        if len(record) != length or length < _HEADER.size:
            raise Damage(f"{self._path} was cut short.")
        magic, size, crc = _HEADER.unpack_from(record)
        payload = record[_HEADER.size :]
        if magic != _MAGIC or size != len(payload) or crc != zlib.crc32(payload):
            raise Damage(f"{self._path} was altered at byte {start}.")
        return _decode(payload)

    def close(self) -> None:
        """Let go of the file; closing twice is harmless."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
