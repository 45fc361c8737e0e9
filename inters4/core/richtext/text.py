"""HTML as words, for the index, excerpts and the text part of messages' summaries."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import nh3
from markupsafe import Markup

from inters4.core.richtext.cleaning import SILENT_TAGS, TAGS
from inters4.core.richtext.profiles import Profile
from inters4.core.richtext.rendering import render

_INLINE = {"em", "strong", "del", "sub", "sup", "u", "b", "i", "code", "kbd", "a"}
_KEPT = TAGS | {"h1", "section", "article", "figure", "figcaption", "option", "header", "footer"}
_STOPS = ".!?:;,…"
_SPACES = re.compile(r"[^\S\n]*\n\s*|[^\S\n\u00a0\u202f]+")


class _Words(HTMLParser):
    """Collects text, with a line end wherever a block starts or ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._skips = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._skips = ("class", "footnote-backref") in attrs
        elif tag == "img":
            self.pieces.append(f" {dict(attrs).get('alt') or ''} ")
        elif tag not in _INLINE:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._skips = False
        elif tag not in _INLINE:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._skips:
            self.pieces.append(data.replace("\n", " "))


def plain_text(text: str, *, profile: Profile = Profile.DOCUMENT) -> str:
    """The words of a text, one block a line, spaces collapsed.

    A `Markup` is read as HTML; any other string is Markdown source and rendered first.
    """
    html = text if isinstance(text, Markup) else render(text, profile=profile).html
    tidy = nh3.clean(
        str(html),
        tags=_KEPT,
        clean_content_tags=SILENT_TAGS,
        attributes={"a": {"class"}, "img": {"alt"}},
        link_rel=None,
    )
    words = _Words()
    words.feed(tidy)
    words.close()
    return _SPACES.sub(_one_space, "".join(words.pieces)).strip()


def _one_space(found: re.Match[str]) -> str:
    return "\n" if "\n" in found[0] else " "


def between_lines(before: str, after: str) -> str:
    """What stands for the end of a line where everything is said on one.

    A title or an item that ends without a stop is told apart from what begins after it.
    """
    is_parted = before and before[-1] not in _STOPS and (after[:1].isupper() or after[:1].isdigit())
    return "\N{NO-BREAK SPACE}· " if is_parted else " "


def excerpt(text: str, *, length: int = 200, profile: Profile = Profile.DOCUMENT) -> str:
    """The first words on one line, at most `length` characters, with « … » when cut."""
    words = _on_one_line(plain_text(text, profile=profile))
    if len(words) <= length:
        return words
    cut = words[: length - 1]
    if words[length - 1] != " ":
        cut = cut.rpartition(" ")[0] or cut
    return cut.rstrip(" ,;:.·\u00a0") + "…"


def _on_one_line(words: str) -> str:
    first, *rest = words.split("\n")
    pieces = [first]
    for before, after in pairwise((first, *rest)):
        pieces += [between_lines(before, after), after]
    return "".join(pieces)
