"""The index of the terms of a segment, opened quickly: every commit and every reader opens some.

What it reads is Whoosh's format, unchanged.
"""

import struct
from typing import Any

from whoosh.codec.whoosh3 import W3TermsReader
from whoosh.filedb.filetables import FileFormatError, OrderedHashReader, _hash_functions

__all__ = ["TermsReader"]

_MAGIC = b"HSH3"
_HEAD = struct.Struct("!4sbii")
_END = struct.Struct("!i")
_TABLE = struct.Struct("!qi")
_TABLES = 256


class _Hashed(OrderedHashReader):  # type: ignore[misc]
    """Reads where the tables are at once: Whoosh reads one number after the other."""

    def __init__(self, dbfile: Any, length: int) -> None:
        self.dbfile = dbfile
        self.startoffset = 0
        self.is_closed = False
        dbfile.seek(0)
        magic, self.hashtype, *_unused = _HEAD.unpack(dbfile.read(_HEAD.size))
        if magic != _MAGIC:
            raise FileFormatError(f"Unknown file header {magic!r}")
        self.hashfn = _hash_functions[self.hashtype]
        self.startofdata = _HEAD.size
        end = length - _END.size
        extras = end - dbfile.get_int(end)
        dbfile.seek(extras)
        self._read_extras()
        size = _TABLES * _TABLE.size
        self.tables = list(_TABLE.iter_unpack(dbfile.get(extras - size, size)))
        self.endofdata = self.tables[0][0]


class TermsReader(W3TermsReader):  # type: ignore[misc]
    """The terms of one segment."""

    def __init__(self, codec: object, dbfile: Any, length: int, postfile: object) -> None:
        self._codec = codec
        self._dbfile = dbfile
        self._tindex = _Hashed(dbfile, length)
        self._fieldmap = self._tindex.extras["fieldmap"]
        self._postfile = postfile
        self._fieldunmap = sorted(self._fieldmap, key=self._fieldmap.__getitem__)
