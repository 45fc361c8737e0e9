"""What a feed says, once parsed: plain values, nothing of the library that read it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from inters4.core.values import dataclass


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A link of an entry: `rel` is « alternate » for its page, « enclosure » for a file."""

    href: str
    rel: str
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry. Texts are as the feed gives them: show HTML through `richtext.sanitize` only.

    Attributes:
        id: GUID of the feed, empty when it gives none.
        title: may hold HTML.
        link: its page, empty when it gives none.
        summary: HTML, sanitised once by the parser.
        identifiers: what the entry says of itself, such as « doi:10.1000/x » or « pmid:1 ».
        types: what sort of writing it is, in the words of the journal; `rights` who may read it.
        source: journal or original feed, when named; `volume`, `number` and `pages` of it.
    """

    id: str
    title: str
    link: str
    links: tuple[FeedLink, ...]
    authors: tuple[str, ...]
    published: datetime | None
    updated: datetime | None
    summary: str
    language: str
    tags: tuple[str, ...]
    identifiers: tuple[str, ...]
    source: str
    volume: str = ""
    number: str = ""
    pages: str = ""
    types: tuple[str, ...] = ()
    rights: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed.

    Attributes:
        version: « rss20 », « atom10 », « rss10 », « json1 »…
        ttl_minutes: how long the feed asks to be left alone.
        is_malformed: it was read all the same.
        is_truncated: it held more entries than the parser returns.
    """

    version: str
    title: str
    link: str
    language: str
    description: str
    ttl_minutes: int | None
    entries: tuple[FeedEntry, ...]
    is_malformed: bool
    is_truncated: bool


def feed_from_json(data: Mapping[str, Any]) -> ParsedFeed:
    """Rebuild the value that the child process described."""
    return ParsedFeed(
        version=data["version"],
        title=data["title"],
        link=data["link"],
        language=data["language"],
        description=data["description"],
        ttl_minutes=data["ttl_minutes"],
        entries=tuple(_entry(entry) for entry in data["entries"]),
        is_malformed=data["is_malformed"],
        is_truncated=data["is_truncated"],
    )


def _entry(data: Mapping[str, Any]) -> FeedEntry:
    return FeedEntry(
        id=data["id"],
        title=data["title"],
        link=data["link"],
        links=tuple(FeedLink(*link) for link in data["links"]),
        authors=tuple(data["authors"]),
        published=_moment(data["published"]),
        updated=_moment(data["updated"]),
        summary=data["summary"],
        language=data["language"],
        tags=tuple(data["tags"]),
        identifiers=tuple(data["identifiers"]),
        source=data["source"],
        volume=data["volume"],
        number=data["number"],
        pages=data["pages"],
        types=tuple(data["types"]),
        rights=data["rights"],
    )


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
