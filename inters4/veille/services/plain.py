"""Plain text out of what feeds write: titles and abstracts are shown and compared bare."""

import re

from inters4.veille.services.markup import entities_read, pieces_of

_SILENT = frozenset({"script", "style", "template", "noscript", "head", "svg"})
_BREAKS = frozenset(
    {"p", "div", "br", "li", "tr", "table", "ul", "ol", "section", "article", "blockquote", "hr"}
    | {f"h{level}" for level in range(1, 7)}
)
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")


def text_of(html: str, *, longest: int) -> str:
    """The words of `html`, a line break between blocks, cut at `longest` characters.

    Entities written twice, as many feeds do, are read twice.
    """
    if "<" in html:
        html = _words(html)
    return _LINES.sub("\n", _SPACES.sub(" ", entities_read(html))).strip()[:longest].rstrip()


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
