"""Small pieces of HTML built from values: each text and attribute is escaped, none is trusted."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup, escape

_TAG = re.compile(r"[a-z][a-z0-9]*")
# JSON inside a page: nothing in it may end the script or start another element.
_JSON_ESCAPES = str.maketrans(
    {
        character: f"\\u{ord(character):04x}"
        for character in "<>&\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}"
    }
)


def element(tag: str, content: str = "", **attributes: str) -> Markup:
    """`<tag name="…">content</tag>`; `content` is escaped unless it is an element already.

    Raises:
        ValueError: `tag` is no name of an element.
    """
    if not _TAG.fullmatch(tag):
        raise ValueError(f"not an element: {tag!r}")
    named = "".join(f' {name.rstrip("_")}="{escape(value)}"' for name, value in attributes.items())
    return Markup(f"<{tag}{named}>{escape(content)}</{tag}>")  # noqa: S704


def joined(pieces: Iterable[str]) -> Markup:
    """The pieces one after the other, each escaped unless it is an element."""
    return Markup("").join(pieces)


def json_script(data: Mapping[str, Any], *, kind: str) -> Markup:
    """A `<script type="kind">` of data, which nothing in it can end.

    It is never run: no content security policy forbids it.
    """
    body = json.dumps(data, ensure_ascii=False).translate(_JSON_ESCAPES)
    return element("script", Markup(body), type=kind)  # noqa: S704


def with_ids(drawn: Iterable[Markup], *, target: str, name: str) -> list[Markup]:
    """Pieces of one text, where the first link to each `#target-N` has the id `name-N`."""
    seen: set[str] = set()

    def named(found: re.Match[str]) -> str:
        number = found[1]
        if number in seen:
            return found[0]
        seen.add(number)
        return f'{found[0]} id="{name}-{number}"'

    links = re.compile(rf'<a href="#{re.escape(target)}-(\d+)"')
    return [Markup(links.sub(named, str(piece))) for piece in drawn]  # noqa: S704
