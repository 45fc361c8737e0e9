"""Theme pages: what the vocabulary says of a theme, and what the portal holds under it.

They are there whatever happens to the index: without one, the database says what a theme holds and
nothing is counted.
"""

from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from indexer import IndexUnavailable
from inters4.core.access import Viewer
from inters4.core.values import dataclass
from inters4.search.models import NOWHERE, Criteria, Place
from inters4.search.models.page import Shelf
from inters4.search.services.asking import Containers, admitted, ask
from inters4.search.services.cards import CardMaker
from inters4.search.services.labels import Labels
from inters4.search.services.shelves import make_shelves, shelves_without_index
from inters4.vocabulary.queries import Entry, Node

_SCHEME = "themes"


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """A theme with the number of documents under it, and the themes below."""

    entry: Entry
    count: int
    below: tuple["ThemeLine", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemePage:
    """A theme, those above it, the nearest last, and those just below."""

    line: ThemeLine
    above: tuple[Entry, ...]
    shelves: tuple[Shelf, ...]
    criteria: Criteria

    @property
    def entry(self) -> Entry:
        """The term itself."""
        return self.line.entry


def list_themes(session: Session, *, viewer: Viewer) -> tuple[ThemeLine, ...]:
    """Every theme of the vocabulary with what `viewer` may read under it."""
    labels = Labels.load(session)
    counts = _counts(admitted(session, viewer), labels)
    return tuple(_line(node, counts) for node in labels.words.tree(_SCHEME))


def find_theme(
    session: Session, identifier: str, *, viewer: Viewer, place: Place = NOWHERE
) -> ThemePage | None:
    """The page of one theme, None when the vocabulary does not know it."""
    labels = Labels.load(session)
    words = labels.words
    node = next((node for node in _every(words.tree(_SCHEME)) if node.entry.id == identifier), None)
    if node is None:
        return None
    criteria = Criteria().choosing("theme", identifier)
    above = (words.find(_SCHEME, one) for one in words.ancestors(identifier))
    within = admitted(session, viewer)
    cards = CardMaker(labels, place.followed(words.present))
    try:
        shelves = make_shelves(session, criteria, viewer=viewer, within=within, cards=cards)
    except IndexUnavailable:
        shelves = shelves_without_index(session, identifier, viewer=viewer, cards=cards)
    return ThemePage(
        line=_line(node, _counts(within, labels)),
        above=tuple(entry for entry in above if entry),
        shelves=shelves,
        criteria=criteria,
    )


def _counts(within: Containers, labels: Labels) -> Mapping[str, int]:
    """By theme; an older index counts what may be gone, so it is not believed."""
    try:
        results = ask(Criteria(), within, labels, facets=("theme",), limit=1)
    except IndexUnavailable:
        return {}
    if results.is_fallback:
        return {}
    return {item.value: item.count for item in results.facets.get("theme", ())}


def _line(node: Node, counts: Mapping[str, int]) -> ThemeLine:
    below = tuple(_line(child, counts) for child in node.children)
    return ThemeLine(node.entry, counts.get(node.entry.id, 0), below)


def _every(nodes: tuple[Node, ...]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _every(node.children)
