"""Codecs that write the postings of a segment term by term, and ours beside Whoosh's own.

They hold no state: Whoosh pickles the codec with each segment, and anything kept on it would go
into the table of contents. What is being written lives on the field writer, one per segment.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter
from whoosh.fields import FieldType, Schema
from whoosh.filedb.filestore import FileStorage

from indexer.backends.whoosh_blocks import BlockMatcher, BlockWriter
from indexer.backends.whoosh_pool import TermPostings
from indexer.backends.whoosh_postings import FieldPostings, PostingsFile, has_places
from indexer.backends.whoosh_terms import TermsReader

__all__ = ["PlainCodec", "TeeCodec", "waiting_name"]

_BLOCK = 512
"""Postings in a block: a tenth smaller and quicker than with 128."""


def waiting_name(segment_id: str) -> str:
    """The file of a segment that is not committed yet.

    Not under the prefix of the segment, or Whoosh would pack it into its compound file.
    """
    return f"{segment_id}-postings.new"


class PlainCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's own format with denser blocks, written a term at a time from a `PostingPool`."""

    length_stats = False
    """Shortest and longest length by block: only a search we do not use reads them."""

    def __init__(self) -> None:
        super().__init__(blocklimit=_BLOCK)

    def field_writer(self, storage: FileStorage, segment: object) -> "TermWriter":
        """The writer of the inverted index of one segment."""
        return TermWriter(self, storage, segment)

    def terms_reader(self, storage: FileStorage, segment: Any) -> TermsReader:
        """The terms of one segment."""
        name = segment.make_filename(self.TERMS_EXT)
        postings = segment.open_file(storage, self.POSTS_EXT)
        return TermsReader(self, storage.open_file(name), storage.file_length(name), postings)

    def postings_writer(self, dbfile: object, byteids: bool = False) -> "BlockWriter":
        """The writer of the postings of one field."""
        return BlockWriter(
            dbfile,
            blocklimit=self._blocklimit,
            byteids=byteids,
            compression=self._compression,
            inlinelimit=self._inlinelimit,
        )

    def postings_reader(
        self,
        dbfile: object,
        terminfo: Any,
        format_: object,
        term: object = None,
        scorer: object = None,
    ) -> object:
        """The postings of one term."""
        if terminfo.is_inlined():
            return super().postings_reader(dbfile, terminfo, format_, term=term, scorer=scorer)
        return BlockMatcher(dbfile, *terminfo.extent(), format_, term=term, scorer=scorer)


class TeeCodec(PlainCodec):
    """The same, and ours beside it."""

    def field_writer(self, storage: FileStorage, segment: object) -> "TeeWriter":
        """The writer of the inverted index of one segment."""
        return TeeWriter(self, storage, segment)


class TermWriter(W3FieldWriter):  # type: ignore[misc]
    """Writes the terms of all fields, in order."""

    def add_postings(
        self,
        schema: Schema,
        _lengths: object,
        items: Iterable[tuple[str, bytes, TermPostings]],
    ) -> None:
        """What a `PostingPool` gives, by field and term."""
        last: str | None = None
        for name, term, postings in items:
            if name != last:
                if last is not None:
                    self.finish_field()
                self.start_field(name, schema[name])
                last = name
            self.start_term(term)
            self.add_term(term, postings)
            self.finish_term()
        if last is not None:
            self.finish_field()

    def add_term(self, _term: bytes, postings: TermPostings) -> None:
        """All postings of the term begun."""
        self._postwriter.add_term(postings)


class TeeWriter(TermWriter):
    """Hands each term to Whoosh's writer and to ours."""

    def __init__(self, codec: TeeCodec, storage: FileStorage, segment: Any) -> None:
        super().__init__(codec, storage, segment)
        self._arrays = PostingsFile(Path(storage.folder) / waiting_name(segment.segment_id()))
        self._teed: FieldPostings | None = None

    def start_field(self, fieldname: str, fieldobj: FieldType) -> None:
        """A new field begins."""
        super().start_field(fieldname, fieldobj)
        self._teed = self._arrays.start_field(fieldname, has_places=has_places(fieldobj))

    def add_term(self, term: bytes, postings: TermPostings) -> None:
        """All postings of the term begun."""
        super().add_term(term, postings)
        if self._teed is not None:
            self._teed.start(term)
            self._teed.add(postings.docs, postings.weights, postings.values)
            self._teed.finish()

    def close(self) -> None:
        """The segment is complete."""
        super().close()
        self._arrays.write()
