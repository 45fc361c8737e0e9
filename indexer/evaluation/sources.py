"""The texts of a document that a passage is taken from, and the part of it that stands where."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from indexer.model import Document

__all__ = ["Source", "Span", "is_in_parts", "sources"]

Span = tuple[int, int, int]
"""Start, end, and which leaf of the query stands there."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text to take a passage from; `parts` are where each of its parts begins, and its page."""

    text: str
    attachment: str | None = None
    page: int | None = None
    parts: tuple[tuple[int, int | None], ...] = ()

    def page_of(self, spans: Sequence[Span], offset: int, *, within: int) -> int | None:
        """The page of the part that shows most of what stands `within` letters of the first."""
        shown: dict[int | None, set[int]] = {}
        for start, end, leaf in spans if self.parts else ():
            if end - spans[0][0] > within:
                break
            at = bisect_right(self.parts, offset + start, key=lambda part: part[0])
            shown.setdefault(self.parts[at - 1][1] if at else self.page, set()).add(leaf)
        return max(shown, key=lambda page: len(shown[page])) if shown else self.page


def sources(document: Document) -> Iterable[Source]:
    """The texts of a document. Its body and its parts are one, which may be cut anywhere."""
    yield Source(document.abstract)
    yield _body_of(document)
    for part in document.attachments:
        if part.label:
            yield Source(part.text, part.label, part.page)


def is_in_parts(document: Document) -> bool:
    """Whether any part of it may be the one looked for."""
    return any(not part.label for part in document.attachments)


def _body_of(document: Document) -> Source:
    parts = [part for part in document.attachments if not part.label]
    if not parts:
        return Source(document.body)
    texts = [document.body, *(part.text for part in parts)]
    ends = accumulate(len(text) + 1 for text in texts)
    return Source(
        "\n".join(texts), parts=tuple(zip(ends, (one.page for one in parts), strict=False))
    )
