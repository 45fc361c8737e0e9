"""One commit opened for reading: the segments it is made of, which documents live, and their texts.

Segments are shared between revisions and closed with the last revision that uses them. What spans
segments (columns end to end, what a reader sees) belongs to the revision and is made when first
asked for.
"""

import datetime
import threading
from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from indexer.backends.array_cache import ArrayCache
from indexer.backends.array_segment import ArraySegment
from indexer.evaluation.shards import Array, FacetColumn, Mask
from indexer.evaluation.sight import Sight
from indexer.model import Document, Revision
from indexer.store import Head, HeldFiles, Manifest, Verifier
from indexer.store.manifest import fingerprint

__all__ = ["ArrayRevision", "LiveSegment", "SegmentPool"]

_MOST_SIGHTS = 12


@dataclass(frozen=True, slots=True)
class LiveSegment:
    """A segment of a commit: the names of its two files, and the documents deleted since."""

    name: str
    postings: str
    columns: str
    deleted: tuple[int, ...]


class SegmentPool:
    """The segments open in this process, each once, with the number of revisions that use it."""

    def __init__(self, cache: ArrayCache) -> None:
        self.cache = cache
        self._held: dict[object, ArraySegment] = {}
        self._users: dict[int, int] = {}
        self._lock = threading.Lock()

    def acquire(self, directory: Path, wanted: LiveSegment) -> ArraySegment:
        """The segment, opened if need be."""
        postings, columns = directory / wanted.postings, directory / wanted.columns
        state = (postings, fingerprint(postings), fingerprint(columns))
        with self._lock:
            segment = self._held.get(state)
            if segment is None:
                segment = ArraySegment(postings, columns, name=wanted.name, cache=self.cache)
                self._held[state] = segment
            self._users[id(segment)] = self._users.get(id(segment), 0) + 1
            return segment

    def release(self, segment: ArraySegment) -> None:
        """Close the segment if nobody uses it any more."""
        with self._lock:
            self._users[id(segment)] -= 1
            if self._users[id(segment)]:
                return
            del self._users[id(segment)]
            self._held = {state: one for state, one in self._held.items() if one is not segment}
            segment.close()


