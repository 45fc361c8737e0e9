"""Markup that anyone wrote cut in pieces, in a time that grows with its length alone.

Parsers that follow every rule of HTML try again from each opening sign that is never closed: a
short paste holds a machine for minutes. Here a sign that opens nothing is a sign, and one pass is
all.
"""

import re
from collections.abc import Iterator
from html import unescape

_TAG = re.compile(
    r"<(?:"
    r"(?P<name>/?[a-zA-Z][a-zA-Z0-9]*+)(?P<inside>(?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+)"
    r"|(?P<loose>/?[a-zA-Z][a-zA-Z0-9]*+)(?P<rest>[^<>]*+)"
    r"|!\[CDATA\[|[!?][^<>]*+"
    r")(?:>|(?<=<!\[CDATA\[))"
    r"|\]\]>"
)
_ATTRIBUTE = r"(?:^|[\s\"'/]){}\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'<>]++))"
_TOO_GREAT = re.compile(r"&#\d{8,}+;?")


def pieces_of(html: str) -> Iterator[tuple[str, str, str]]:
    """Each tag of `html` with the words after it: its name, « /a » when it closes, and its inside.

    The first piece, and what is a mark of something else, have no name. Comments are left out;
    words keep their entities.
    """
    kept = _uncommented(html)
    name, inside, start = "", "", 0
    for tag in _TAG.finditer(kept):
        yield name, inside, kept[start : tag.start()]
        name = (tag["name"] or tag["loose"] or "").lower()
        inside, start = tag["inside"] or tag["rest"] or "", tag.end()
    yield name, inside, kept[start:]


def attribute(inside: str, name: str) -> str:
    """What an attribute says inside a tag; empty without it."""
    found = re.search(_ATTRIBUTE.format(name), inside, re.IGNORECASE)
    return entities_read(found[1] or found[2] or found[3] or "") if found else ""


def entities_read(text: str) -> str:
    """`text` with its entities read; a number that no sign has is the sign of what is lost."""
    return unescape(_TOO_GREAT.sub("\ufffd", text)) if "&" in text else text


def _uncommented(html: str) -> str:
    first, *rest = html.split("<!--")
    return first + "".join(piece.partition("-->")[2] for piece in rest)
