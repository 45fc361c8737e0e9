"""The feeds that a page of a site says it has: whoever adds a source seldom knows their address."""

from urllib.parse import urljoin

from inters4.core.fetch import Fetched
from inters4.core.values import dataclass
from inters4.veille.services.markup import attribute, pieces_of

_READ = 300_000
_MOST = 20
_LONGEST = 200
_KINDS = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})


@dataclass(frozen=True, slots=True)
class OfferedFeed:
    """A feed that a page names; `name` is empty when it says nothing of it."""

    url: str
    name: str


def feeds_of_page(fetched: Fetched) -> tuple[OfferedFeed, ...]:
    """Those of its `link rel=alternate`, each once, in its order; none for what is no page."""
    html = fetched.body[:_READ].decode("utf-8", errors="replace")
    found: dict[str, OfferedFeed] = {}
    for name, inside, _words in pieces_of(html):
        if name != "link" or "alternate" not in attribute(inside, "rel").lower().split():
            continue
        if attribute(inside, "type").lower().strip() not in _KINDS:
            continue
        url = _joined(fetched.final_url, attribute(inside, "href").strip())
        if url:
            title = " ".join(attribute(inside, "title").split())[:_LONGEST]
            found.setdefault(url, OfferedFeed(url, title))
    return tuple(found.values())[:_MOST]


def _joined(base: str, href: str) -> str:
    try:
        url = urljoin(base, href) if href else ""
    except ValueError:
        return ""
    return url if url.startswith(("http://", "https://")) else ""
