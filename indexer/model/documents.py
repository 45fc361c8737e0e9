"""What is indexed: a document and the files that belong to it."""

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from types import MappingProxyType

__all__ = ["RESERVED_FACETS", "Attachment", "Document"]

RESERVED_FACETS = frozenset({"kind", "language", "year"})
"""Names the engine fills itself: `kind` and `language` are facets of every document."""

_YEARS = range(1, 10_000)
_NO_VALUES: Mapping[str, tuple[str, ...]] = MappingProxyType({})
_NO_FIELDS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Attachment:
    """The text of a file, or of one page of it, that belongs to a document.

    Without a label, it is a part of the document itself, which `page` numbers.
    """

    label: str
    text: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One thing that can be found.

    `audience` names the container it lies in (`public`, `members`, `role:broker`, `org:3`); who
    may read that container is the caller's knowledge. `keywords` are names it is also found by, in
    any language; a hit shows one only when nothing else says why it was found. `year` is what it is
    filtered and counted by when that is not the year of its `date`: of an article, the one it was
    published in; years are counted in one table, so that an absurd one is refused. `fields` is a
    small payload given back with each hit.
    """

    key: str
    _: KW_ONLY
    kind: str
    title: str
    audience: str
    language: str = "fr"
    abstract: str = ""
    body: str = ""
    attachments: tuple[Attachment, ...] = ()
    keywords: tuple[str, ...] = ()
    date: datetime.date | None = None
    year: int | None = None
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NO_VALUES)
    fields: Mapping[str, str] = field(default_factory=lambda: _NO_FIELDS)

    def __post_init__(self) -> None:
        if not self.key:
            raise ValueError("A document needs a key.")
        if _is_cut(self.key):
            raise ValueError("A document needs a key of whole characters.")
        if not self.audience:
            raise ValueError(f"The document {self.key} needs an audience.")
        if taken := RESERVED_FACETS & self.facets.keys():
            raise ValueError(f"The engine fills these facets itself: {sorted(taken)}.")
        if self.year is not None and self.year not in _YEARS:
            raise ValueError(f"The document {self.key} needs a year of four digits at most.")

    @property
    def counted_year(self) -> int | None:
        """The year it is filtered and counted by."""
        return self.year or (self.date.year if self.date else None)

    @property
    def digest(self) -> str:
        """A stable fingerprint of everything above: equal digests, equal documents."""
        content = [
            self.key,
            self.kind,
            self.title,
            self.audience,
            self.language,
            self.abstract,
            self.body,
            [[part.label, part.text, part.page] for part in self.attachments],
            list(self.keywords),
            self.date.isoformat() if self.date else None,
            self.year,
            sorted((name, list(values)) for name, values in self.facets.items()),
            sorted(self.fields.items()),
        ]
        canonical = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
        return hashlib.blake2b(canonical.encode(), digest_size=16).hexdigest()


def _is_cut(text: str) -> bool:
    """True of half of a character, which no encoding writes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
