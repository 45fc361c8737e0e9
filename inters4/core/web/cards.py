"""What a list says of a document: the attributes that `macros/hits.html` reads, all of them there.

Templates make one by `listed(...)`, which names only what it has to say. Search makes its own, of
pieces of text.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

from inters4.core.citations import Citation
from inters4.core.values import dataclass


class Piece(Protocol):
    """A run of a title."""

    @property
    def text(self) -> str:
        """The words."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCard:
    """A document in a list; see « A hit » in docs/front-end.md."""

    kind: str
    url: str
    title: str
    snippet: str = ""
    found_by: Sequence[Piece] = ()
    language: str = ""
    ratings: Sequence[tuple[str, str]] = ()
    proposed: bool = False
    meta: Sequence[str] = ()
    near: str = ""
    day: date | None = None
    note: str = ""
    key: str = ""
    citation: Citation | None = None


def plain(title: str | Iterable[Piece]) -> str:
    """A title in one piece, for a reference and for the name of a button."""
    return title if isinstance(title, str) else "".join(piece.text for piece in title)
