"""The card of a document: what filters, counts and orders need, and where its text lies."""

import datetime
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from indexer.analysis import fold
from indexer.model import Document

__all__ = ["Card", "decode_card", "encode_card"]


@dataclass(frozen=True, slots=True)
class Card:
    """Kept in memory for every document.

    `facets` holds every value with all it lies under, each once, `kind` and `language` included:
    `telesante.suivi` gives `telesante` and `telesante.suivi`. `year` is 0 for none.
    """

    key: str
    audience: str
    title: str
    sort_title: str
    date: datetime.date | None
    year: int
    digest: str
    facets: Mapping[str, tuple[str, ...]]
    text_start: int
    text_length: int

    @property
    def kind(self) -> str:
        """The kind of the document."""
        return self.facets["kind"][0]

    @property
    def language(self) -> str:
        """The language of the document."""
        return self.facets["language"][0]


def encode_card(document: Document, *, text_start: int, text_length: int) -> bytes:
    """The card of `document` as it is stored."""
    content = [
        document.key,
        document.audience,
        document.title,
        document.date.toordinal() if document.date else None,
        document.counted_year or 0,
        document.digest,
        {
            **{name: list(values) for name, values in document.facets.items()},
            "kind": [document.kind],
            "language": [document.language],
        },
        text_start,
        text_length,
    ]
    return json.dumps(content, separators=(",", ":")).encode()


def decode_card(stored: bytes) -> Card:
    """The card as it is used; values that repeat are shared."""
    key, audience, title, ordinal, year, digest, facets, text_start, text_length = json.loads(
        stored
    )
    return Card(
        key=key,
        audience=sys.intern(audience),
        title=title,
        sort_title=fold(title),
        date=datetime.date.fromordinal(ordinal) if ordinal is not None else None,
        year=year,
        digest=digest,
        facets={
            sys.intern(name): values if name in _PLAIN else _with_ancestors(values)
            for name, values in ((name, _interned(values)) for name, values in facets.items())
        },
        text_start=text_start,
        text_length=text_length,
    )


_PLAIN = frozenset({"kind", "language"})


def _interned(values: list[str]) -> tuple[str, ...]:
    return tuple(sys.intern(value) for value in values)


def _with_ancestors(values: tuple[str, ...]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for value in values:
        parts = value.split(".")
        for depth in range(1, len(parts) + 1):
            found[sys.intern(".".join(parts[:depth]))] = None
    return tuple(found)
