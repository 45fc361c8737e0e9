"""Citations in texts: `[3]` names the source numbered 3 of the same sheet."""

import re
from collections.abc import Iterator

from inters4.core.values import dataclass

# « [3](http…) » is a link of Markdown, not a citation.
CITATION = re.compile(r"\[([1-9]\d{0,2})\](?![(:])")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, or a citation when `number` is set."""

    text: str
    number: int | None = None


def pieces(text: str) -> Iterator[Piece]:
    """`text` cut at its citations: for pages, which link each of them."""
    position = 0
    for found in CITATION.finditer(text):
        if found.start() > position:
            yield Piece(text[position : found.start()])
        yield Piece(found[0], int(found[1]))
        position = found.end()
    if position < len(text):
        yield Piece(text[position:])


def cited_numbers(text: str) -> set[int]:
    """The numbers cited."""
    return {int(found) for found in CITATION.findall(text)}


def without_citations(text: str) -> str:
    """`text` for the index, where « [3] » means nothing."""
    return re.sub(r"[^\S\n]*" + CITATION.pattern, "", text)
