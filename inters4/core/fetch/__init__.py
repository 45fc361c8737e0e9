"""The one room where the portal goes out: pages and feeds fetched, feeds parsed.

The connected address is checked on every hop, time and size are bounded, and parsing runs in a
child process with limits of its own. Nothing else opens an outgoing HTTP connection.
"""

from inters4.core.fetch.errors import (
    FeedUnreadable,
    FetchError,
    FetchFailed,
    FetchRefused,
    FetchTimedOut,
    FetchTooLarge,
)
from inters4.core.fetch.feeds import FeedEntry, FeedLink, ParsedFeed
from inters4.core.fetch.fetcher import Fetched, Fetcher
from inters4.core.fetch.parsing import FeedParser, ParserLimits
from inters4.core.fetch.policy import FetchPolicy

__all__ = [
    "FeedEntry",
    "FeedLink",
    "FeedParser",
    "FeedUnreadable",
    "FetchError",
    "FetchFailed",
    "FetchPolicy",
    "FetchRefused",
    "FetchTimedOut",
    "FetchTooLarge",
    "Fetched",
    "Fetcher",
    "ParsedFeed",
    "ParserLimits",
]
