"""The child process that parses feeds, one after the other, under limits.

Run as a script, alone: it imports nothing of ours, so it starts quickly and holds nothing worth
stealing. Frames on standard input and output are a length (4 bytes, big-endian) and that many
bytes. A request is two frames, JSON then the body; an answer is one frame of JSON, with either
`feed` or `refusal`. The parent kills and replaces a child that answers late or not at all.
"""

import calendar
import codecs
import html.entities
import io
import json
import re
import resource
import struct
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

import feedparser
from feedparser import sanitizer

MAX_ENTRIES = 1_000
MAX_TEXT = 100_000
MAX_SHORT_TEXT = 2_000
MAX_LIST = 50
MAX_DEPTH = 100
# The encodings that feeds really use. Others (UTF-7 above all) only serve to hide markup.
_ENCODINGS = re.compile(
    r"utf-?8|utf-?16(?:-?[lb]e)?|us-ascii|ascii|iso-?8859-\d{1,2}|latin-?1|windows-125\d|cp125\d"
    r"|koi8-[ru]|macintosh|mac-roman|shift[_-]jis|euc-(?:jp|kr)|iso-2022-jp|gb2312|gbk|gb18030|big5"
)
_ONE_BYTE = re.compile(r"us-ascii|ascii|iso-?8859.*|latin.*|windows-.*|cp125\d|koi8-.|mac.*")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARATION = re.compile(r"^\s*<\?xml\b[^>]{0,200}?\?>")
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)
_PROLOG = re.compile(r"(?:\s+|<\?(?:[^?]|\?(?!>))*\?>|<!--(?:[^-]|-(?!->))*-->)*")
_DOCTYPE = re.compile(r"<!DOCTYPE(?:[^>\[\"']|\"[^\"]*\"|'[^']*')*(?P<end>[>\[])", re.IGNORECASE)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_NUMBERED = re.compile(r"&#(?:[xX]0*+(?P<hex>[0-9a-fA-F]++)|0*+(?P<dec>[0-9]*+));")
_HALVES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LOST = "\ufffd"
_LINK = (("href", MAX_SHORT_TEXT), ("rel", 40), ("type", 100))
_TYPES = ("dc_type", "prism_genre", "prism_section", "prism_contenttype")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_TAG = re.compile(
    r"<(?:!\[CDATA\[.*?\]\]>|!--.*?-->|\?.*?\?>|(/?)[A-Za-z_][^<>]*?(/?)>)", re.DOTALL
)


class Refusal(Exception):
    """The body is not a feed that this room reads; `args[0]` says why in one word."""


def main() -> None:
    """Answer requests until standard input closes."""
    memory, seconds = (int(argument) for argument in sys.argv[1:3])
    for name, most in {"AS": memory, "CORE": 0, "FSIZE": 0}.items():
        with suppress(ValueError, OSError):  # macOS knows no limit on address space
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while (request := _read_frame(source)) is not None:
        body = _read_frame(source) or b""
        _allow_seconds(seconds)
        answer = _answer(body, **json.loads(request))
        sink.write(struct.pack(">I", len(answer)) + answer)
        sink.flush()


def _read_frame(source: BinaryIO) -> bytes | None:
    head = source.read(4)
    return source.read(struct.unpack(">I", head)[0]) if len(head) == struct.calcsize(">I") else None


def _allow_seconds(seconds: int) -> None:
    """Let this request, and not the sum of all, use so many seconds of processor."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    with suppress(ValueError, OSError):
        soft = int(used.ru_utime + used.ru_stime) + seconds + 1
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _answer(body: bytes, *, content_type: str, url: str) -> bytes:
    try:
        result: dict[str, Any] = {"feed": parse(body, content_type=content_type, url=url)}
    except Refusal as refusal:
        result = {"refusal": refusal.args[0]}
    except RecursionError:
        result = {"refusal": "nested"}
    except MemoryError:
        result = {"refusal": "memory"}
    except Exception:  # noqa: BLE001  (whatever a hostile feed breaks, the parent must hear of it)
        result = {"refusal": "unreadable"}
    return json.dumps(result).encode()


def parse(body: bytes, *, content_type: str, url: str) -> dict[str, Any]:
    """The feed in `body` as plain JSON.

    Raises:
        Refusal: not a feed, nested too deep, or with a DOCTYPE that declares things.
    """
    text = _ILLEGAL.sub("", decode(body, content_type))
    if text.lstrip().startswith("{"):
        return _from_json_feed(text)
    return _from_xml(text, url)


def decode(body: bytes, content_type: str) -> str:
    """`body` as text: mark of order, then what HTTP says, then XML, then UTF-8, then CP1252.

    What is valid UTF-8 is UTF-8, whoever says that each of its bytes is a sign.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    if body[:4] in {b"\x00<\x00?", b"<\x00?\x00"}:
        return body.decode("utf-16-be" if body[0] == 0 else "utf-16-le", "replace")
    said = [found[1] for found in (_CHARSET.search(content_type),) if found]
    said += [found[1].decode("ascii") for found in (_DECLARED.match(body),) if found]
    for name in [*said, "utf-8", "cp1252"]:
        lowered = name.lower()
        if _ENCODINGS.fullmatch(lowered):
            # Browsers and feeds alike say latin-1 for its superset.
            codec = "cp1252" if lowered in {"iso-8859-1", "latin-1", "latin1"} else lowered
            for tried in ("utf-8", codec) if _ONE_BYTE.fullmatch(lowered) else (codec,):
                with suppress(UnicodeError, LookupError):
                    return _read_as(tried, body)
    return body.decode("cp1252", "replace")


