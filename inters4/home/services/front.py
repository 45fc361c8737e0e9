"""What the home page shows of the index, in one request to it."""

from collections.abc import Mapping
from dataclasses import field

from sqlalchemy.orm import Session

from indexer import FacetCount, Results, SortOrder
from inters4.core.access import ANONYMOUS
from inters4.core.values import dataclass
from inters4.search.models import Criteria
from inters4.search.models.page import Card
from inters4.search.services.asking import admitted, ask
from inters4.search.services.cards import CardMaker, confirm
from inters4.search.services.labels import Labels
from inters4.search.services.settling import settled
from inters4.vocabulary.queries import Entry

NEWEST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Overview:
    """What any visitor may see: the latest documents, how many of each kind, of each theme.

    Nothing is counted while an older index answers.
    """

    news: tuple[Card, ...] = ()
    kinds: Mapping[str, int] = field(default_factory=dict)
    themes: tuple[tuple[Entry, int], ...] = ()


def overview(session: Session) -> Overview:
    """The index as the home page tells it.

    Raises:
        IndexUnavailable: no index can be read now.
    """
    labels = Labels.load(session)
    results = ask(
        Criteria(sort=SortOrder.DATE),
        admitted(session, ANONYMOUS),
        labels,
        facets=("kind", "theme"),
        snippets=True,
        limit=NEWEST_SHOWN,
    )
    cards = CardMaker(labels)
    if results.is_fallback:
        return Overview(cards.of_hits(confirm(session, results.hits, viewer=ANONYMOUS)))
    themes = _counts(results, "theme")
    return Overview(
        news=cards.of_hits(settled(session, results.hits, viewer=ANONYMOUS)),
        kinds=_counts(results, "kind"),
        themes=tuple(
            (node.entry, themes[node.entry.id])
            for node in labels.words.tree("themes")
            if node.entry.id in themes
        ),
    )


def _counts(results: Results, facet: str) -> dict[str, int]:
    counted: tuple[FacetCount, ...] = tuple(results.facets.get(facet, ()))
    return {item.value: item.count for item in counted if item.count}
