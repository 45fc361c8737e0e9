"""What the array evaluation asks of an index: shards of postings, and columns over all documents.

A shard is a part of the index that never changes; documents are numbered within it from 0 and, over
the whole index, from its `base`. Implemented by `indexer.backends.array_*`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["FORM", "Array", "Corpus", "FacetColumn", "Mask", "Postings", "PrefixPostings", "Shard"]

FORM = "form"
"""The field of words as written, besides `title` and `text`: see `indexer.analysis.spelling`."""

Array = NDArray[Any]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Postings:
    """The documents that hold a term, ascending, and how often each does."""

    docs: Array
    freqs: Array


@dataclass(frozen=True, slots=True)
class PrefixPostings:
    """The postings of neighbouring terms, one after the other; `term` numbers them from 0."""

    names: Sequence[bytes]
    term: Array
    docs: Array
    freqs: Array


class Shard(Protocol):
    """A part of the index."""

    @property
    def size(self) -> int:
        """How many documents, deleted ones included."""

    def postings(self, field: str, stem: str) -> Postings | None:
        """The postings of a stem; None when no document holds it."""

    def places(self, field: str, stem: str) -> Array:
        """Every position of a stem that has postings: `freqs` of each document in turn."""

    def family(self, field: str, root: str, *, but: frozenset[str]) -> Postings | None:
        """The documents that hold a stem of this root (see `analysis.kin`) other than `but`."""

    def expand(self, field: str, prefix: str, *, most: int) -> list[bytes]:
        """The first terms that begin with `prefix`, in order."""

    def holders(self, field: str, first: bytes, last: bytes) -> Array:
        """The documents that hold a term from `first` to `last`, in no order, maybe twice."""

    def range_postings(self, field: str, first: bytes, last: bytes) -> PrefixPostings:
        """The postings of every term from `first` to `last`, both included."""


@dataclass(frozen=True, slots=True)
class FacetColumn:
    """The values of one facet: `ids[at[n]:at[n + 1]]` number those of document `n` in `values`.

    Each document holds a value once, with all it lies under. `is_single`: each has one value.
    """

    values: tuple[str, ...]
    ids: Array
    at: Array
    is_single: bool = False


class Corpus(Protocol):
    """One revision of the index."""

    @property
    def shards(self) -> Sequence[tuple[int, Shard]]:
        """Each shard with its base."""

    @property
    def size(self) -> int:
        """How many numbers there are, deleted documents included."""

    def facet(self, name: str) -> FacetColumn | None:
        """The values of a facet; None when no document has any."""

    def holders_of(self, facet: str, values: Collection[str]) -> Mask:
        """The documents that hold one of these values of a facet."""

    def column(self, name: str) -> Array:
        """One number a document: `day`, `year` (0 for none), `key_rank`, `title_rank`."""

    def lengths(self, field: str) -> Array:
        """How many terms each document has in a field."""

    def sort_text(self, name: str, number: int) -> str:
        """The `key` or the `sort_title` of a document."""
