"""Sources of a watch as OPML: folders as they were brought, themes in `category`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from inters4.veille.models import Source

MEDIA_TYPE = "text/x-opml"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(slots=True)
class _Folder:
    """A folder, with what it holds."""

    folders: dict[str, "_Folder"] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)


def write_opml(title: str, sources: Iterable[Source]) -> str:
    """`sources`, their themes loaded, as a file that this portal and other readers take in."""
    root = _Folder()
    for source in sources:
        place = root
        for name in source.category:
            place = place.folders.setdefault(name, _Folder())
        place.sources.append(source)
    body = "".join(_lines(root, depth=2))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n'
        f"  <head><title>{_text(title)}</title></head>\n  <body>\n{body}  </body>\n</opml>\n"
    )


def _lines(folder: _Folder, *, depth: int) -> Iterable[str]:
    margin = "  " * depth
    for source in folder.sources:
        yield f"{margin}<outline {_attributes(source)}/>\n"
    for name, inner in folder.folders.items():
        yield f"{margin}<outline text={_quoted(name)}>\n"
        yield from _lines(inner, depth=depth + 1)
        yield f"{margin}</outline>\n"


def _attributes(source: Source) -> str:
    said = {
        "type": "rss",
        "text": source.name,
        "title": source.name,
        "xmlUrl": source.url,
        "htmlUrl": source.site_url,
        "language": source.language,
        "category": ",".join("/" + row.theme.replace(".", "/") for row in source.themes),
    }
    kept = {key: value for key, value in said.items() if value or key == "category"}
    return " ".join(f"{key}={_quoted(value)}" for key, value in kept.items())


def _quoted(value: str) -> str:
    return quoteattr(_ILLEGAL.sub("", value))


def _text(title: str) -> str:
    return escape(_ILLEGAL.sub("", title))
