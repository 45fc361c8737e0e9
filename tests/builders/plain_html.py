"""Builds the tree of a page that is plainly well formed, as html5lib would.

The algorithm of the HTML standard spends its time on what a page might do wrong. Where each tag is
written in full, closed in its turn, and stands where the standard moves nothing, that algorithm
finds no error and its tree is the nesting of the tags. Such a page is read here; whatever else is
left to html5lib, which says what is wrong with it.
"""

import re
from collections import Counter
from functools import lru_cache
from html import unescape
from typing import NamedTuple
from xml.etree.ElementTree import Element, TreeBuilder

from html5lib.constants import adjustSVGAttributes, namespaces

_SPACES = " \t\n"
_STRANGE = re.compile(r"[^\t\n -~\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd]")
"""What the standard may refuse, or change: controls, what is beyond the first plane."""
_OTHER_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|nbsp|#34|#39);)")
_TAG = re.compile(r"""(<[^<>"']*(?:(?:"[^"]*"|'[^']*')[^<>"']*)*>)""")
_NAME, _QUOTED = "[a-z][a-zA-Z0-9-]*", r""""[^"]*"|'[^']*'"""
_ATTRIBUTE = re.compile(f"({_NAME})(?:=({_QUOTED}))?")
_WHOLE_TAG = re.compile(
    rf"<(/?)([a-z][a-z0-9-]*)((?:[ \t\n]+{_NAME}(?:=(?:{_QUOTED}))?)*+)[ \t\n]*(/?)>"
)

_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_READ_AS_TEXT = frozenset({"iframe", "script", "style", "textarea", "title"})
_WITHOUT_FIRST_LINE = frozenset({"pre", "textarea"})
_NEVER_DECODED = frozenset({"iframe", "script", "style"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "details", "div", "dl", "fieldset", "ul"),
        *("figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "main", "menu"),
        *("nav", "ol", "p", "pre", "section", "summary", "table"),
    }
)
_IN_BODY = frozenset(
    {
        *("a", "abbr", "area", "b", "bdi", "bdo", "br", "button", "cite", "code", "data"),
        *("datalist", "del", "dfn", "dialog", "em", "i", "iframe", "img", "input", "ins", "kbd"),
        *(
            "label",
            "legend",
            "link",
            "mark",
            "meta",
            "meter",
            "noscript",
            "output",
            "picture",
            "progress",
        ),
        *("q", "s", "samp", "script", "select", "small", "source", "span", "strong", "style"),
        *("sub", "sup", "svg", "template", "textarea", "time", "u", "var", "wbr"),
        *("markdown-toolbar", *_BLOCKS, *_HEADINGS),
    }
)
_ROWS = frozenset({"thead", "tbody", "tfoot"})
_SHAPES = frozenset({"circle", "g", "line", "path", "polygon", "polyline", "rect", "text", "use"})
_DRAWN = _SHAPES | {"svg"}
_SVG = f"{{{namespaces['svg']}}}"
_CHILDREN = {
    "html": frozenset({"head", "body"}),
    "head": frozenset({"link", "meta", "script", "style", "title"}),
    "dl": _IN_BODY | {"dd", "dt"},
    "div": _IN_BODY | {"dd", "dt"},
    **dict.fromkeys(("ul", "ol", "menu"), _IN_BODY | {"li"}),
    "datalist": frozenset({"option"}),
    "select": frozenset({"option", "optgroup"}),
    "optgroup": frozenset({"option"}),
    "option": frozenset[str](),
    "table": _ROWS | {"caption", "colgroup"},
    "colgroup": frozenset({"col"}),
    **dict.fromkeys(_ROWS, frozenset({"tr"})),
    "tr": frozenset({"td", "th"}),
    **dict.fromkeys(_DRAWN, _SHAPES | {"title"}),
}
"""What may stand directly in an element; what is not told may hold whatever a body does."""
_WITHOUT_TEXT = frozenset({"html", "head", "table", "colgroup", "tr", *_ROWS})
_NOT_WITHIN = {
    **dict.fromkeys((*_BLOCKS, "li", "dd", "dt"), ("p",)),
    **dict.fromkeys(_HEADINGS, ("p", *_HEADINGS)),
    "form": ("p", "form"),
    "a": ("a",),
    "button": ("button",),
}
"""What closes another element, or is refused, while that other is open."""


class _Tag(NamedTuple):
    """A tag that the state machine would read as it is written."""

    name: str
    is_end: bool
    attributes: dict[str, str]
    is_empty: bool


