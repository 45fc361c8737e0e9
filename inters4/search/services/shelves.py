"""The latest documents of each kind that bear one thing: a theme, a region, an organisation."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.hooks import hooks
from inters4.core.outbox import DocumentRef
from inters4.search.models import Criteria
from inters4.search.models.page import Shelf
from inters4.search.services.asking import Containers, ask
from inters4.search.services.cards import CardMaker, confirm
from inters4.search.services.citing import citations, with_citations
from inters4.search.services.settling import settled

_SHOWN = 4


def make_shelves(
    session: Session, criteria: Criteria, *, viewer: Viewer, within: Containers, cards: CardMaker
) -> tuple[Shelf, ...]:
    """One shelf for each kind that holds something, in the order of registration.

    While an older index answers, what it says is confirmed and nothing is counted beyond that.

    Raises:
        IndexUnavailable: no index can be read now.
    """
    counts = _count_by(criteria, "kind", within, cards)
    return tuple(_shelves(session, criteria, counts, viewer=viewer, within=within, cards=cards))


def shelves_without_index(
    session: Session, theme: str, *, viewer: Viewer, cards: CardMaker
) -> tuple[Shelf, ...]:
    """The shelves of a theme as the database has them, while no index can be read."""
    return tuple(_present(session, theme, viewer, cards))


def _present(session: Session, theme: str, viewer: Viewer, cards: CardMaker) -> Iterator[Shelf]:
    for kind in hooks.document_kinds.values():
        if kind.under_theme is None:
            continue
        found = kind.confirm(session, kind.under_theme(session, theme), viewer)
        if not found:
            continue
        latest = sorted(found, key=lambda one: (found[one].day or date.min, one), reverse=True)
        made = tuple(
            cards.of_present(DocumentRef(kind.kind, one), found[one]) for one in latest[:_SHOWN]
        )
        wanted = Criteria().choosing("theme", theme).choosing("kind", kind.kind)
        cited = citations(session, [card.key for card in made], viewer=viewer)
        shown = tuple(replace(card, citation=cited.get(card.key)) for card in made)
        yield Shelf(kind.kind, str(kind.plural()), len(found), shown, wanted)


def _count_by(
    criteria: Criteria, facet: str, within: Containers, cards: CardMaker
) -> Mapping[str, int]:
    counted = ask(criteria, within, cards.labels, facets=(facet,), limit=1)
    return {item.value: item.count for item in counted.facets.get(facet, ()) if item.count}


def _shelves(
    session: Session,
    criteria: Criteria,
    counts: Mapping[str, int],
    *,
    viewer: Viewer,
    within: Containers,
    cards: CardMaker,
) -> Iterator[Shelf]:
    for kind in hooks.document_kinds.values():
        if not counts.get(kind.kind):
            continue
        wanted = criteria.choosing("kind", kind.kind)
        found = ask(wanted, within, cards.labels, limit=_SHOWN, snippets=True)
        hits, total = found.hits, found.total
        if found.is_fallback:
            hits = confirm(session, hits, viewer=viewer)
            total = len(hits)
        else:
            hits = settled(session, hits, viewer=viewer)
        if hits:
            made = with_citations(session, cards.of_hits(hits), viewer=viewer)
            yield Shelf(kind.kind, str(kind.plural()), total, made, wanted)
