"""One segment being written: documents go in by their terms, Whoosh makes its files.

We analyse, so that Whoosh is handed terms with their places, by way of a pool of our own.
"""

from collections.abc import Callable
from pathlib import Path

from whoosh.codec.base import Codec
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.reading import IndexReader, SegmentReader
from whoosh.writing import SegmentWriter

from indexer.backends.whoosh_codec import PlainCodec, TeeCodec
from indexer.backends.whoosh_pool import PostingPool
from indexer.backends.whoosh_schema import (
    CARD,
    FORM,
    INDEX_NAME,
    KEY,
    TEXT,
    TITLE,
    make_schema,
    postings_of,
)
from indexer.evaluation import encode_card
from indexer.model import Document
from indexer.store import TextAppender

__all__ = ["DocumentWriter"]

_TIER_WIDTH = 8
_MOST_DELETED = 1 / 3


class _CommittingStorage(FileStorage):  # type: ignore[misc]
    """Tells when Whoosh has put a new table of contents in place, before it deletes anything."""

    def __init__(self, directory: Path, *, on_toc: Callable[[str], None]) -> None:
        super().__init__(str(directory), supports_mmap=False)
        self._on_toc = on_toc

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        super().rename_file(oldname, newname, safe=safe)
        if newname.endswith(".toc"):
            self._on_toc(newname)


class DocumentWriter(SegmentWriter):  # type: ignore[misc]
    """Puts documents into a new segment and takes keys out of all."""

    def __init__(
        self,
        directory: Path,
        texts: TextAppender,
        *,
        has_sidecars: bool,
        on_toc: Callable[[str], None],
    ) -> None:
        """`on_toc` is told the table of contents once it is in place: the time to commit."""
        storage = _CommittingStorage(directory, on_toc=on_toc)
        index = FileIndex(storage, schema=make_schema(), indexname=INDEX_NAME)
        codec: Codec = TeeCodec() if has_sidecars else PlainCodec()
        super().__init__(index, _lk=False, codec=codec)
        self.pool = PostingPool(directory / f"{INDEX_NAME}.tmp")
        self._texts = texts
        self._numbers: dict[str, int] = {}
        self._older: IndexReader | None = None

    @property
    def documents(self) -> int:
        """How many documents the new segment holds."""
        return len(self._numbers)

    def remove(self, key: str) -> None:
        """Take out what bears this key, if anything does."""
        if self.segments:
            self._remove_from_older(key)
        number = self._numbers.pop(key, None)
        if number is not None:
            self.get_segment().delete_document(number)

    def put(self, document: Document) -> None:
        """Add the document, or replace the one with its key."""
        title, rest, words = postings_of(document)
        self.remove(document.key)
        start, length = self._texts.append(document)
        card = encode_card(document, text_start=start, text_length=length)
        self._numbers[document.key] = self.docnum
        self.perdocwriter.start_doc(self.docnum)
        self.pool.put(KEY, self.docnum, {document.key.encode(): ()})
        self.pool.put(FORM, self.docnum, dict.fromkeys(words, ()))
        for name, terms in ((TEXT, rest), (TITLE, title)):
            self.pool.put(name, self.docnum, terms)
            size = sum(map(len, terms.values()))
            self.perdocwriter.add_field(name, self.schema[name], None, size)
        self.perdocwriter.add_column_value(CARD, self.schema[CARD].column_type, card)
        self.perdocwriter.finish_doc()
        self._added = True
        self.docnum += 1

    def _remove_from_older(self, key: str) -> None:
        """As Whoosh does by a query, at a tenth of the cost."""
        if self._older is None:
            self._older = self.reader()
        term = key.encode()
        if (KEY, term) in self._older:
            for number in list(self._older.postings(KEY, term).all_ids()):
                self.delete_document(number)

    def _finish(self) -> None:
        if self._older is not None:
            self._older.close()
        super()._finish()

    def end(self) -> None:
        """Write everything to disk and commit."""
        self._texts.sync()
        self.commit(mergetype=_merge_tiers)


def _merge_tiers(writer: SegmentWriter, segments: list[object]) -> list[object]:
    """Merge policy: segments of like size once there are eight, and those mostly deleted.

    Whoosh's own policy lets the number of segments grow without bound when batches are large.
    """
    tiers: dict[int, list[object]] = {}
    merged: list[object] = []
    for segment in segments:
        documents = segment.doc_count_all()  # type: ignore[attr-defined]
        deleted = segment.deleted_count()  # type: ignore[attr-defined]
        if deleted > documents * _MOST_DELETED:
            merged.append(segment)
        else:
            tiers.setdefault((max(1, documents).bit_length() - 1) // 3, []).append(segment)
    for tier in sorted(tiers):
        if len(tiers[tier]) >= _TIER_WIDTH:
            merged.extend(tiers[tier])
    for segment in merged:
        if segment.doc_count_all() > segment.deleted_count():  # type: ignore[attr-defined]
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
    return [segment for segment in segments if segment not in merged]
