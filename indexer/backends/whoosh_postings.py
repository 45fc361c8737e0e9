"""The postings of one segment, written as arrays beside it.

Fed term by term in Whoosh's own order: by the codec while Whoosh writes the segment, or by
`read_segment` from a finished one. Both give the same bytes, so that a lost file is made again.

For each field: `terms` (sorted, one after the other) with `term_at`; `first`, where the postings of
a term begin; `doc`; and where positions are kept `freq`, `place_at`, `place`, and `length`, the
number of terms of each document. The places of a posting follow those of the one before.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.fields import Schema
from whoosh.reading import SegmentReader

from indexer.backends.whoosh_schema import KEY
from indexer.store.arrays import Array, Column, write_arrays

__all__ = ["FieldPostings", "PostingsFile", "has_places", "read_segment"]

_FLUSH_POSTINGS = 1 << 16


class FieldPostings:
    """The postings of one field, as they come."""

    def __init__(self, directory: Path, *, has_places: bool) -> None:
        self.has_places = has_places
        self._terms = bytearray()
        self._term_at = Column(directory)
        self._first = Column(directory)
        self._doc = Column(directory)
        self._freq = Column(directory)
        self._place_at = Column(directory)
        self._place = Column(directory)
        self._lengths = np.zeros(0, np.int64)
        self.docs: list[int] = []
        self.freqs: list[float] = []
        self.values: list[bytes] = []
        self._waiting_places = self._counted = 0
        self._term_at.append(0)

    def start(self, term: bytes) -> None:
        """All that comes next belongs to `term`."""
        self._terms += term
        self._term_at.append(len(self._terms))
        self._first.append(self._doc.count + len(self.docs))
        if self.has_places:
            self._place_at.append(self._place.count + self._waiting_places)

    def add(self, docs: Iterable[int], freqs: Iterable[float], values: Iterable[bytes]) -> None:
        """Postings of the term begun: documents, how often in each, and their places."""
        self.docs.extend(docs)
        if self.has_places:
            self.freqs.extend(freqs)
            self.values.extend(values)

    def finish(self) -> None:
        """The term is complete."""
        if self.has_places:
            self._waiting_places += int(sum(self.freqs[self._counted :]))
            self._counted = len(self.freqs)
        if len(self.docs) >= _FLUSH_POSTINGS:
            self.flush()

    def flush(self) -> None:
        """Turn what waits into arrays."""
        docs = np.array(self.docs, np.int64)
        self._doc.extend(docs)
        if self.has_places:
            freqs = np.array(self.freqs, np.int64)
            self._freq.extend(freqs)
            self._place.extend(_decode_places(b"".join(self.values), freqs))
            lengths = np.bincount(docs, weights=freqs, minlength=len(self._lengths))
            lengths[: len(self._lengths)] += self._lengths
            self._lengths = lengths.astype(np.int64)
        self.docs.clear()
        self.freqs.clear()
        self.values.clear()
        self._waiting_places = self._counted = 0

    def arrays(self) -> Mapping[str, Column | Array | bytes]:
        """What is written, by name."""
        self.flush()
        self._first.append(self._doc.count)
        found: dict[str, Column | Array | bytes] = {
            "terms": bytes(self._terms),
            "term_at": self._term_at,
            "first": self._first,
            "doc": self._doc,
        }
        if self.has_places:
            self._place_at.append(self._place.count)
            found |= {
                "freq": self._freq,
                "place_at": self._place_at,
                "place": self._place,
                "length": self._lengths,
            }
        return found


class PostingsFile:
    """Collects the fields of one segment; `write` ends it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fields: dict[str, FieldPostings] = {}

    def start_field(self, name: str, *, has_places: bool) -> FieldPostings | None:
        """Where the postings of a field go; None when they are not wanted."""
        if name == KEY:
            return None
        return self._fields.setdefault(
            name, FieldPostings(self._path.parent, has_places=has_places)
        )

    def write(self) -> None:
        """Write the file."""
        arrays = {
            f"{name}.{part}": content
            for name, field in self._fields.items()
            for part, content in field.arrays().items()
        }
        write_arrays(self._path, arrays, meta={"fields": sorted(self._fields)})


def read_segment(reader: SegmentReader, schema: Schema, path: Path) -> None:
    """Write the postings of a finished segment to `path`, deleted documents included."""
    file = PostingsFile(path)
    terms = reader._terms  # noqa: SLF001 - the public reader leaves deleted documents out
    field: FieldPostings | None = None
    last = None
    for name, term in terms.terms():
        if name != last:
            last = name
            field = file.start_field(name, has_places=has_places(schema[name]))
        if field is None:
            continue
        field.start(term)
        _read_term(terms.matcher(name, term, schema[name].format), field)
        field.finish()
    file.write()


def has_places(field: Any) -> bool:
    """Whether the postings of a field tell positions."""
    return bool(field.format.supports("positions"))


def _read_term(matcher: Any, field: FieldPostings) -> None:
    while matcher.is_active():
        field.docs.append(matcher.id())
        if field.has_places:
            field.freqs.append(matcher.weight())
            field.values.append(matcher.value())
        matcher.next()


def _decode_places(encoded: bytes, freqs: Array) -> Array:
    """Positions of all postings, from steps of seven bits (see `whoosh_schema.Places`)."""
    octets = np.frombuffer(encoded, np.uint8)
    ends = np.flatnonzero(octets < 128)
    starts = np.empty_like(ends)
    if len(ends):
        starts[0] = 0
        starts[1:] = ends[:-1] + 1
    steps = np.zeros(len(ends), np.int64)
    widths = ends - starts
    for place in _up_to(widths):
        has_more = widths >= place
        steps[has_more] |= (octets[starts[has_more] + place].astype(np.int64) & 127) << (7 * place)
    return _sum_within(steps, freqs)


def _up_to(widths: Array) -> Iterable[int]:
    return range(int(widths.max()) + 1) if len(widths) else ()


def _sum_within(steps: Array, freqs: Array) -> Array:
    """Running sums that begin again at each posting."""
    sums = np.cumsum(steps)
    begins = np.cumsum(freqs) - freqs
    before = np.where(begins > 0, sums[np.maximum(begins - 1, 0)], 0) if len(sums) else begins
    places: Array = sums - np.repeat(before, freqs)
    return places
