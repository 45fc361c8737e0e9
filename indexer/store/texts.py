"""The text store: whole documents, appended to one file, each with its own sums.

Decision: one append-only file per generation. A record never moves, so that a reader of an earlier
commit keeps reading what it points to; what is replaced or removed stays behind until the next
rebuild, which starts a new file. A record is a head, all that a list of titles shows, then the
rest, compressed: a list is shown without unpacking a text.
"""

import datetime
import json
import os
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.model import Attachment, Document
from indexer.store.damage import Damage

__all__ = ["TEXTS", "Head", "TextAppender", "TextReader"]

TEXTS = "texts"
_HEADER = struct.Struct(">4sIIII")
_MAGIC = b"doc2"
_READ_AT_ONCE = 1_024
"""Bytes read to find a head: one read is enough for most."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a document shows before any of its text is read."""

    key: str
    kind: str
    title: str
    audience: str
    language: str
    date: datetime.date | None
    fields: Mapping[str, str]


def _encode(document: Document) -> bytes:
    head = _packed(
        [
            document.key,
            document.kind,
            document.title,
            document.audience,
            document.language,
            document.date.toordinal() if document.date else None,
            dict(document.fields),
        ]
    )
    content = {
        "abstract": document.abstract,
        "body": document.body,
        "attachments": [[part.label, part.text, part.page] for part in document.attachments],
        "keywords": document.keywords,
        "year": document.year,
        "facets": {name: list(values) for name, values in document.facets.items()},
    }
    rest = zlib.compress(_packed(content), 6)
    sums = zlib.crc32(head), zlib.crc32(rest)
    return _HEADER.pack(_MAGIC, len(head), len(rest), *sums) + head + rest


def _packed(content: object) -> bytes:
    """As `json.loads` reads it back, half of a character left alone included."""
    packed = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return packed.encode("utf-8", "surrogatepass")


def _read_head(packed: bytes) -> Head:
    key, kind, title, audience, language, day, fields = json.loads(packed)
    date = datetime.date.fromordinal(day) if day else None
    return Head(key, kind, title, audience, language, date, fields)


def _read_document(head: Head, packed: bytes) -> Document:
    content: dict[str, Any] = json.loads(zlib.decompress(packed))
    return Document(
        head.key,
        kind=head.kind,
        title=head.title,
        audience=head.audience,
        language=head.language,
        date=head.date,
        year=content["year"],
        fields=head.fields,
        abstract=content["abstract"],
        body=content["body"],
        attachments=tuple(Attachment(*part) for part in content["attachments"]),
        keywords=tuple(content["keywords"]),
        facets={name: tuple(values) for name, values in content["facets"].items()},
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
        head, rest = self._record(start, length)
        return _read_document(_read_head(head), rest)

    def check(self, start: int, length: int) -> None:
        """Raise `Damage` when the document at `start` is not what was written."""
        self._record(start, length)

    def read_head(self, start: int, length: int) -> Head:
        """The head of the document at `start`; raises `Damage` when it is not what was written."""
        record = self._pread(start, min(length, _READ_AT_ONCE))
        if len(record) < length and _head_end(record) > len(record):
            record = self._pread(start, length)
        head, _, _ = self._cut(record, start, length)
        return _read_head(head)

    def _record(self, start: int, length: int) -> tuple[bytes, bytes]:
        head, rest, rest_sum = self._cut(self._pread(start, length), start, length)
        if zlib.crc32(rest) != rest_sum:
            raise self._altered(start)
        return head, rest

    def _pread(self, start: int, length: int) -> bytes:
        try:
            record = os.pread(self._handle, length, start)
        except OSError as error:
            raise Damage(f"{self._path}: {error}") from error
        if len(record) != length or length < _HEADER.size:
            raise Damage(f"{self._path} was cut short.")
        return record

    def _cut(self, record: bytes, start: int, length: int) -> tuple[bytes, bytes, int]:
        """The head, checked, what was read of the rest, and the sum of all of the rest."""
        magic, head_size, rest_size, head_sum, rest_sum = _HEADER.unpack_from(record)
        head_end = _HEADER.size + head_size
        head = record[_HEADER.size : head_end]
        if magic != _MAGIC or head_end + rest_size != length or zlib.crc32(head) != head_sum:
            raise self._altered(start)
        return head, record[head_end:], rest_sum

    def _altered(self, start: int) -> Damage:
        return Damage(f"{self._path} was altered at byte {start}.")

    def close(self) -> None:
        """Let go of the file; closing twice is harmless."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def _head_end(record: bytes) -> int:
    head_size: int = _HEADER.unpack_from(record)[1]
    return _HEADER.size + head_size
