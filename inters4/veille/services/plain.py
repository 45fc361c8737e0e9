"""Plain text out of what feeds write: titles and abstracts are shown and compared bare."""

import re
from html import unescape
from html.parser import HTMLParser

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
        reader = _Reader()
        reader.feed(html)
        reader.close()
        html = "".join(reader.pieces)
    written = unescape(html) if "&" in html else html
    return _LINES.sub("\n", _SPACES.sub(" ", written)).strip()[:longest].rstrip()


def line_of(html: str, *, longest: int) -> str:
    """The same on one line."""
    return " ".join(text_of(html, longest=longest).split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BREAKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BREAKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(data)
