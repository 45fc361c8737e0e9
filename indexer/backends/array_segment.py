"""One segment read from its two files of arrays.

A segment never changes, so that what is cached of it (by segment and term) outlives commits. The
list of its terms and the columns asked for are kept in memory; postings go through the cache.
"""

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar, cast

import numpy as np

from indexer.analysis import SPELT, beginning_of, root_of
from indexer.backends.array_cache import ArrayCache
from indexer.backends.array_columns import COLUMNS_VERSION, DIGEST_BYTES, hash_of_key
from indexer.backends.array_terms import Terms
from indexer.evaluation.shards import Postings, PrefixPostings
from indexer.store import Damage
from indexer.store.arrays import Array, ArrayFile

__all__ = ["ArraySegment"]

Made = TypeVar("Made")

_NEVER = b"\xff" * 8
"""After every term: no UTF-8 text holds such a byte."""
_MOST_SCANNED = 2_000
"""Terms looked through for those of one family."""


class ArraySegment:
    """A shard of the index (see `indexer.evaluation.shards.Shard`)."""

    def __init__(self, postings: Path, columns: Path, *, name: str, cache: ArrayCache) -> None:
        """Open both files.

        Raises:
            FileNotFoundError: one is not there.
            Damage: one is not what it must be.
        """
        self.name = name
        self._cache = cache
        self._postings = ArrayFile(postings)
        try:
            self._columns = ArrayFile(columns)
        except BaseException:
            self._postings.close()
            raise
        if self._columns.meta.get("version") != COLUMNS_VERSION:
            self.close()
            raise Damage(f"{columns} was written by another version of the engine.")
        self.size = int(self._columns.meta["documents"])
        self.audiences: tuple[str, ...] = tuple(self._columns.meta["audiences"])
        self.facets: dict[str, tuple[str, ...]] = {
            facet: tuple(values) for facet, values in self._columns.meta["facets"].items()
        }
        self._terms: dict[str, Terms | None] = {}
        self._kept: dict[str, Array] = {}
        self._made: dict[str, object] = {}

    def column(self, name: str) -> Array:
        """A whole column, kept from now on."""
        found = self._kept.get(name)
        if found is None:
            found = self._kept[name] = self._columns.read(name)
        return found

    def text(self, name: str, number: int) -> str:
        """The `key`, `title` or `sort_title` of one document."""
        start, end = self._columns.read(f"{name}_at", number, number + 2).tolist()
        return self._columns.read_bytes(name, start, end).decode("utf-8", "surrogatepass")

    def texts(self, name: str) -> tuple[bytes, Array]:
        """The texts of all documents one after the other, and where each begins."""
        return self._columns.read_bytes(name), self._columns.read(f"{name}_at")

    def digest(self, number: int) -> str:
        """The digest of one document."""
        start = number * DIGEST_BYTES
        return self._columns.read_bytes("digest", start, start + DIGEST_BYTES).hex()

    def numbers_of(self, key: str) -> list[int]:
        """The documents with this key, deleted ones included."""
        hashes = self.column("hash")
        sought = np.array(hash_of_key(key), hashes.dtype) if _fits(key, hashes) else None
        if sought is None:
            return []
        first = int(np.searchsorted(hashes, sought, "left"))
        last = int(np.searchsorted(hashes, sought, "right"))
        numbers = self._columns.read("hash_doc", first, last).tolist()
        return [number for number in numbers if self.text("key", number) == key]

    def lengths(self, field: str) -> Array:
        """How many terms each document has in `field`."""
        name = f"{field}.length"
        found = self._kept.get(name)
        if found is None:
            held = self._postings.read(name) if name in self._postings else np.zeros(0, np.uint8)
            found = np.zeros(self.size, held.dtype)
            found[: len(held)] = held[: self.size]
            self._kept[name] = found
        return found

    def terms(self, field: str) -> Terms | None:
        """The terms of a field, kept from now on."""
        if field not in self._terms:
            name = f"{field}.terms"
            self._terms[field] = (
                Terms(self._postings.read_bytes(name), self._postings.read(f"{field}.term_at"))
                if name in self._postings
                else None
            )
        return self._terms[field]

    def postings(self, field: str, stem: str) -> Postings | None:
        """The postings of a stem."""
        name = (self.name, field, stem)
        held = self._cache.get(name)
        if held is None:
            number = self._number_of(field, stem.encode())
            held = self._read(field, number, number + 1) if number is not None else ()
            self._cache.put(name, held)
        return Postings(held[0], held[1]) if held else None

    def places(self, field: str, stem: str) -> Array:
        """Every position of a stem."""
        name = (self.name, field, stem, "places")
        held = self._cache.get(name)
        if held is None:
            number = self._number_of(field, stem.encode())
            if number is None:
                return np.zeros(0, np.uint8)
            start, end = self._postings.read(f"{field}.place_at", number, number + 2).tolist()
            held = (self._postings.read(f"{field}.place", start, end),)
            self._cache.put(name, held)
        return held[0]

    def family(self, field: str, root: str, *, but: frozenset[str]) -> Postings | None:
        """The documents that hold a stem of this root other than `but`, and how often."""
        name = (self.name, field, root, but)
        held = self._cache.get(name)
        if held is None:
            held = _together([self._read(field, n, n + 1) for n in self._kin(field, root, but)])
            self._cache.put(name, held)
        return Postings(held[0], held[1]) if held else None

    def _kin(self, field: str, root: str, but: frozenset[str]) -> list[int]:
        terms = self.terms(field)
        if terms is None:
            return []
        wanted = beginning_of(root).encode()
        first = terms.find(wanted)
        last = min(first + _MOST_SCANNED, terms.find(wanted + _NEVER))
        stems = ((number, terms[number].decode()) for number in range(first, last))
        return [number for number, stem in stems if stem not in but and root_of(stem) == root]

    def expand(self, field: str, prefix: str, *, most: int) -> list[bytes]:
        """The first terms that begin with `prefix`."""
        terms = self.terms(field)
        if terms is None:
            return []
        wanted = prefix.encode()
        first = terms.find(wanted)
        last = min(first + most, terms.find(wanted + _NEVER))
        return [terms[number] for number in range(first, last)]

    def holders(self, field: str, first: bytes, last: bytes) -> Array:
        """The documents that hold a term from `first` to `last`."""
        name = (self.name, field, first, last)
        held = self._cache.get(name)
        if held is None:
            terms = self.terms(field)
            begin = terms.find(first) if terms is not None else 0
            end = terms.find(last + b"\0") if terms is not None else 0
            docs = self._read(field, begin, end)[0] if end > begin else np.zeros(0, np.int64)
            held = (docs.astype(np.int64),)
            self._cache.put(name, held)
        return held[0]

    def range_postings(self, field: str, first: bytes, last: bytes) -> PrefixPostings:
        """The postings of neighbouring terms."""
        terms = self.terms(field)
        begin = terms.find(first) if terms is not None else 0
        end = terms.find(last + b"\0") if terms is not None else 0
        if terms is None or end <= begin:
            nothing = np.zeros(0, np.int64)
            return PrefixPostings((), nothing, nothing, nothing)
        firsts = self._postings.read(f"{field}.first", begin, end + 1).astype(np.int64)
        docs, freqs = self._read(field, begin, end)
        term = np.repeat(np.arange(end - begin), np.diff(firsts))
        names = [terms[number] for number in range(begin, end)]
        return PrefixPostings(names, term, docs, freqs)

    def frequencies(self, field: str, first: bytes, last: bytes) -> Iterator[tuple[bytes, int]]:
        """The terms from `first` to before `last`, and how many documents hold each."""
        terms = self.terms(field)
        if terms is None:
            return
        begin, end = terms.find(first), terms.find(last)
        if begin < end:
            counts = np.diff(self._postings.read(f"{field}.first", begin, end + 1).astype(np.int64))
            yield from zip(map(terms.__getitem__, range(begin, end)), counts.tolist(), strict=True)

    def sums_of_forms(self, field: str) -> Array:
        """A sum of each folded form of a field of words as written, kept from now on."""
        found = self._kept.get("sums")
        if found is None:
            terms = self.terms(field)
            keys = [terms[number] for number in range(len(terms))] if terms is not None else []
            sums = (zlib.crc32(key.partition(SPELT.encode())[0]) for key in keys)
            found = self._kept["sums"] = np.fromiter(sums, np.uint32, len(keys))
        return found

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """What `make` gives, made at the first call for this segment."""
        if name not in self._made:
            self._made[name] = make()
        return cast("Made", self._made[name])

    def close(self) -> None:
        """Let go of both files."""
        self._postings.close()
        self._columns.close()

    def _number_of(self, field: str, term: bytes) -> int | None:
        terms = self.terms(field)
        if terms is None:
            return None
        number = terms.find(term)
        return number if number < len(terms) and terms[number] == term else None

    def _read(self, field: str, begin: int, end: int) -> tuple[Array, Array]:
        """Documents and frequencies of the terms from `begin` to before `end`."""
        bounds = self._postings.read(f"{field}.first", begin, end + 1)
        start, stop = int(bounds[0]), int(bounds[-1])
        docs = self._postings.read(f"{field}.doc", start, stop)
        if f"{field}.freq" not in self._postings:
            return docs, np.ones(len(docs), np.uint8)
        return docs, self._postings.read(f"{field}.freq", start, stop)


def _together(parts: list[tuple[Array, Array]]) -> tuple[Array, ...]:
    """Postings of several terms as those of one."""
    if len(parts) <= 1:
        return parts[0] if parts else ()
    docs, at = np.unique(np.concatenate([docs for docs, _ in parts]), return_inverse=True)
    return docs, np.bincount(at, np.concatenate([freqs for _, freqs in parts]))


def _fits(key: str, hashes: Array) -> bool:
    return len(hashes) > 0 and hash_of_key(key) <= np.iinfo(hashes.dtype).max
