"""A source tried before it is kept: what its address gives now, or why it gives nothing.

Nothing is kept of a try, and nothing of it is asked of the database.
"""

from dataclasses import replace

from inters4.core.fetch import FeedParser, Fetcher, FetchError, FetchRefused, ParsedFeed
from inters4.core.values import dataclass
from inters4.veille.exports.failures import worded
from inters4.veille.services.discovering import OfferedFeed, feeds_of_page
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
        is_found: the address tried is that of a page, which names this feed.
        is_refused: the portal does not go there, and never will.
        offered: the feeds among which to choose, when the address is that of a page.
    """

    url: str
    trouble: str = ""
    name: str = ""
    site_url: str = ""
    language: str = ""
    count: int = 0
    entries: tuple[Entry, ...] = ()
    offered: tuple[OfferedFeed, ...] = ()
    is_found: bool = False
    is_refused: bool = False

    @property
    def is_read(self) -> bool:
        """True when the address gives a feed."""
        return not self.trouble and not self.offered


def try_out(url: str, *, fetcher: Fetcher, parser: FeedParser) -> Tried:
    """Go and see what `url` gives; from a page, to the one feed that it names.

    Never raises what a hostile server could provoke.
    """
    tried = _tried(url, fetcher=fetcher, parser=parser)
    if len(tried.offered) != 1:
        return tried
    only = _tried(tried.offered[0].url, fetcher=fetcher, parser=parser)
    if only.offered:
        return replace(only, offered=(), trouble=tried.trouble)
    return replace(only, is_found=only.is_read)


def _tried(url: str, *, fetcher: Fetcher, parser: FeedParser) -> Tried:
    try:
        fetched = fetcher.fetch(url)
        if not 200 <= fetched.status < 300:
            return Tried(url, worded(f"status {fetched.status}"))
    except FetchError as error:
        return Tried(url, error.message, is_refused=isinstance(error, FetchRefused))
    try:
        feed = parser.parse(fetched.body, content_type=fetched.content_type, url=fetched.final_url)
    except FetchError as error:
        return Tried(url, error.message, offered=feeds_of_page(fetched))
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
