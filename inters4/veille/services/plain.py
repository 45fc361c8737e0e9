"""Plain text out of what feeds write: titles and abstracts are shown and compared bare."""

import re

from inters4.veille.services.markup import entities_read, pieces_of

_SILENT = frozenset({"script", "style", "template", "noscript", "head", "svg"})
_BREAKS = frozenset(
    {"p", "div", "br", "li", "tr", "table", "ul", "ol", "section", "article", "blockquote", "hr"}
    | {f"h{level}" for level in range(1, 7)}
)
_SPACES = re.compile(r"[^\S\n]+")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Signs that turn or hide others: a title read backwards, or that no search finds, deceives. Those
that join letters stay, for the languages that need them."""
_LINES = re.compile(r"\s*\n\s*")


def text_of(html: str, *, longest: int) -> str:
    """The words of `html`, a line break between blocks, cut at `longest` characters.

    Entities written twice, as many feeds do, are read twice. Signs that nobody sees are left out.
    """
    if "<" in html:
        html = _words(html)
    seen = _UNSEEN.sub("", entities_read(html).replace("\r", "\n"))
    return _LINES.sub("\n", _SPACES.sub(" ", seen)).strip()[:longest].rstrip()


def line_of(html: str, *, longest: int) -> str:
    """The same on one line."""
    return " ".join(text_of(html, longest=longest).split())


def _words(html: str) -> str:
    found: list[str] = []
    silent = ""
    for name, _inside, words in pieces_of(html):
        if silent:
            if name != f"/{silent}":
                continue
            silent = ""
        elif name in _SILENT:
            silent = name
            continue
        if name.removeprefix("/") in _BREAKS:
            found.append("\n")
        found.append(entities_read(words))
    return "".join(found)
