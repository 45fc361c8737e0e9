"""Files that survive: layout, pointer, manifest, sums, lock and the text store.

Knows bytes and names, no search library. Everything it finds wrong is `Damage`.
"""

from indexer.store.damage import Damage
from indexer.store.durable import sync_directory, sync_file, write_atomically
from indexer.store.held import HeldFiles
from indexer.store.layout import Layout
from indexer.store.lock import WriterLock
from indexer.store.manifest import FileSum, Manifest, Verifier, read_manifest, write_manifest
from indexer.store.texts import TEXTS, Head, TextAppender, TextReader

__all__ = [
    "TEXTS",
    "Damage",
    "FileSum",
    "Head",
    "HeldFiles",
    "Layout",
    "Manifest",
    "TextAppender",
    "TextReader",
    "Verifier",
    "WriterLock",
    "read_manifest",
    "sync_directory",
    "sync_file",
    "write_atomically",
    "write_manifest",
]
