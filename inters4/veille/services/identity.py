"""How findings are recognised: DOI, PMID, address, GUID, and a likeness that only suggests.

Every function here is pure and forgiving: what is not an identifier gives an empty text, never an
error, because feeds are written by anyone.
"""

import hashlib
import re
import unicodedata
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from inters4.core.clock import now

FIRST_YEAR = 1800
"""As in files and in the search."""
LONGEST_WRITTEN = 2_000
"""What is longer holds no identifier and is no address: strangers write it, and wait for us."""
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d{1,9}){0,4}/[^\s\"<>]++")
_LONGEST_DOI = 300
_LONGEST_PAGE_OF_DOI = 400
_LONG_HOST = re.compile(r"[^/?#]*+//[^/?#]{300}")
"""Nothing resolves it, and normalising its signs costs the square of its length."""
_UNSEEN = dict.fromkeys(map(ord, "\t\r\n"))
_CLOSINGS = {")": "(", "]": "["}
_PMID = re.compile(r"(?:pmid|pubmed)\s*+(?:[:=]\s*+)?0*+([1-9]\d{0,8})(?!\d)", re.IGNORECASE)
_PMID_ALONE = re.compile(r"0*([1-9]\d{0,8})")
_PUBMED = re.compile(
    r"https?://(?:(?:www\.)?pubmed\.(?:ncbi\.nlm\.nih\.)?gov"
    r"|(?:www\.)?ncbi\.nlm\.nih\.gov/(?:m/)?pubmed)/0*([1-9]\d{0,8})(?!\d)",
    re.IGNORECASE,
)
_PAGE_OF_DOI = re.compile(
    r"/(?:full(?:text)?|e?pdf|abstract|html|meta|summary|references|figures|tables)/?$",
    re.IGNORECASE,
)
_PREPRINT = re.compile(r"v\d+(?:\.(?:full|abstract)(?:[.-]text|\.pdf)?)?$", re.IGNORECASE)
_TRACKING = re.compile(
    r"(?:utm_|mtm_|pk_|hsa_|at_|mc_|_hs|oly_|vero_|wt\.).+"
    r"|fbclid|gclid|dclid|msclkid|twclid|yclid|igshid|gbraid|wbraid|_ga|_gl|xtor|mkt_tok"
    r"|dgcid|af|rss|s_cid|cmpid|sfmc_id|ncid|trk|spm|sessionid|jsessionid|phpsessid",
    re.IGNORECASE,
)
_SESSION = re.compile(r";jsessionid=[^/?]*", re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LONGEST_GUID = 500
_SHORTEST_LIKENESS = 12
_MOST_PARAMETERS = 100
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
INITIALS = re.compile(r"(?:[A-ZÀ-Þ]\.?-?){1,3}")


def normalise_doi(written: str) -> str:
    """The DOI that `written` holds, in small letters without its resolver; empty without one.

    Accepts a bare DOI, « doi:10… », an address of doi.org, or the page of a publisher whose path
    holds it.
    """
    text = _bounded(written)
    address = _split(text)
    found = _DOI.search(unquote(address.path) if address else text)
    if found is None or len(found[0]) > _LONGEST_PAGE_OF_DOI:
        return ""
    doi = found[0].lower()
    if address:
        doi = _PAGE_OF_DOI.sub("", doi)
        doi = _PREPRINT.sub("", doi) if doi.startswith("10.1101/") else doi
    doi = _without_loose_brackets(doi.rstrip(".,;:'’»"))
    return doi if len(doi) <= _LONGEST_DOI and not doi.endswith("/") else ""


def normalise_pmid(written: str) -> str:
    """The number of PubMed that `written` holds, without zeros before it; empty without one.

    Accepts the bare number, « PMID: 1 », « pubmed:1 », or an address of PubMed.
    """
    text = _bounded(written)
    found = _PMID_ALONE.fullmatch(text) or _PUBMED.match(text)
    if found is None and "://" not in text:
        found = _PMID.search(text)
    return found[1] if found else ""


def canonical_url(written: str) -> str:
    """`written` without what only says where the reader came from; empty unless http(s)."""
    parts = _split(_bounded(written))
    host = (parts.hostname or "").rstrip(".").lower() if parts else ""
    if parts is None or not host:
        return ""
    shown = f"[{host}]" if ":" in host else host
    if parts.port not in {None, _DEFAULT_PORTS[parts.scheme]}:
        shown = f"{shown}:{parts.port}"
    query = "" if host.endswith("pubmed.ncbi.nlm.nih.gov") else _kept_query(parts.query).rstrip()
    path = _SESSION.sub("", parts.path) or "/"
    return f"{parts.scheme}://{shown}{path}{'?' if query else ''}{query}".rstrip()


def url_key(written: str) -> str:
    """What two writings of one address share: no scheme, no « www. », no last slash."""
    url = canonical_url(written)
    return url.partition("://")[2].removeprefix("www.").rstrip("/") if url else ""


def is_front_page(key: str) -> bool:
    """True when the `url_key` names a whole site, not something on it."""
    return "/" not in key and "?" not in key


def guid_key(guid: str, *, source: str, url: str = "") -> str:
    """The key of a GUID of a feed; with `url` for one that the feed gives to several entries."""
    written = " ".join(guid.split())
    if not written:
        return ""
    if url:
        written = f"{written} {url_key(url)}"
    if len(written) > _LONGEST_GUID:
        written = hashlib.sha256(written.encode()).hexdigest()
    return f"{source}:{written}"


def own_key(title: str, *, author: str, day: str, source: str) -> str:
    """The key, in its source, of what says nothing surer of itself; empty without a title.

    A title without a letter or a digit (« … ») counts as it is written.
    """
    name = folded(title) or " ".join(title.split())
    if not name:
        return ""
    said = f"{name}|{folded(author)}|{day}"
    return f"{source}:={hashlib.sha256(said.encode()).hexdigest()}"


def likeness(title: str, *, author: str, year: int | None) -> str:
    """What a finding shares with its doubles: title, family name of the first author and year.

    Empty for a title that is too short to say anything.
    """
    name = folded(title)
    if len(name) < _SHORTEST_LIKENESS:
        return ""
    said = f"{name}|{folded(_family(author))}|{year or ''}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def folded(text: str) -> str:
    """Words of `text` in small letters without accents, one space between: what is compared."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    kept = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(re.findall(r"\w+", kept))


def is_year(number: int) -> bool:
    """True of a year in which an article may appear: feeds write any number there."""
    return FIRST_YEAR <= number <= now().year + 1


def _bounded(written: str) -> str:
    return written.strip() if len(written) <= LONGEST_WRITTEN else ""


def _without_loose_brackets(doi: str) -> str:
    """`doi` without the brackets that end it and that it does not open, in one pass."""
    loose = {closing: doi.count(closing) - doi.count(opens) for closing, opens in _CLOSINGS.items()}
    end = len(doi)
    while end and loose.get(doi[end - 1], 0) > 0:
        loose[doi[end - 1]] -= 1
        end -= 1
        while end and doi[end - 1] in ".,;:":
            end -= 1
    return doi[:end]


def _split(written: str) -> SplitResult | None:
    """An address cut in pieces, None for anything but a readable http(s) one."""
    if _LONG_HOST.match(written.translate(_UNSEEN)):
        return None
    try:
        parts = urlsplit(written)
        is_readable = parts.scheme in _DEFAULT_PORTS and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return parts if is_readable else None


def _family(author: str) -> str:
    """« Tremblay » of « Tremblay, Marie », « Marie Tremblay » and « Tremblay MC »."""
    if "," in author:
        return author.partition(",")[0]
    words = author.split()
    while len(words) > 1 and INITIALS.fullmatch(words[-1]):
        words.pop()
        if not any(INITIALS.fullmatch(word) for word in words):
            return " ".join(words)
    return words[-1] if words else ""


def _kept_query(query: str) -> str:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        return query
    kept = [(name, value) for name, value in pairs if not _TRACKING.fullmatch(name)]
    return query if len(kept) == len(pairs) else urlencode(kept)
