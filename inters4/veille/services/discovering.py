"""The feeds that a page of a site says it has: whoever adds a source seldom knows their address."""

import codecs
import re
from contextlib import suppress
from urllib.parse import urljoin

from inters4.core.fetch import Fetched
from inters4.core.values import dataclass
from inters4.veille.services.markup import attribute, pieces_of
from inters4.veille.services.plain import line_of

_READ, _HEAD = 300_000, 4_096
_MOST = 20
_LONGEST = 200
_CHARSET = re.compile(
    r"charset\s*=\s*[\"']?(utf-?8|utf-?16|iso-?8859-\d{1,2}|windows-125\d|latin-?1)\b",
    re.IGNORECASE,
)
"""Those that pages really use: others only hide what they say."""
_KINDS = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})


@dataclass(frozen=True, slots=True)
class OfferedFeed:
    """A feed that a page names; `name` is empty when it says nothing of it."""

    url: str
    name: str


def feeds_of_page(fetched: Fetched) -> tuple[OfferedFeed, ...]:
    """Those of its `link rel=alternate`, each once, in its order; none for what is no page."""
    found: dict[str, OfferedFeed] = {}
    base = ""
    for name, inside, _words in pieces_of(_text_of(fetched)):
        if name == "base" and not base:
            base = _joined(fetched.final_url, attribute(inside, "href").strip())
        if name != "link" or "alternate" not in attribute(inside, "rel").lower().split():
            continue
        if attribute(inside, "type").lower().strip() not in _KINDS:
            continue
        url = _joined(base or fetched.final_url, attribute(inside, "href").strip())
        if url:
            title = line_of(attribute(inside, "title"), longest=_LONGEST)
            found.setdefault(url, OfferedFeed(url, title))
    return tuple(found.values())[:_MOST]


def _text_of(fetched: Fetched) -> str:
    """The head of the page, in the encoding that it or its server says; or else the usual two."""
    body = fetched.body[:_READ]
    said = _CHARSET.search(fetched.content_type) or _CHARSET.search(body[:_HEAD].decode("latin-1"))
    for encoding in (said[1] if said else "utf-8", "utf-8"):
        with suppress(LookupError, UnicodeError):
            # the cut may fall in the middle of a sign
            return codecs.getincrementaldecoder(encoding)().decode(body)
    return body.decode("cp1252", errors="replace")


def _joined(base: str, href: str) -> str:
    try:
        url = urljoin(base, href) if href else ""
    except ValueError:
        return ""
    return url if url.startswith(("http://", "https://")) else ""