class ArrayRevision:
    """What one commit of one generation holds (see `indexer.evaluation.shards.Corpus`)."""

    def __init__(
        self,
        directory: Path,
        *,
        generation: int,
        manifest: Manifest,
        segments: Sequence[LiveSegment],
        verifier: Verifier,
        pool: SegmentPool,
    ) -> None:
        """Open a commit whose files were verified.

        Raises:
            Damage: the files are not what was committed.
            FileNotFoundError: one vanished; a writer may have moved on meanwhile, try again.
        """
        self.revision = Revision(generation, manifest.commit)
        self._pool = pool
        self._lock = threading.RLock()
        self._made: dict[object, Array | FacetColumn | None] = {}
        self._sights: dict[object, Sight] = {}
        self._held: list[ArraySegment] = []
        self.files = HeldFiles(directory, manifest, verifier)
        try:
            for segment in segments:
                self._held.append(pool.acquire(directory, segment))
        except BaseException:
            self.close()
            raise
        sizes = [segment.size for segment in self._held]
        self._bases = [sum(sizes[:at]) for at in range(len(sizes))]
        self.shards = tuple(zip(self._bases, self._held, strict=True))
        """Each segment with its base."""
        self.size = sum(sizes)
        self.live = np.ones(self.size, bool)
        for base, one in zip(self._bases, segments, strict=True):
            self.live[base + np.array(one.deleted, np.int64)] = False

    def column(self, name: str) -> Array:
        """One number a document, over all segments."""
        return self.once(name, lambda: self._joined(lambda one: one.column(name)))

    def lengths(self, field: str) -> Array:
        """How many terms each document has in a field."""
        return self.once(("length", field), lambda: self._joined(lambda one: one.lengths(field)))

    def facet(self, name: str) -> FacetColumn | None:
        """The values of a facet, over all segments."""
        with self._lock:
            found = self._made.get(("facet", name))
            if found is None and ("facet", name) not in self._made:
                found = self._made["facet", name] = self._join_facet(name)
        return found if isinstance(found, FacetColumn) else None

    def holders_of(self, facet: str, values: Collection[str]) -> Mask:
        """The documents that hold one of these values of a facet."""
        column = self.facet(facet)
        mask: Mask = np.zeros(self.size, bool)
        for value in values:
            if column is not None and value in column.values:
                mask |= self.once(("held", facet, value), partial(_holders, column, value))
        return mask

    def sort_text(self, name: str, number: int) -> str:
        """The `key` or the `sort_title` of a document."""
        base, segment = self._place_of(number)
        return segment.text(name, number - base)

    def sight(self, audiences: frozenset[str], languages: frozenset[str] = frozenset()) -> Sight:
        """The documents of these audiences, in these languages (any when empty)."""
        name = (audiences, languages)
        with self._lock:
            found = self._sights.pop(name, None)
            if found is None:
                found = Sight(self, self._visible(audiences, languages))
                while len(self._sights) >= _MOST_SIGHTS:
                    del self._sights[next(iter(self._sights))]
            self._sights[name] = found
        return found

    @property
    def live_count(self) -> int:
        """How many documents it holds."""
        return int(np.count_nonzero(self.live))

    def number_of(self, key: str) -> int | None:
        """The live document with this key."""
        for base, segment in self.shards:
            for number in segment.numbers_of(key):
                if self.live[base + number]:
                    return base + number
        return None

    def audience_of(self, number: int) -> str:
        """The audience of a document."""
        base, segment = self._place_of(number)
        return segment.audiences[int(segment.column("audience")[number - base])]

    def digests(self) -> Mapping[str, str]:
        """The digest of every live document, by key."""
        found: dict[str, str] = {}
        for base, segment in self.shards:
            for number in np.flatnonzero(self.live[base : base + segment.size]).tolist():
                found[segment.text("key", number)] = segment.digest(number)
        return found

    def document(self, number: int) -> Document:
        """The whole document, from the text store."""
        return self.files.texts.read(*self._text_of(number))

    def head(self, number: int) -> Head:
        """What the document shows before its text is read."""
        return self.files.texts.read_head(*self._text_of(number))

    def date_of(self, number: int) -> datetime.date | None:
        """The date of a document."""
        day = int(self.column("day")[number])
        return datetime.date.fromordinal(day) if day else None

    def close(self) -> None:
        """Let go of the files."""
        for segment in self._held:
            self._pool.release(segment)
        self._held = []
        self.files.close()

    def _text_of(self, number: int) -> tuple[int, int]:
        """Where the document lies in the text store, and how long it is."""
        base, segment = self._place_of(number)
        start = int(segment.column("text_start")[number - base])
        return start, int(segment.column("text_length")[number - base])

    def _place_of(self, number: int) -> tuple[int, ArraySegment]:
        at = bisect_right(self._bases, number) - 1
        return self._bases[at], self._held[at]

    def once(self, name: object, make: Callable[[], Array]) -> Array:
        """What `make` gives, made at the first call for this revision."""
        with self._lock:
            found = self._made.get(name)
            if not isinstance(found, np.ndarray):
                found = self._made[name] = make()
        return found

    def _joined(self, column_of: Callable[[ArraySegment], Array]) -> Array:
        if not self._held:
            return np.zeros(0, np.int64)
        return np.concatenate([column_of(segment) for segment in self._held])

    def _visible(self, audiences: frozenset[str], languages: frozenset[str]) -> Mask:
        mask = self.live.copy()
        for base, segment in self.shards:
            is_allowed = np.array([one in audiences for one in segment.audiences], bool)
            mask[base : base + segment.size] &= is_allowed[segment.column("audience")]
        if languages:
            column = self.facet("language")
            if column is None:
                return np.zeros(self.size, bool)
            is_read = np.array([value in languages for value in column.values], bool)
            mask &= is_read[column.ids]
        return mask

    def _join_facet(self, name: str) -> FacetColumn | None:
        values = sorted({value for one in self._held for value in one.facets.get(name, ())})
        if not values:
            return None
        number_of = {value: number for number, value in enumerate(values)}
        ids: list[Array] = []
        counts: list[Array] = []
        for segment in self._held:
            held = segment.facets.get(name)
            if held is None:
                counts.append(np.zeros(segment.size, np.int32))
                continue
            numbers = np.array([number_of[value] for value in held], np.int32)
            ids.append(numbers[segment.column(f"facet.{name}")])
            counts.append(np.diff(segment.column(f"facet_at.{name}").astype(np.int32)))
        held_by_each = np.concatenate(counts)
        at = np.concatenate([np.zeros(1, np.int64), np.cumsum(held_by_each)])
        is_single = bool((held_by_each == 1).all())
        return FacetColumn(tuple(values), np.concatenate(ids), at.astype(np.int32), is_single)


def _holders(column: FacetColumn, value: str) -> Array:
    """The documents that hold one value: a true or false for each."""
    mask = np.zeros(len(column.at) - 1, bool)
    places = np.flatnonzero(column.ids == column.values.index(value))
    mask[np.searchsorted(column.at, places, "right") - 1] = True
    return mask
