"""Feeds that people and programs follow: Atom through feedgenerator, and JSON Feed 1.1.

An entry keeps its identity for ever: its `id` is a `tag:` address made of its permanent text id,
so that a new slug or a corrected title never shows an old entry as new.
"""

import json
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from io import StringIO
from typing import Any
from urllib.parse import quote, urlsplit

from markupsafe import Markup, escape

from inters4.core.values import dataclass

ATOM = "application/atom+xml"
JSON_FEED = "application/feed+json"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_SINCE = "2026"
"""Since when the addresses are ours to give, as RFC 4151 asks; never changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A list to follow.

    Attributes:
        url: absolute address of the page that it follows.
        self_url: absolute address of the feed itself, in the form being written.
        updated: when the list last changed; None takes its latest entry.
    """

    title: str
    url: str
    self_url: str
    language: str = "fr"
    description: str = ""
    updated: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One document of a feed.

    Attributes:
        id: permanent id within the portal, `resume/ID` for instance, or a whole `tag:` address.
        summary_html: HTML made by `core.richtext`; else `summary_text` is shown as it is.
    """

    id: str
    title: str
    url: str
    published: datetime
    updated: datetime | None = None
    summary_html: Markup | None = None
    summary_text: str = ""
    author: str = ""
    categories: tuple[str, ...] = ()

    @property
    def html(self) -> Markup:
        """The summary, as HTML."""
        return escape(self.summary_text) if self.summary_html is None else self.summary_html

    @property
    def changed(self) -> datetime:
        """When the entry last changed."""
        return self.updated or self.published


def tag_uri(identifier: str, *, site: str) -> str:
    """`resume/ID` of the portal at `site` -> `tag:HOST,2026:resume/ID`."""
    if identifier.startswith("tag:"):
        return identifier
    return f"tag:{urlsplit(site).hostname},{_SINCE}:{quote(identifier, safe='/:@!$&*+,;=.~_-')}"


def _feed_id(feed: Feed) -> str:
    """Of its address whole: readers take two feeds of one id, narrowed otherwise, for one."""
    parts = urlsplit(feed.self_url)
    return tag_uri(parts.path, site=feed.url) + (f"?{parts.query}" if parts.query else "")


def last_changed(feed: Feed, entries: Iterable[FeedEntry]) -> datetime:
    """When the feed last changed, to the second, as HTTP has it."""
    moment = feed.updated or max((entry.changed for entry in entries), default=_NEVER)
    return moment.replace(microsecond=0)


def atom(feed: Feed, entries: Iterable[FeedEntry]) -> bytes:
    """The feed as Atom (RFC 4287), UTF-8."""
    from feedgenerator import Atom1Feed  # noqa: PLC0415  (slow to import, seldom needed)

    entries = list(entries)
    updated = last_changed(feed, entries)
    writer = Atom1Feed(
        title=_clean(feed.title),
        link=feed.url,
        description=_clean(feed.description),
        language=feed.language,
        author_name=_clean(feed.title),  # an entry without author has that of the feed
        feed_url=feed.self_url,
        feed_guid=_feed_id(feed),
    )
    writer.latest_post_date = lambda: updated
    for entry in entries:
        writer.add_item(
            title=_clean(entry.title),
            link=entry.url,
            description=_clean(entry.html) or None,
            author_name=_clean(entry.author) or None,
            pubdate=entry.published,
            updateddate=entry.changed,
            unique_id=tag_uri(entry.id, site=feed.url),
            categories=[_clean(name) for name in entry.categories],
        )
    text = StringIO()
    writer.write(text, "utf-8")
    return text.getvalue().encode()


def json_feed(feed: Feed, entries: Iterable[FeedEntry]) -> bytes:
    """The feed as JSON Feed 1.1."""
    whole = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.url,
        "feed_url": feed.self_url,
        "description": feed.description,
        "language": feed.language,
        "items": [_item(entry, feed) for entry in entries],
    }
    kept = {name: value for name, value in whole.items() if value or name == "items"}
    return json.dumps(kept, ensure_ascii=False, indent=1).encode(errors="replace")


def _item(entry: FeedEntry, feed: Feed) -> dict[str, Any]:
    is_text = entry.summary_html is None
    item = {
        "id": tag_uri(entry.id, site=feed.url),
        "url": entry.url,
        "title": entry.title,
        "date_published": entry.published.isoformat(timespec="seconds"),
        "date_modified": entry.changed.isoformat(timespec="seconds"),
        "authors": [{"name": entry.author}] if entry.author else [],
        "tags": list(entry.categories),
    }
    kept: dict[str, Any] = {name: value for name, value in item.items() if value}
    # the standard wants one of the two, even empty
    kept["content_text" if is_text else "content_html"] = (
        entry.summary_text if is_text else str(entry.html)
    )
    return kept


def _clean(text: str) -> str:
    """`text` without what XML forbids: one such character would make the feed unreadable."""
    return "".join(
        character
        for character in text
        if character in "\t\n" or unicodedata.category(character) not in {"Cc", "Cs", "Cn"}
    )
