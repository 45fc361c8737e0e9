"""Our dialect of Markdown, and the tree as a page wants it.

Raw HTML is text, but for a few bare tags that paste from a page leaves behind. Anchors carry a
prefix, so that no text can take the id of a part of the page.
"""

import re
import unicodedata
from collections import Counter
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import (
    IMAGE_LINK_RE,
    IMAGE_REFERENCE_RE,
    LINK_RE,
    REFERENCE_RE,
    ImageInlineProcessor,
    ImageReferenceInlineProcessor,
    InlineProcessor,
    LinkInlineProcessor,
    ReferenceInlineProcessor,
    ShortImageReferenceInlineProcessor,
    ShortReferenceInlineProcessor,
)
from markdown.treeprocessors import Treeprocessor

from inters4.core.richtext.profiles import ID_PREFIX, LOCAL_IMAGES, Profile

MAX_LINK_TEXT = 600
MAX_LINK_TARGET = 1_500
_BARE_TAGS = r"(</?(?:sub|sup|kbd|u)>|<br ?/?>)"
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ALIGNMENTS = {"right": "text-end", "center": "text-center", "left": "text-start"}
_OUTSIDE = re.compile(r"\s*(?:https?:|[/\\]{2})", re.IGNORECASE)


class _ShortText:
    """A link whose text never closes costs a short scan, not the rest of the paragraph."""

    def getText(self, data: str, index: int) -> tuple[str, int, bool]:  # noqa: N802
        """Look for the closing bracket within the longest link text we read."""
        return super().getText(data[: index + MAX_LINK_TEXT], index)  # type: ignore[misc, no-any-return]

    def getLink(self, data: str, index: int) -> tuple[str, str | None, int, bool]:  # noqa: N802
        """Look for the closing parenthesis within the longest address we read."""
        return super().getLink(data[: index + MAX_LINK_TARGET], index)  # type: ignore[misc, no-any-return]


class _Link(_ShortText, LinkInlineProcessor):
    pass


class _Image(_ShortText, ImageInlineProcessor):
    pass


class _Reference(_ShortText, ReferenceInlineProcessor):
    pass


class _ImageReference(_ShortText, ImageReferenceInlineProcessor):
    pass


class _ShortReference(_ShortText, ShortReferenceInlineProcessor):
    pass


class _ShortImageReference(_ShortText, ShortImageReferenceInlineProcessor):
    pass


class _BareTag(InlineProcessor):
    """Keeps `<sup>` and its like, without attributes; the allow-list balances them."""

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002
    ) -> tuple[str, int, int]:
        """Stash the tag, out of reach of the other patterns."""
        return self.md.htmlStash.store(m[1]), m.start(0), m.end(0)


class _PageTree(Treeprocessor):
    """Headings at their level with an anchor, links with their `rel`, tables with scopes."""

    def __init__(self, md: Markdown, profile: Profile) -> None:
        super().__init__(md)
        self.profile = profile
        self.top_heading = profile.top_heading
        self.namespace = ""

    def run(self, root: Element) -> None:
        """Rewrite the tree in place."""
        levels = [int(node.tag[1]) for node in root.iter() if node.tag in _HEADINGS]
        shift = self.top_heading - min(levels, default=1)
        taken: Counter[str] = Counter()
        for node in root.iter():
            self._anchor(node)
            if node.tag in _HEADINGS:
                node.tag = f"h{min(6, int(node.tag[1]) + shift)}"
                if self.profile is Profile.DOCUMENT:
                    node.set("id", self._heading_id(node, taken))
            elif node.tag == "a":
                self._link(node)
            elif node.tag == "img":
                _keep_local(node)
                self._link(node)
            elif node.tag in {"th", "td"}:
                _cell(node)

    @property
    def _prefix(self) -> str:
        return f"{ID_PREFIX}{self.namespace}-" if self.namespace else ID_PREFIX

    def _anchor(self, node: Element) -> None:
        if identifier := node.get("id"):
            node.set("id", self._prefix + identifier)
        target = node.get("href", "")
        if target.startswith("#"):
            node.set("href", f"#{self._prefix}{target[1:]}")

    def _link(self, node: Element) -> None:
        if _OUTSIDE.match(node.get("href", "")):
            node.set("rel", self.profile.link_rel)

    def _heading_id(self, node: Element, taken: Counter[str]) -> str:
        text = unicodedata.normalize("NFKD", "".join(node.itertext()).lower())
        words = re.findall(r"[a-z0-9]+", "".join(c for c in text if not unicodedata.combining(c)))
        slug = "-".join(words)[:60].strip("-") or "titre"
        taken[slug] += 1
        suffix = f"--{taken[slug]}" if taken[slug] > 1 else ""
        return f"{self._prefix}{slug}{suffix}"


def _keep_local(node: Element) -> None:
    """An image of ours stays; any other becomes a link: a page asks nothing of third parties."""
    source = node.get("src", "")
    if source.startswith(LOCAL_IMAGES):
        node.set("loading", "lazy")
        return
    label = node.get("alt") or source
    node.attrib.clear()
    node.tag, node.text = "a", label
    node.set("href", source)


def _cell(node: Element) -> None:
    if node.tag == "th":
        node.set("scope", "col")
    alignment = node.attrib.pop("align", None)
    if alignment in _ALIGNMENTS:
        node.set("class", _ALIGNMENTS[alignment])


class Dialect(Extension):
    """Installs all of the above; `page` is where a call sets its heading level and namespace."""

    def __init__(self, profile: Profile) -> None:
        super().__init__()
        self.profile = profile
        self.page: _PageTree | None = None

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Replace what reads links and HTML, add the last pass over the tree."""
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.inlinePatterns.register(_BareTag(_BARE_TAGS, md), "html", 90)
        md.inlinePatterns.register(_Reference(REFERENCE_RE, md), "reference", 170)
        md.inlinePatterns.register(_Link(LINK_RE, md), "link", 160)
        md.inlinePatterns.register(_Image(IMAGE_LINK_RE, md), "image_link", 150)
        md.inlinePatterns.register(_ImageReference(IMAGE_REFERENCE_RE, md), "image_reference", 140)
        md.inlinePatterns.register(_ShortReference(REFERENCE_RE, md), "short_reference", 130)
        md.inlinePatterns.register(
            _ShortImageReference(IMAGE_REFERENCE_RE, md), "short_image_ref", 125
        )
        self.page = _PageTree(md, self.profile)
        md.treeprocessors.register(self.page, "page", 5)
