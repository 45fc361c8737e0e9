"""People who are named in a text that is shown: « @ » and a name, told apart from the rest."""

import re
from collections.abc import Collection
from html import escape

from markupsafe import Markup

_PIECE = re.compile(r"""<(/?)([a-zA-Z0-9]+)(?:[^<>"]|"[^"]*")*>""")
_VERBATIM = {"a", "code", "pre", "kbd"}


def with_people(html: Markup, names: Collection[str]) -> Markup:
    """The same HTML, where `@name` is in an element of its own.

    `html` comes from this room; links and code stay as they are.
    """
    if not names or "@" not in html:
        return html
    known = "|".join(_as_written(name) for name in sorted(names, key=len, reverse=True))
    named = re.compile(rf"(?<![\w.@/])@(?:{known})(?!\w)", re.IGNORECASE)
    text = str(html)
    pieces: list[str] = []
    place = depth = 0
    for tag in _PIECE.finditer(text):
        pieces.append(_marked(named, text[place : tag.start()], is_plain=depth == 0))
        pieces.append(tag[0])
        place = tag.end()
        if tag[2] in _VERBATIM:
            depth = max(0, depth + (-1 if tag[1] else 1))
    pieces.append(_marked(named, text[place:], is_plain=depth == 0))
    return Markup("".join(pieces))  # noqa: S704  (one element added to what was clean)


def _marked(named: re.Pattern[str], text: str, *, is_plain: bool) -> str:
    return named.sub(r'<span class="mention">\g<0></span>', text) if is_plain else text


def _as_written(name: str) -> str:
    words = (re.escape(escape(word, quote=False)) for word in name.split())
    return r"(?: |\u00a0|&nbsp;)".join(words)
