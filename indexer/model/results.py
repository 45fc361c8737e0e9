"""What is answered: hits, counts, corrections, suggestions, and what a verification found."""

import datetime
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Self

__all__ = [
    "Correction",
    "FacetCount",
    "Hit",
    "Results",
    "Revision",
    "Segment",
    "Snippet",
    "Suggestion",
    "UnmetField",
    "VerifyReport",
    "YearCount",
]


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
    """A document found, ready to be shown; `score` is 0 in another order than relevance.

    `found_by` is the name (see `Document.keywords`) that says what was asked when neither the title
    nor the snippet does.
    """

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
    found_by: tuple[Segment, ...] = ()

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

    @classmethod
    def of(cls, held: Mapping[str, str], *, expected: Mapping[str, str]) -> Self:
        """What tells digests by key from those that should be held."""
        return cls(
            missing=frozenset(expected.keys() - held.keys()),
            orphan=frozenset(held.keys() - expected.keys()),
            stale=frozenset(
                key for key in expected.keys() & held.keys() if expected[key] != held[key]
            ),
        )

    @property
    def is_clean(self) -> bool:
        """Whether there is nothing to repair."""
        return not (self.missing or self.orphan or self.stale)
