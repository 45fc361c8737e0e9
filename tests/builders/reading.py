"""Reads a page as a browser and as a proof-reader would."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

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
        return [
            f"{name}: …{text[max(0, found.start() - 30) : found.end() + 20]}…"
            for text in self.french
            for name, pattern in _FAULTS.items()
            for found in pattern.finditer(text)
        ]


def read_page(html: str, *, address: str) -> ReadPage:
    """Parse `html`, the page at `address`."""
    parser = QuickParser(namespaceHTMLElements=False)
    root: Element = parser.parse(html)
    lines = html.splitlines()
    errors = [
        f"{line}: {code} {lines[line - 1].strip()[:120] if 0 < line <= len(lines) else ''}"
        for (line, _column), code, _data in parser.errors
    ]
    identifiers = [found for node in root.iter() if (found := node.get("id"))]
    links = [
        urljoin(address, target).partition("#")[0]
        for node in root.iter("a")
        if (target := node.get("href"))
    ]
    return ReadPage(
        errors=errors,
        links=[link for link in links if not urlsplit(link).scheme],
        french=[text for text in _runs(root, root.get("lang", ""), []) if text],
        titles=sum(1 for _ in root.iter("h1")),
        duplicate_ids=sorted({one for one in identifiers if identifiers.count(one) > 1}),
        language=root.get("lang", ""),
    )


def _runs(root: Element, language: str, started: list[str]) -> Iterator[str]:
    """The French text of each block, inline elements joined to what surrounds them."""
    yield from _walk(root, language, started)
    yield _text(started)


def _walk(node: Element, language: str, run: list[str]) -> Iterator[str]:
    tag = str(node.tag)
    language = node.get("lang", language)
    is_block = tag in _BLOCKS
    if is_block:
        yield _text(run)
    is_cited = _CITATION in (node.get("class") or "").split()
    is_read = not is_cited and tag not in _NOT_PROSE and not tag.startswith("<")  # a comment
    if is_read and language.startswith("fr") and node.text:
        run.append(node.text)
    if is_read:
        for child in node:
            yield from _walk(child, language, run)
            if language.startswith("fr") and child.tail:
                run.append(child.tail)
    if is_block:
        yield _text(run)


def _text(run: list[str]) -> str:
    text = re.sub(r"[ \t\n\r]+", " ", "".join(run)).strip(" ")
    run.clear()
    return text
