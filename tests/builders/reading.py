"""Reads a page as a browser and as a proof-reader would."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

from tests.builders.plain_html import read_plain
from tests.builders.quick_html import QuickParser

_NOT_PROSE = {"script", "style", "code", "pre", "svg", "template", "textarea", "cite"}
"""What nobody of ours wrote: a work cited keeps the spaces of its own publisher."""
_CITATION = "cite-text"
_BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "button", "caption", "dd", "details"),
    *("div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3"),
    *("h4", "h5", "h6", "head", "header", "hr", "label", "legend", "li", "main", "nav", "ol"),
    *("option", "p", "section", "select", "summary", "table", "tbody", "td", "th", "thead"),
    *("title", "tr", "ul", "br"),
}
_FAULTS = {
    "no-break space missing before « : »": re.compile(r"\w :(?=\s|$)"),
    "space missing before « : »": re.compile(r"[a-zà-ÿ)»]:(?=\s)"),
    "no-break space missing before « % »": re.compile(r"\d %"),
    "no-break space missing inside « »": re.compile(r"« | »"),
    "space before ; ! ?": re.compile(r"[\w)»][\u00a0\u202f ][;!?](?=\s|$)"),
    "straight apostrophe": re.compile(r"[a-zA-ZÀ-ÿ]'[a-zA-ZÀ-ÿ]"),
}


_SPACES = re.compile(r"[ \t\n\r]+")


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page taken apart.

    Attributes:
        errors: what the HTML standard calls parse errors, with their line.
        links: where its links and forms by GET lead, without their fragment.
        french: runs of text in French, one for each block.
    """

    errors: list[str]
    links: list[str]
    french: list[str]
    titles: int
    duplicate_ids: list[str]
    language: str

    @property
    def faults(self) -> list[str]:
        """Where the typography is not that of Québec."""
        return [fault for text in self.french for fault in _faults_of(text)]


def read_page(html: str, *, address: str) -> ReadPage:
    """Parse `html`, the page at `address`."""
    errors: list[str] = []
    root = read_plain(html)
    if root is None:
        root, errors = _look_closer(html)
    identifiers = Counter(found for node in root.iter() if (found := node.get("id")))
    targets = [target for node in root.iter("a") if (target := node.get("href"))]
    prose = _Prose()
    prose.read(root, root.get("lang", ""))
    return ReadPage(
        errors=errors,
        links=[link for target in targets if (link := _link(target, address)) is not None],
        french=prose.texts,
        titles=sum(1 for _ in root.iter("h1")),
        duplicate_ids=sorted(name for name, times in identifiers.items() if times > 1),
        language=root.get("lang", ""),
    )


def _look_closer(html: str) -> tuple[Element, list[str]]:
    """The tree of a page, and what is wrong with it."""
    parser = QuickParser(namespaceHTMLElements=False)
    root: Element = parser.parse(html)
    lines = html.splitlines()
    return root, [
        f"{line}: {code} {lines[line - 1].strip()[:120] if 0 < line <= len(lines) else ''}"
        for (line, _column), code, _data in parser.errors
    ]


def _link(target: str, address: str) -> str | None:
    """Where a link of the page at `address` leads; None when it leaves the portal."""
    return _joined("/" if target.startswith("/") else address, target)


@lru_cache(maxsize=20_000)
def _joined(base: str, target: str) -> str | None:
    link = urljoin(base, target).partition("#")[0]
    return None if urlsplit(link).scheme else link


@lru_cache(maxsize=20_000)
def _faults_of(text: str) -> tuple[str, ...]:
    """The faults of one text: the frame of a page is that of the others."""
    return tuple(
        f"{name}: …{text[max(0, found.start() - 30) : found.end() + 20]}…"
        for name, pattern in _FAULTS.items()
        for found in pattern.finditer(text)
    )


class _Prose:
    """The French text of each block, inline elements joined to what surrounds them."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._run: list[str] = []

    def read(self, root: Element, language: str) -> None:
        """Read the whole of a page."""
        self._walk(root, language)
        self._end()

    def _walk(self, node: Element, language: str) -> None:
        tag = str(node.tag)
        language = node.get("lang", language)
        is_block = tag in _BLOCKS
        if is_block:
            self._end()
        is_cited = _CITATION in node.get("class", "").split()
        if not is_cited and tag not in _NOT_PROSE and not tag.startswith("<"):  # a comment
            is_french = language.startswith("fr")
            if is_french and node.text:
                self._run.append(node.text)
            for child in node:
                self._walk(child, language)
                if is_french and child.tail:
                    self._run.append(child.tail)
        if is_block:
            self._end()

    def _end(self) -> None:
        if self._run:
            text = _SPACES.sub(" ", "".join(self._run)).strip(" ")
            self._run.clear()
            if text:
                self.texts.append(text)
