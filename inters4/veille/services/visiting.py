"""One visit to one source, outside any transaction: fetched, compared, parsed, worded in a code."""

import hashlib
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from inters4.core.fetch import FeedParser, Fetched, Fetcher, FetchError
from inters4.core.values import dataclass
from inters4.veille.services.entries import Entry, entries_of

_UNCHANGED = 304
TRUNCATED = "truncated"
"""The feed held more entries than are read."""


class Ending(StrEnum):
    """How a visit ended."""

    READ = "read"
    UNCHANGED = "unchanged"
    ASKED_TO_WAIT = "asked-to-wait"
    GONE = "gone"
    FAILED = "failed"


_ENDINGS = {410: Ending.GONE, 429: Ending.ASKED_TO_WAIT}
_SLOW = frozenset({"late", "unreachable"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A source to visit, as its row was when the lease was taken.

    Attributes:
        lease_until: names the lease: whoever holds another has taken the source over.
    """

    source_id: int
    public_id: str
    name: str
    url: str
    etag: str
    last_modified: str
    body_digest: bytes | None
    language: str
    failures: int
    lease_until: datetime

    @property
    def host(self) -> str:
        """Whose patience is spared: one visit at a time."""
        try:
            return (urlsplit(self.url).hostname or "").lower()
        except ValueError:
            return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """What a visit taught.

    Attributes:
        remark: code of what went wrong, or of what the team should know of a good visit; see
            `exports/failures.py` for the sentences.
        headers: of the answer, for what they ask; empty when none came.
        moved_to: where 301 and 308 lead, when the source was read there.
        is_slow: the server let time run out: its other sources wait for another round.
    """

    ending: Ending
    remark: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    moved_to: str = ""
    body_digest: bytes | None = None
    ttl_minutes: int | None = None
    entries: tuple[Entry, ...] = ()
    is_slow: bool = False


def visit_source(visit: Visit, *, fetcher: Fetcher, parser: FeedParser) -> Visited:
    """Go and see. Never raises what a hostile server could provoke."""
    try:
        fetched = fetcher.fetch(visit.url, etag=visit.etag, last_modified=visit.last_modified)
    except FetchError as error:
        return Visited(ending=Ending.FAILED, remark=_code(error), is_slow=error.code in _SLOW)
    if fetched.status == _UNCHANGED:
        return _unchanged(fetched)
    if not 200 <= fetched.status < 300:
        return Visited(
            ending=_ENDINGS.get(fetched.status, Ending.FAILED),
            remark=f"status {fetched.status}",
            headers=fetched.headers,
        )
    return _read(visit, fetched, parser)


def _read(visit: Visit, fetched: Fetched, parser: FeedParser) -> Visited:
    digest = hashlib.sha256(fetched.body).digest()
    if digest == visit.body_digest:
        return _unchanged(fetched, digest)
    try:
        feed = parser.parse(fetched.body, content_type=fetched.content_type, url=fetched.final_url)
    except FetchError as error:
        return Visited(ending=Ending.FAILED, remark=_code(error), headers=fetched.headers)
    return Visited(
        ending=Ending.READ,
        remark=TRUNCATED if feed.is_truncated else "",
        headers=fetched.headers,
        moved_to=_moved(fetched),
        body_digest=digest,
        ttl_minutes=feed.ttl_minutes,
        entries=entries_of(feed, language=visit.language),
    )


def _code(error: FetchError) -> str:
    return f"{error.code} {error.host}".strip()


def _unchanged(fetched: Fetched, digest: bytes | None = None) -> Visited:
    return Visited(
        ending=Ending.UNCHANGED,
        headers=fetched.headers,
        moved_to=_moved(fetched),
        body_digest=digest,
    )


def _moved(fetched: Fetched) -> str:
    return fetched.permanent_redirects[-1] if fetched.permanent_redirects else ""
