"""`Citation`: what is known of a document, apart from any style.

A domain makes one of its rows; the other modules of this package only write it. Fields hold plain
text, never markup, and what is unknown stays empty.
"""

import re
from datetime import date
from enum import StrEnum
from urllib.parse import quote, urlsplit

from inters4.core.citations.authors import Author
from inters4.core.values import dataclass

_DOI_PREFIX = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)\s*", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\xa0\u202f]+")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class CitationKind(StrEnum):
    """What is cited; each style and format has its own name for it."""

    ARTICLE = "article"
    REPORT = "report"
    WEB_PAGE = "web-page"
    ISSUE = "issue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A document as others cite it.

    Attributes:
        key: names it among all documents of the portal, `resume/ID` for instance.
        container: the journal, the newsletter, the site or the work that holds it.
        day: the date of publication when it is known to the day; `year` may then be left out.
        accessed: when a page that changes was read.
        doi: with or without `https://doi.org/`.
        language: code of the language it is written in, `fr` for instance.
        note: what goes with the reference wherever it goes: who has not read the document yet.
    """

    key: str
    kind: CitationKind
    title: str
    authors: tuple[Author, ...] = ()
    container: str = ""
    publisher: str = ""
    year: int | None = None
    day: date | None = None
    accessed: date | None = None
    volume: str = ""
    number: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    url: str = ""
    language: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    note: str = ""

    @property
    def named_authors(self) -> tuple[Author, ...]:
        """The authors without « et al. »."""
        return tuple(author for author in self.authors if not author.stands_for_others)

    @property
    def has_more_authors(self) -> bool:
        """True when the source itself wrote « et al. »."""
        return any(author.stands_for_others for author in self.authors)

    @property
    def published_year(self) -> int | None:
        """The year, taken from the day if need be."""
        return self.year or (self.day.year if self.day else None)

    @property
    def bare_doi(self) -> str:
        """`10.1186/…`, without an address before it."""
        return _DOI_PREFIX.sub("", self.doi.strip())

    @property
    def link(self) -> str:
        """Where it is read: its DOI, else its address; empty unless it is a web address."""
        if self.bare_doi:
            return "https://doi.org/" + quote(self.bare_doi, safe="/:;()._-")
        try:
            parts = urlsplit(self.url)
        except ValueError:
            return ""
        return self.url if parts.scheme in {"http", "https"} and parts.netloc else ""

    @property
    def first_page(self) -> str:
        """The first page, or the number of the article."""
        return re.split(r"\s*[-‐‑–—]+\s*", self.pages.strip())[0]

    @property
    def last_page(self) -> str:
        """The last page, empty when there is no range."""
        return "".join(re.split(r"\s*[-‐‑–—]+\s*", self.pages.strip())[1:2])


def one_line(text: str) -> str:
    """`text` without line breaks or control characters: formats of lines end at a line's end.

    No-break spaces stay: they are typography.
    """
    return _CONTROLS.sub("", _SPACES.sub(" ", text)).strip(" ")