def _read_as(codec: str, body: bytes) -> str:
    """UTF-8 of which few signs are damaged, cut in their middle for instance, remains UTF-8."""
    if codec in {"utf-8", "utf8"}:
        text, known = (body.decode("utf-8", errors) for errors in ("replace", "ignore"))
        if 4 * (len(text) - len(known)) <= len(known) - len(known.encode("ascii", "ignore")):
            return text
    return body.decode(codec)


def _from_xml(text: str, url: str) -> dict[str, Any]:
    source = _without_doctype(_DECLARATION.sub("", text, count=1))
    _check_depth(source)
    source = _numbers_mended(_NAMED.sub(_character, source))
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    found = feedparser.parse(io.BytesIO(source.encode()), response_headers=headers)
    if not found.version and not found.entries:
        raise Refusal("unreadable")
    feed = found.feed
    return {
        "version": found.version,
        "title": _text(feed.get("title")),
        "link": _text(feed.get("link"), MAX_SHORT_TEXT),
        "language": _text(feed.get("language"), 35),
        "description": _text(feed.get("subtitle")),
        "ttl_minutes": _minutes(feed),
        "entries": [_xml_entry(entry) for entry in found.entries[:MAX_ENTRIES]],
        "is_malformed": bool(found.bozo),
        "is_truncated": len(found.entries) > MAX_ENTRIES,
    }


def _without_doctype(text: str) -> str:
    """Drop a DOCTYPE that only names a document type; refuse one that declares anything."""
    prolog = _PROLOG.match(text)
    start = prolog.end() if prolog else 0
    found = _DOCTYPE.match(text, start)
    if found is None:
        if text[start : start + 9].upper() == "<!DOCTYPE":
            raise Refusal("doctype")
        rest = text
    elif found["end"] == "[":
        raise Refusal("doctype")
    else:
        rest = text[:start] + text[found.end() :]
    first_element = re.search(r"<\w", rest)
    if re.search(r"<!(?:ENTITY|DOCTYPE)", rest[: first_element.start() if first_element else None]):
        raise Refusal("doctype")
    return rest


def _check_depth(text: str) -> None:
    depth = 0
    for found in _TAG.finditer(text):
        if found[1] is None or found[2]:
            continue
        depth += -1 if found[1] else 1
        if depth > MAX_DEPTH:
            raise Refusal("nested")


def _character(found: re.Match[str]) -> str:
    """Names of characters that only a document type would have declared."""
    name = found[1]
    known = html.entities.html5.get(f"{name};")
    return found[0] if name in _XML_NAMES or known is None else known


def _numbers_mended(text: str) -> str:
    """`text` without references to signs that no XML has: one would refuse the whole feed.

    Two halves of a sign, as some programs write an emoji, make it whole.
    """
    if "&#" not in text:
        return text
    found = _NUMBERED.sub(_numbered, text)
    found = _HALVES.sub(
        lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), found
    )
    return _ILLEGAL.sub(_LOST, found)


def _numbered(found: re.Match[str]) -> str:
    digits, base = (found["hex"], 16) if found["hex"] is not None else (found["dec"] or "0", 10)
    number = int(digits, base) if len(digits) <= 7 else sys.maxunicode + 1
    if number > sys.maxunicode:
        return _LOST
    sign = chr(number)
    return sign if _ILLEGAL.match(sign) else found[0]


