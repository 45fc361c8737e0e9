"""The postings of a segment being written, gathered by term.

Whoosh keeps each posting as a tuple of its own and sorts them all; here a term has three arrays,
which grow, and only terms are sorted. Beyond some megabytes everything held goes to a file, a run;
the runs are merged term by term at the end, so that a segment of any size takes bounded memory.
"""

import heapq
import marshal
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO

from indexer.backends.whoosh_places import encode_places

__all__ = ["PostingPool", "TermPostings"]

_MOST_BYTES = 64 << 20
_TERM_BYTES = 400
_POSTING_BYTES = 52
"""What a term and a posting take, roughly, in memory."""

_Record = tuple[str, bytes, bytes, bytes, list[bytes]]


class TermPostings:
    """The postings of one term: documents, ascending, how often, and the places as encoded.

    A field that keeps no places has no `values`.
    """

    __slots__ = ("docs", "values", "weights")

    def __init__(self) -> None:
        self.docs = array("I")
        self.weights = array("f")
        self.values: list[bytes] = []


class PostingPool:
    """What Whoosh calls a pool: postings go in by document and come out by field and term."""

    def __init__(self, directory: Path) -> None:
        """`directory` takes the runs; it exists once it is needed."""
        self._directory = directory
        self._fields: dict[str, dict[bytes, TermPostings]] = {}
        self._bytes = 0
        self._runs: list[Path] = []

    def put(self, field: str, number: int, terms: Mapping[bytes, Sequence[int]]) -> None:
        """The terms of one document in `field`, each with its places, none when not kept."""
        held = self._fields.setdefault(field, {})
        for term, places in terms.items():
            postings = held.get(term)
            if postings is None:
                postings = held[term] = TermPostings()
                self._bytes += _TERM_BYTES
            postings.docs.append(number)
            if places:
                postings.weights.append(len(places))
                postings.values.append(encode_places(places))
            else:
                postings.weights.append(1)
        self._bytes += _POSTING_BYTES * len(terms)
        if self._bytes > _MOST_BYTES:
            self._spill()

    def add(self, item: tuple[str, bytes, int, float, bytes | None]) -> None:
        """One posting, as Whoosh hands them over when it merges segments."""
        field, term, number, weight, value = item
        held = self._fields.setdefault(field, {})
        postings = held.get(term)
        if postings is None:
            postings = held[term] = TermPostings()
            self._bytes += _TERM_BYTES
        postings.docs.append(number)
        postings.weights.append(weight)
        if value:
            postings.values.append(value)
            self._bytes += len(value)
        self._bytes += _POSTING_BYTES
        if self._bytes > _MOST_BYTES:
            self._spill()

    def iter_postings(self) -> Iterator[tuple[str, bytes, TermPostings]]:
        """Everything, by field and term, once."""
        if not self._runs:
            for field, held in sorted(self._fields.items()):
                for term in sorted(held):
                    yield field, term, held[term]
            return
        self._spill()
        records = heapq.merge(*map(_read_run, self._runs), key=itemgetter(0, 1))
        for (field, term), parts in groupby(records, key=itemgetter(0, 1)):
            yield field, term, _joined(parts)

    def cleanup(self) -> None:
        """Delete the runs."""
        for path in self._runs:
            path.unlink(missing_ok=True)
        self._runs = []
        self._fields = {}

    def _spill(self) -> None:
        self._directory.mkdir(exist_ok=True)
        path = self._directory / f"{len(self._runs)}.run"
        with path.open("wb") as file:
            for field, held in sorted(self._fields.items()):
                for term in sorted(held):
                    one = held[term]
                    docs, weights = one.docs.tobytes(), one.weights.tobytes()
                    marshal.dump((field, term, docs, weights, one.values), file)
        self._runs.append(path)
        self._fields = {}
        self._bytes = 0


def _read_run(path: Path) -> Iterator[_Record]:
    with path.open("rb") as file:
        yield from _records(file)


def _records(file: IO[bytes]) -> Iterator[_Record]:
    while True:
        try:
            yield marshal.load(file)  # noqa: S302 - we have just written it
        except EOFError:
            return


def _joined(parts: Iterable[_Record]) -> TermPostings:
    """One term from several runs, in their order: documents ascend from each to the next."""
    found = TermPostings()
    for _, _, docs, weights, values in parts:
        found.docs.frombytes(docs)
        found.weights.frombytes(weights)
        found.values += values
    return found