def read_plain(html: str) -> Element | None:
    """The tree of a page without an error, as html5lib gives it; None when one must look closer."""
    html = html.replace("\r\n", "\n").replace("\r", "\n")
    if _STRANGE.search(html):
        return None
    before, *pieces = _TAG.split(html)
    if before or len(pieces) < 10 or pieces[0] != "<!doctype html>" or pieces[1].strip(_SPACES):
        return None
    body_end, between, html_end, after = pieces[-4:]
    if (body_end, html_end) != ("</body>", "</html>") or (between + after).strip(_SPACES):
        return None
    return _Reader().read(pieces[2:-4], between + after)


class _Reader:
    def __init__(self) -> None:
        self._tree = TreeBuilder()
        self._stack: list[str] = []
        self._open = Counter[str]()
        self._halves: list[str] = []

    def read(self, pieces: list[str], last: str) -> Element | None:
        """The tree of tags and texts in turn; `last` are the spaces after the end of the body."""
        for written, text in zip(pieces[::2], pieces[1::2], strict=True):
            tag = _read_tag(written)
            if tag is None or not (self._close(tag) if tag.is_end else self._start(tag)):
                return None
            if not tag.is_end and tag.name in _WITHOUT_FIRST_LINE:
                text = text.removeprefix("\n")  # noqa: PLW2901
            if text and not self._say(text):
                return None
        if self._stack != ["html", "body"]:
            return None
        self._tree.data(last)
        self._tree.end("body")
        self._tree.end("html")
        root: Element = self._tree.close()
        return root

    def _start(self, tag: _Tag) -> bool:
        if not self._may_stand(tag.name):
            return False
        is_drawn = tag.name in _DRAWN or (self._stack and self._stack[-1] in _DRAWN)
        self._tree.start(_SVG + tag.name if is_drawn else tag.name, tag.attributes)
        if tag.is_empty:
            self._tree.end(tag.name)
        else:
            self._stack.append(tag.name)
            self._open[tag.name] += 1
        return True

    def _may_stand(self, name: str) -> bool:
        if not self._stack:
            return name == "html" and not self._halves
        parent = self._stack[-1]
        if name not in _CHILDREN.get(parent, _IN_BODY) or parent in _READ_AS_TEXT:
            return False
        if parent == "html":
            self._halves.append(name)
            return self._halves in (["head"], ["head", "body"])
        if parent == "div" and name in {"dd", "dt"} and self._stack[-2] != "dl":
            return False
        return not any(self._open[other] for other in _NOT_WITHIN.get(name, ()))

    def _close(self, tag: _Tag) -> bool:
        if not self._stack or self._stack.pop() != tag.name:
            return False
        self._open[tag.name] -= 1
        self._tree.end(tag.name)
        return True

    def _say(self, text: str) -> bool:
        """Add a text where it stands; False when it may not, or when it must be looked at."""
        if not self._stack or "<" in text:
            return False
        within = self._stack[-1]
        if within in _WITHOUT_TEXT:
            if text.strip(_SPACES):
                return False
            if within == "html" and not self._halves:
                return True  # the standard forgets the spaces before the head
        elif "&" in text and within not in _NEVER_DECODED:
            if _OTHER_REFERENCE.search(text):
                return False
            text = unescape(text)
        self._tree.data(text)
        return True


@lru_cache(maxsize=20_000)
def _read_tag(written: str) -> _Tag | None:
    """A tag taken apart; None when the state machine must read it."""
    found = _WHOLE_TAG.fullmatch(written)
    if found is None or _OTHER_REFERENCE.search(written):
        return None
    end, name, inside, empty = found.groups()
    pairs = _ATTRIBUTE.findall(inside)
    attributes = {key: unescape(value[1:-1]) for key, value in pairs}
    is_drawn = name in _DRAWN
    if (end and (pairs or empty)) or len(attributes) < len(pairs):
        return None
    if not all(_is_kept(key, is_drawn=is_drawn) for key in attributes):
        return None
    is_void = name in _VOID
    if (end and is_void) or (empty and not is_void and not is_drawn):
        return None
    return _Tag(name, bool(end), attributes, is_void or bool(empty))


def _is_kept(name: str, *, is_drawn: bool) -> bool:
    """True when the name of an attribute is, in the tree, what is written."""
    if not is_drawn:  # the title of a drawing is written as that of a page
        return name.islower() and name not in adjustSVGAttributes
    return adjustSVGAttributes.get(name.lower(), name.lower()) == name and name != "xmlns"
