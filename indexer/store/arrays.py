"""Files of named arrays: written once, then read in slices by position.

Decision: `pread`, not `mmap`. Both share the page cache of the system between processes and decode
nothing, but a mapped file that somebody cuts short kills its reader with SIGBUS; here it is
`Damage`. What is read often is kept by a cache of bounded size.

A file is its arrays one after the other, each in the narrowest unsigned type that holds its values,
then a directory in JSON, then a trailer that says where the directory lies. Sums are the business
of the manifest.
"""

import json
import os
import struct
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from indexer.store.damage import Damage

__all__ = ["Array", "ArrayFile", "Column", "write_arrays"]

Array = NDArray[Any]

_MAGIC = b"arrays1\n"
_TRAILER = struct.Struct("<8sQQ")
_ALIGNMENT = 8
_SPILL = 1 << 17
_CHUNK = 1 << 20
_WIDTHS = ("u1", "u2", "u4", "u8")


class Column:
    """Whole numbers to be written as one array; beyond a megabyte they wait on disk."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._pending = array("Q")
        self._spilled: IO[bytes] | None = None
        self._largest = 0
        self.count = 0

    def append(self, value: int) -> None:
        """Add one number."""
        self._pending.append(value)
        self.count += 1
        if len(self._pending) >= _SPILL:
            self._spill()

    def extend(self, values: Array) -> None:
        """Add many."""
        self._pending.frombytes(values.astype("<u8").tobytes())
        self.count += len(values)
        if len(self._pending) >= _SPILL:
            self._spill()

    @property
    def width(self) -> str:
        """The narrowest type that holds every number."""
        self._measure()
        return next(width for width in _WIDTHS if self._largest <= np.iinfo(width).max)

    def chunks(self) -> Iterable[Array]:
        """Everything, in order, once."""
        if self._spilled is not None:
            with self._spilled as spilled:
                spilled.seek(0)
                while chunk := spilled.read(_CHUNK):
                    yield np.frombuffer(chunk, "<u8")
        yield np.frombuffer(self._pending, "<u8")

    def _measure(self) -> None:
        if self._pending:
            self._largest = max(self._largest, int(np.frombuffer(self._pending, "<u8").max()))

    def _spill(self) -> None:
        self._measure()
        if self._spilled is None:
            self._spilled = TemporaryFile(dir=self._directory)  # noqa: SIM115 - lives as long as we do
        self._spilled.write(self._pending.tobytes())
        self._pending = array("Q")


def write_arrays(
    path: Path, arrays: Mapping[str, Column | Array | bytes], *, meta: Mapping[str, object]
) -> None:
    """Write a file of arrays and what else `meta` says; syncing it is the caller's business."""
    entries: dict[str, tuple[str, int, int]] = {}
    with path.open("wb") as file:
        for name, content in arrays.items():
            file.write(b"\0" * (-file.tell() % _ALIGNMENT))
            start = file.tell()
            if isinstance(content, bytes):
                width, count = "u1", len(content)
                file.write(content)
            elif isinstance(content, Column):
                width, count = content.width, content.count
                for chunk in content.chunks():
                    file.write(chunk.astype(f"<{width}").tobytes())
            else:
                largest = int(content.max()) if len(content) else 0
                width = next(one for one in _WIDTHS if largest <= np.iinfo(one).max)
                count = len(content)
                file.write(content.astype(f"<{width}").tobytes())
            entries[name] = (width, start, count)
        directory = json.dumps({"arrays": entries, "meta": meta}, sort_keys=True).encode()
        start = file.tell()
        file.write(directory)
        file.write(_TRAILER.pack(_MAGIC, start, len(directory)))


@dataclass(frozen=True, slots=True)
class _Entry:
    width: np.dtype[Any]
    start: int
    count: int


class ArrayFile:
    """A file of arrays opened for reading; threads may share it."""

    def __init__(self, path: Path) -> None:
        """Open `path`.

        Raises:
            FileNotFoundError: it is not there.
            Damage: it is no file of arrays.
        """
        self._path = path
        self._handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            directory = self._read_directory()
            self.meta: Mapping[str, Any] = directory["meta"]
            self._entries = {
                name: _Entry(np.dtype(f"<{width}"), start, count)
                for name, (width, start, count) in directory["arrays"].items()
            }
        except (OSError, ValueError, KeyError, TypeError, struct.error) as error:
            self.close()
            raise Damage(f"{path} is no file of arrays: {error!r}") from error
        except BaseException:
            self.close()
            raise

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def count(self, name: str) -> int:
        """How many numbers an array holds."""
        return self._entries[name].count

    def read(self, name: str, start: int = 0, stop: int | None = None) -> Array:
        """The numbers of an array from `start` to `stop`, read-only."""
        entry = self._entries[name]
        stop = entry.count if stop is None else stop
        size = entry.width.itemsize
        return np.frombuffer(
            self._pread((stop - start) * size, entry.start + start * size), entry.width
        )

    def read_bytes(self, name: str, start: int = 0, stop: int | None = None) -> bytes:
        """The same for an array that holds text."""
        entry = self._entries[name]
        stop = entry.count if stop is None else stop
        return self._pread(stop - start, entry.start + start)

    def close(self) -> None:
        """Let go of the file; closing twice is harmless."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _read_directory(self) -> Any:
        size = os.fstat(self._handle).st_size
        magic, start, length = _TRAILER.unpack(
            self._pread(_TRAILER.size, max(0, size - _TRAILER.size))
        )
        if magic != _MAGIC:
            raise Damage(f"{self._path} is no file of arrays.")
        return json.loads(self._pread(length, start))

    def _pread(self, length: int, start: int) -> bytes:
        try:
            found = os.pread(self._handle, length, start)
        except (OSError, OverflowError) as error:
            raise Damage(f"{self._path}: {error}") from error
        if len(found) != length:
            raise Damage(f"{self._path} was cut short.")
        return found
