"""A source tried before it is kept: what its address gives now, or why it gives nothing.

Nothing is kept of a try, and nothing of it is asked of the database.
"""

from dataclasses import dataclass

from inters4.core.fetch import FeedParser, Fetcher, FetchError, ParsedFeed
from inters4.veille.exports.failures import worded
from inters4.veille.services.entries import Entry, entries_of
from inters4.veille.services.plain import line_of

SHOWN = 5
TRY_SECONDS = 10
"""How long a person waits for a site, at most."""
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Tried:
    """What a try gave.

    Attributes:
        trouble: why there is nothing to read, in words; empty when there is.
        url: where the feed is: the address tried, or the one it has moved to for good.
        count: of its articles; `entries` are the first of them.
    """

    url: str
    trouble: str = ""
    name: str = ""
    site_url: str = ""
    language: str = ""
    count: int = 0
    entries: tuple[Entry, ...] = ()

    @property
    def is_read(self) -> bool:
        """True when the address gives a feed."""
        return not self.trouble


def try_out(url: str, *, fetcher: Fetcher, parser: FeedParser) -> Tried:
    """Go and see what `url` gives. Never raises what a hostile server could provoke."""
    try:
        fetched = fetcher.fetch(url)
        if not 200 <= fetched.status < 300:
            return Tried(url, worded(f"status {fetched.status}"))
        feed = parser.parse(fetched.body, content_type=fetched.content_type, url=fetched.final_url)
    except FetchError as error:
        return Tried(url, error.message)
    moved = fetched.permanent_redirects
    return _read(feed, moved[-1] if moved else url)


def _read(feed: ParsedFeed, url: str) -> Tried:
    entries = entries_of(feed)
    return Tried(
        url,
        name=line_of(feed.title, longest=_LONGEST),
        site_url=feed.link if feed.link.startswith(("http://", "https://")) else "",
        language=feed.language[:2].lower(),
        count=len(entries),
        entries=entries[:SHOWN],
    )
