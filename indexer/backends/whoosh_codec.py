"""A codec that writes our postings arrays while Whoosh writes its own.

It holds no state: Whoosh pickles the codec with each segment, and anything kept on it would go into
the table of contents. What is being written lives on the field writer, one per segment.
"""

from pathlib import Path

from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter
from whoosh.fields import FieldType
from whoosh.filedb.filestore import FileStorage

from indexer.backends.whoosh_postings import FieldPostings, PostingsFile, has_places

__all__ = ["TeeCodec", "waiting_name"]


def waiting_name(segment_id: str) -> str:
    """The file of a segment that is not committed yet.

    Not under the prefix of the segment, or Whoosh would pack it into its compound file.
    """
    return f"{segment_id}-postings.new"


class TeeCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's own format, and ours beside it."""

    length_stats = False
    """Shortest and longest length by block: only a search we do not use reads them."""

    def field_writer(self, storage: FileStorage, segment: object) -> "TeeFieldWriter":
        """The writer of the inverted index of one segment."""
        return TeeFieldWriter(self, storage, segment)


class TeeFieldWriter(W3FieldWriter):  # type: ignore[misc]
    """Hands each posting to Whoosh's writer and to ours."""

    def __init__(self, codec: TeeCodec, storage: FileStorage, segment: object) -> None:
        super().__init__(codec, storage, segment)
        name = waiting_name(segment.segment_id())  # type: ignore[attr-defined]
        self._arrays = PostingsFile(Path(storage.folder) / name)
        self._teed: FieldPostings | None = None

    def start_field(self, fieldname: str, fieldobj: FieldType) -> None:
        """A new field begins."""
        super().start_field(fieldname, fieldobj)
        self._teed = self._arrays.start_field(fieldname, has_places=has_places(fieldobj))

    def start_term(self, btext: bytes) -> None:
        """A new term begins."""
        super().start_term(btext)
        if self._teed is not None:
            self._teed.start(btext)

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int) -> None:
        """One posting of the term."""
        self._postwriter.add_posting(docnum, weight, vbytes, length)
        teed = self._teed
        if teed is not None:
            teed.docs.append(docnum)
            if teed.has_places:
                teed.freqs.append(weight)
                teed.values.append(vbytes)

    def finish_term(self) -> None:
        """The term is complete."""
        super().finish_term()
        if self._teed is not None:
            self._teed.finish()

    def close(self) -> None:
        """The segment is complete."""
        super().close()
        self._arrays.write()
