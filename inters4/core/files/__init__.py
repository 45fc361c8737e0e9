"""Files that people deposit: checked by content, kept under random names, served harmless.

The owning domain keeps the link to its own row and decides who may read; this room knows neither
people nor pages. A file is written before its row is committed: what a rollback leaves behind is
removed by `sweep`.
"""

from inters4.core.files.checks import FileRefused
from inters4.core.files.kinds import KINDS, FileKind
from inters4.core.files.models import StoredFile
from inters4.core.files.opening import FileOwner, Opening
from inters4.core.files.store import FileStore, file_store, rename, response_headers

__all__ = [
    "KINDS",
    "FileKind",
    "FileOwner",
    "FileRefused",
    "FileStore",
    "Opening",
    "StoredFile",
    "file_store",
    "rename",
    "response_headers",
]