def _xml_entry(entry: Any) -> dict[str, Any]:
    contents = [content.get("value", "") for content in entry.get("content", ())]
    links = [
        [_text(link.get(name), most) for name, most in _LINK]
        for link in entry.get("links", ())[:MAX_LIST]
    ]
    people = [person.get("name") for person in entry.get("authors", ())] or [entry.get("author")]
    source = entry.get("dc_source") or entry.get("prism_publicationname")
    return {
        "id": _text(entry.get("id"), MAX_SHORT_TEXT),
        "title": _text(entry.get("title"), MAX_SHORT_TEXT),
        "link": _text(entry.get("link"), MAX_SHORT_TEXT),
        "links": links,
        "authors": _texts(people),
        "published": _instant(entry.get("published_parsed")),
        "updated": _instant(entry.get("updated_parsed")),
        "summary": _text(max([entry.get("summary") or "", *contents], key=len)),
        "language": _text(entry.get("dc_language") or entry.get("language"), 35),
        "tags": _texts([tag.get("term") for tag in entry.get("tags", ())]),
        "types": _texts([entry.get(name) for name in _TYPES]),
        "rights": _text(entry.get("rights"), MAX_SHORT_TEXT),
        "identifiers": _texts([entry.get("dc_identifier"), entry.get("prism_doi")]),
        "source": _text(source or entry.get("source", {}).get("title"), MAX_SHORT_TEXT),
        "volume": _text(entry.get("prism_volume"), 40),
        "number": _text(entry.get("prism_number") or entry.get("prism_issueidentifier"), 40),
        "pages": _pages(entry),
    }


def _pages(entry: Any) -> str:
    ends = (entry.get("prism_startingpage"), entry.get("prism_endingpage"))
    return "-".join(_texts(list(dict.fromkeys(ends)))) or _text(entry.get("prism_pagerange"), 40)


def _from_json_feed(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except ValueError:
        raise Refusal("unreadable") from None
    version = _text(data.get("version"), 100)
    items = data.get("items")
    if "jsonfeed.org/version/1" not in version or not isinstance(items, list):
        raise Refusal("unreadable")
    entries = [_json_entry(item) for item in items[:MAX_ENTRIES] if isinstance(item, dict)]
    return {
        "version": "json1",
        "title": _text(data.get("title")),
        "link": _text(data.get("home_page_url"), MAX_SHORT_TEXT),
        "language": _text(data.get("language"), 35),
        "description": _text(data.get("description")),
        "ttl_minutes": None,
        "entries": entries,
        "is_malformed": len(entries) != len(items[:MAX_ENTRIES]),
        "is_truncated": len(items) > MAX_ENTRIES,
    }


def _json_entry(item: dict[str, Any]) -> dict[str, Any]:
    url = _text(item.get("url") or item.get("external_url"), MAX_SHORT_TEXT)
    rich = _text(item.get("content_html"))
    if rich:
        summary = sanitizer._sanitize_html(rich, "utf-8", "text/html")  # noqa: SLF001
    else:
        summary = html.escape(_text(item.get("content_text")) or _text(item.get("summary")))
    people = item.get("authors") or [item.get("author")]
    return {
        "id": _text(item.get("id"), MAX_SHORT_TEXT),
        "title": html.escape(_text(item.get("title"), MAX_SHORT_TEXT), quote=False),
        "link": url,
        "links": [[url, "alternate", "text/html"]] if url else [],
        "authors": _texts([one.get("name") for one in _list(people) if isinstance(one, dict)]),
        "published": _iso(item.get("date_published")),
        "updated": _iso(item.get("date_modified")),
        "summary": summary,
        "language": _text(item.get("language"), 35),
        "tags": _texts(_list(item.get("tags"))),
        **dict.fromkeys(("identifiers", "types"), ()),
        **dict.fromkeys(("source", "rights", "volume", "number", "pages"), ""),
    }


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any, limit: int = MAX_TEXT) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return _ILLEGAL.sub("", str(value)).strip()[:limit]


def _texts(values: list[Any]) -> list[str]:
    found = (_text(value, MAX_SHORT_TEXT) for value in values[:MAX_LIST])
    return [text for text in found if text]


def _minutes(feed: Any) -> int | None:
    written = _text(feed.get("ttl"), 10)
    return int(written) if written.isascii() and written.isdigit() else None


def _instant(parsed: Any) -> str | None:
    """ISO 8601 in UTC of what feedparser read, None for an impossible date."""
    if parsed is None:
        return None
    with suppress(ValueError, OverflowError, TypeError):
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=calendar.timegm(parsed))
        return moment.isoformat()
    return None


def _iso(written: Any) -> str | None:
    with suppress(ValueError, OverflowError):
        moment = datetime.fromisoformat(_text(written, 40))
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat()
    return None


if __name__ == "__main__":
    main()
