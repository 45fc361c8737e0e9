"""Articles recognised in the text of an e-mail alert, for a person to confirm."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from inters4.core.values import dataclass
from inters4.veille.forms.alert_lines import SHORTEST_TITLE, titled_lines
from inters4.veille.services.identity import canonical_url, normalise_doi, normalise_pmid, url_key
from inters4.veille.services.markup import attribute, entities_read, pieces_of

MOST_LINKS = 200
LONGEST_ALERT = 500_000
_NOT_ARTICLES = re.compile(
    r"unsubscribe|se d[ée]sabonner|d[ée]sinscri|preferences|pr[ée]f[ée]rences|privacy|"
    r"confidentialit|view (?:this|in)|voir (?:ce|dans)|manage|g[ée]rer|cancel|annuler|"
    r"list alerts|see all|tout voir|twitter|facebook|linkedin|"
    r"^(?:similar|related) articles?$|^articles? (?:similaires?|connexes?)$|"
    r"^(?:free )?(?:full text|pmc article)$|^texte int[ée]gral$|"
    r"^(?:read|view|see|lire|voir|consulter) (?:the |this |full |l[’']|le |la |en )*"
    r"(?:article|abstract|text|texte|suite|r[ée]sum[ée]|ligne)s?(?: complet| int[ée]gral)?$",
    re.IGNORECASE,
)
_WRAPPERS = {
    "scholar.google": "url",
    "safelinks.protection.outlook.com": "url",
    "www.google.": "url",
}
_MARKS = re.compile(r"^(?:\[(?:PDF|HTML|BOOK|CITATION|LIVRE)\]\s*|[-*•\d.)]+\s+)+")


@dataclass(frozen=True, slots=True)
class AlertLink:
    """What may be an article: its title and where it is."""

    title: str
    url: str
    doi: str = ""
    pmid: str = ""


def recognise(text: str) -> list[AlertLink]:
    """The articles that `text`, a mail as text or as HTML, seems to name; each address once."""
    text = text[:LONGEST_ALERT]
    pairs = (
        _anchors(text) if re.search(r"<a\s[^<>]*href", text, re.IGNORECASE) else titled_lines(text)
    )
    found: dict[str, AlertLink] = {}
    for title, address in pairs:
        link = _link(title, address)
        if link is not None:
            found.setdefault(link.doi or link.pmid or url_key(link.url), link)
        if len(found) >= MOST_LINKS:
            break
    return list(found.values())


def _link(title: str, address: str) -> AlertLink | None:
    title = _MARKS.sub("", " ".join(title.split())).strip(" :<>-–—|").strip()
    url = canonical_url(unwrapped(address))
    if not url or len(title) < SHORTEST_TITLE or _NOT_ARTICLES.search(title):
        return None
    return AlertLink(title[:500], url, normalise_doi(url), normalise_pmid(url))


def unwrapped(address: str) -> str:
    """Where a link leads once the service that counts clicks is taken off."""
    for _turn in range(3):
        try:
            parts = urlsplit(address)
            host = parts.hostname or ""
            name = next((one for mark, one in _WRAPPERS.items() if mark in host), "")
            inner = parse_qs(parts.query, max_num_fields=50).get(name, [""])[0] if name else ""
        except ValueError:
            return ""
        if not inner.startswith(("http://", "https://")):
            return address
        address = inner
    return address


def _anchors(html: str) -> Iterator[tuple[str, str]]:
    address, words = "", list[str]()
    for name, inside, after in pieces_of(html):
        if name in {"a", "/a"}:
            if address:
                yield entities_read("".join(words)), address
            address, words = attribute(inside, "href") if name == "a" else "", []
        if address:
            words.append(after)
    if address:
        yield entities_read("".join(words)), address
