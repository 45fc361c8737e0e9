"""The two files we write beside each Whoosh segment, and how a lost one is made again.

`main_x.postings` comes from the codec while the segment is written, `main_x.columns` from its cards
just after. Both bear the prefix of the segment, so that Whoosh deletes them with it. Each is a
function of the segment alone: what is made again is the same to the byte.
"""

from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader

from indexer.backends.array_columns import write_columns
from indexer.backends.whoosh_codec import waiting_name
from indexer.backends.whoosh_postings import read_segment
from indexer.backends.whoosh_schema import CARD, make_schema
from indexer.evaluation import decode_card
from indexer.store import sync_file

__all__ = ["COLUMNS", "POSTINGS", "SIDECARS", "is_sidecar", "make_sidecar", "sidecars_of"]

POSTINGS = ".postings"
COLUMNS = ".columns"
SIDECARS = (POSTINGS, COLUMNS)
"""How the names of both files end."""


def sidecars_of(segment_id: str) -> tuple[str, str]:
    """The names of both files of a segment."""
    return segment_id + POSTINGS, segment_id + COLUMNS


def is_sidecar(name: str) -> bool:
    """Whether a file is one of ours, and can be made again from its segment."""
    return name.endswith(SIDECARS)


def make_sidecar(directory: Path, name: str, segment: object) -> None:
    """Write and sync one file of a segment: what the codec left waiting, or read again."""
    path = directory / name
    waiting = directory / waiting_name(segment.segment_id())  # type: ignore[attr-defined]
    if name.endswith(POSTINGS) and waiting.exists():
        sync_file(waiting)
        waiting.rename(path)
        return
    made = path.with_name(path.name + "-new")
    schema = make_schema()
    storage = FileStorage(str(directory), supports_mmap=False)
    reader = SegmentReader(storage, schema, segment)
    try:
        if name.endswith(POSTINGS):
            read_segment(reader, schema, made)
        else:
            column = reader.column_reader(CARD, translate=False)
            cards = [decode_card(bytes(column[n])) for n in range(reader.doc_count_all())]
            write_columns(made, cards)
    finally:
        reader.close()
    sync_file(made)
    made.rename(path)
