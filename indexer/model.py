"""The values that cross the border of the engine, and nothing else.

Everything is frozen. Facet values are identifiers, never labels; a dot makes a hierarchy
(`telesante.teleconsultation` lies under `telesante`).
"""

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from enum import StrEnum
from types import MappingProxyType

__all__ = [
    "RESERVED_FACETS",
    "Attachment",
    "Correction",
    "Document",
    "FacetCount",
    "Hit",
    "Names",
    "Results",
    "Revision",
    "SearchRequest",
    "Segment",
    "Snippet",
    "SortOrder",
    "Suggestion",
    "SynonymGroup",
    "Synonyms",
    "UnmetField",
    "VerifyReport",
    "YearCount",
]

RESERVED_FACETS = frozenset({"kind", "language", "year"})
"""Names the engine fills itself: `kind` and `language` are facets of every document."""

_NO_VALUES: Mapping[str, tuple[str, ...]] = MappingProxyType({})
_NO_FIELDS: Mapping[str, str] = MappingProxyType({})
_NO_FILTERS: Mapping[str, frozenset[str]] = MappingProxyType({})
_NO_NAMES: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Attachment:
    """The text of a file, or of one page of it, that belongs to a document."""

    label: str
    text: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One thing that can be found.

    `audience` names the container it lies in (`public`, `members`, `role:broker`, `org:3`); who
    may read that container is the caller's knowledge. `keywords` are names it is also found by, in
    any language, and that no snippet shows. `fields` is a small payload given back with each hit.
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
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NO_VALUES)
    fields: Mapping[str, str] = field(default_factory=lambda: _NO_FIELDS)

    def __post_init__(self) -> None:
        if not self.key:
            raise ValueError("A document needs a key.")
        if not self.audience:
            raise ValueError(f"The document {self.key} needs an audience.")
        if taken := RESERVED_FACETS & self.facets.keys():
            raise ValueError(f"The engine fills these facets itself: {sorted(taken)}.")

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
            sorted((name, list(values)) for name, values in self.facets.items()),
            sorted(self.fields.items()),
        ]
        canonical = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
        return hashlib.blake2b(canonical.encode(), digest_size=16).hexdigest()


class SortOrder(StrEnum):
    """How hits are ordered; documents holding every word come first in each of them."""

    RELEVANCE = "relevance"
    DATE = "date"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class SynonymGroup:
    """Terms that mean the same. A guarded acronym expands only when typed in capitals.

    When some are `general`, the group goes one way: whoever types any of its terms is shown what
    says a general one, and who types a general one is not shown what says a precise one.
    """

    terms: tuple[str, ...]
    guarded: frozenset[str] = frozenset()
    general: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Synonyms:
    """The synonyms of the vocabulary; `version` changes whenever `groups` does."""

    version: str = ""
    groups: tuple[SynonymGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """What values of facets are called, so that `region:montréal` means `rss06`.

    `by_facet` gives the names of each value, in any language; `version` changes whenever it does,
    and alone tells two of them apart.
    """

    version: str = ""
    by_facet: Mapping[str, Mapping[str, tuple[str, ...]]] = field(
        default_factory=lambda: _NO_NAMES, compare=False
    )


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One question.

    `audiences` are the containers the reader may see; nothing outside them is ever found, counted
    or suggested. `filters` hold OR within a facet and AND across facets; a value stands for
    everything under it. `exact` switches synonyms and correction off. `names` say what the values
    of typed fields are called. `languages` keeps only documents in these languages, all of them
    when empty.
    """

    text: str = ""
    _: KW_ONLY
    audiences: frozenset[str]
    filters: Mapping[str, frozenset[str]] = field(default_factory=lambda: _NO_FILTERS)
    year_from: int | None = None
    year_to: int | None = None
    facets: tuple[str, ...] = ()
    years: bool = False
    sort: SortOrder = SortOrder.RELEVANCE
    offset: int = 0
    limit: int = 20
    snippets: bool = True
    exact: bool = False
    synonyms: Synonyms = field(default_factory=Synonyms)
    names: Names = field(default_factory=Names)
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, order=True)
class Revision:
    """Which index answered: the directory (`generation`) and the commit within it."""

    generation: int
    commit: int

    def __str__(self) -> str:
        return f"{self.generation}.{self.commit}"


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of original text; `marked` when it is a form the query asked for."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """One line of why: joined, the segments are a passage of the original text.

    `attachment` and `page` say which file it comes from, when it is not the document itself.
    """

    segments: tuple[Segment, ...]
    cut_before: bool = False
    cut_after: bool = False
    attachment: str | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found, ready to be shown; `score` is 0 in another order than relevance."""

    key: str
    _: KW_ONLY
    kind: str
    language: str
    audience: str
    score: float
    has_every_word: bool
    title: tuple[Segment, ...]
    snippet: Snippet | None
    date: datetime.date | None
    fields: Mapping[str, str]

    @property
    def title_text(self) -> str:
        """The title without its marks."""
        return "".join(segment.text for segment in self.title)


@dataclass(frozen=True, slots=True)
class FacetCount:
    """What choosing `value` would give, every other filter being kept."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class YearCount:
    """How many documents of one year, every filter but the years being kept."""

    year: int
    count: int


@dataclass(frozen=True, slots=True)
class Correction:
    """A better spelling: used at once (`applied`) or only offered."""

    typed: str
    used: str
    applied: bool


@dataclass(frozen=True, slots=True)
class UnmetField:
    """A field typed with a value that no document seen holds."""

    facet: str
    typed: str


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to one request.

    `total` counts all that matches, of which the first `total_all_words` hold every word.
    `is_fallback` says that an older generation answered because the current one is damaged:
    confirm each hit elsewhere, and show no facet.
    """

    hits: tuple[Hit, ...]
    total: int
    total_all_words: int
    revision: Revision
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    years: tuple[YearCount, ...] = ()
    correction: Correction | None = None
    also_searched: tuple[str, ...] = ()
    unmet: tuple[UnmetField, ...] = ()
    is_fallback: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion of what is being typed; `key` when it names one document."""

    text: str
    kind: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """How the index differs from what it should hold."""

    missing: frozenset[str] = frozenset()
    orphan: frozenset[str] = frozenset()
    stale: frozenset[str] = frozenset()

    @property
    def is_clean(self) -> bool:
        """Whether there is nothing to repair."""
        return not (self.missing or self.orphan or self.stale)
