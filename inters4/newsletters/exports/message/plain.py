"""HTML of a message as the text that its other part says: words, lists, addresses in full."""

import re
import textwrap
from html.parser import HTMLParser

WIDTH = 72
_SPACES = re.compile(r"[^\S\u00a0\u202f]+")
_BLOCKS = frozenset(
    {"p", "div", "ul", "ol", "li", "blockquote", "pre", "table", "tr", "hr", "dl", "dt", "dd"}
    | {f"h{level}" for level in range(1, 7)}
)
_SILENT = frozenset({"head", "style", "title", "script"})
_UNDERLINED = {"h1": "=", "h2": "-"}


class _Lines(HTMLParser):
    """Collects paragraphs; each knows what stands before its first line and before the others."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._words: list[str] = []
        self._silent = 0
        self._lists: list[int | None] = []
        self._mark = ""
        self._quotes = 0
        self._rows = self._cells = 0
        self._is_close = False
        self._link = ""
        self._link_start = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_hidden = "preheader" in (given.get("class") or "")
        if tag in _SILENT or is_hidden or (self._silent and tag == "div"):
            self._silent += 1
        elif tag in _BLOCKS:
            self.end_block()
            self._begin(tag)
        elif tag == "br":
            self._words.append("\n")
        elif tag in {"td", "th"}:
            self._words.append(" | " if self._cells else "")
            self._cells += 1
        elif tag == "img":
            self._words.append(given.get("alt") or "")
        elif tag == "a":
            self._link, self._link_start = given.get("href") or "", len(self._words)

    def _begin(self, tag: str) -> None:
        if tag in {"ul", "ol"}:
            self._is_close = bool(self._lists)
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li" and self._lists:
            number = self._lists[-1]
            self._lists[-1] = None if number is None else number + 1
            self._mark = "- " if number is None else f"{number + 1}. "
        elif tag == "blockquote":
            self._quotes += 1
        elif tag == "table":
            self._rows = 0
        elif tag == "tr":
            self._is_close, self._cells = self._rows > 0, 0
            self._rows += 1

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            self._silent -= tag in _SILENT or tag == "div"
        elif tag in _BLOCKS:
            self.end_block(_UNDERLINED.get(tag, ""))
            if tag in {"ul", "ol"} and self._lists:
                self._lists.pop()
            elif tag == "blockquote":
                self._quotes = max(self._quotes - 1, 0)
            self._is_close = tag == "li"
        elif tag == "a" and self._link:
            said = "".join(self._words[self._link_start :]).strip()
            if said and not self._link.startswith("#") and said not in _spoken(self._link):
                self._words.append(f" <{self._link}>")
            self._link = ""

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._words.append(_SPACES.sub(" ", data))

    def end_block(self, underline: str = "") -> None:
        """What was collected is one paragraph."""
        lines = [_SPACES.sub(" ", line).strip(" ") for line in "".join(self._words).split("\n")]
        self._words.clear()
        if not any(lines):
            return
        indent = "> " * self._quotes + "  " * max(len(self._lists) - bool(self._mark), 0)
        first, rest = indent + self._mark, indent + " " * len(self._mark)
        wrapped = [
            textwrap.fill(
                line,
                WIDTH,
                initial_indent=rest if number else first,
                subsequent_indent=rest,
                break_long_words=False,
                break_on_hyphens=False,
            )
            for number, line in enumerate(lines)
            if line
        ]
        is_close = self._is_close and bool(self.found)
        self._mark, self._is_close = "", False
        longest = max(len(line) for one in wrapped for line in one.split("\n"))
        if underline:
            wrapped.append(underline * min(longest, WIDTH))
        self.found += [*([] if is_close else [""]), *wrapped]


def _spoken(link: str) -> set[str]:
    """What a link may say that is its own address."""
    bare = link.partition("://")[2] or link.partition("mailto:")[2]
    return {link, bare, bare.rstrip("/")}


def text_of(html: str) -> str:
    """The words of `html`, paragraphs apart, lines of at most 72 signs but for addresses."""
    reader = _Lines()
    reader.feed(html)
    reader.close()
    reader.end_block()
    return "\n".join(reader.found).strip("\n")
