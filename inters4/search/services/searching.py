"""One search, answered with everything its page says."""

import re
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from indexer import Hit, Results, UnmetField
from inters4.core.access import Viewer
from inters4.core.i18n import _
from inters4.core.paging import PAGE_SIZE, page_count
from inters4.search.models import NOWHERE, Criteria, Place
from inters4.search.models.criteria import PAGE_LIMIT, PARAMETERS
from inters4.search.models.page import SearchPage, UnknownValue, WayOut
from inters4.search.services.asking import Containers, admitted, ask
from inters4.search.services.cards import CardMaker, confirm
from inters4.search.services.citing import with_citations
from inters4.search.services.facets import (
    COUNTED,
    make_chips,
    make_facets,
    make_near,
    make_years,
)
from inters4.search.services.labels import Labels
from inters4.search.services.settling import settled

_FALLBACK_LIMIT = 100
_THEMES_SHOWN = 8
_KNOWN_SHOWN = 20
_STRICT = re.compile(r"[\"«»“”()]|(?<!\S)(?:ET|AND)(?!\S)|(?<!\S)(?:(?:SAUF|NOT)\s+|-)\S+")


def search(
    session: Session, criteria: Criteria, *, viewer: Viewer, place: Place = NOWHERE
) -> SearchPage:
    """The page that answers `criteria`, as far as `viewer` may see.

    A page past the last one shows the last one. `place` marks hits and offers filters; it changes
    neither what is found nor its order.

    Raises:
        IndexUnavailable: no index can be read now.
    """
    labels = Labels.load(session)
    place = place.followed(labels.words.present)
    cards = CardMaker(labels, place)
    asked = labels.known(criteria)
    within = admitted(session, viewer)
    results = ask(asked, within, labels, facets=COUNTED, years=True, snippets=True)
    last = min(page_count(results.total), PAGE_LIMIT)
    if 0 < last < asked.page:
        asked = asked.changed(page=last)
        results = ask(asked, within, labels, facets=COUNTED, years=True, snippets=True)
    if results.is_fallback:
        return _fallback_page(session, asked, viewer, within, cards)
    hits = settled(session, results.hits, viewer=viewer)
    page = SearchPage(
        criteria=asked,
        total=results.total,
        total_all_words=results.total_all_words,
        cards=with_citations(session, cards.of_hits(hits), viewer=viewer),
        partial_from=_first_partial(results, hits, asked),
        facets=make_facets(results, asked, labels),
        years=make_years(results, asked),
        chips=make_chips(asked, labels),
        correction=results.correction,
        also_searched=results.also_searched,
        near=make_near(results, asked, labels, place),
    )
    return page if page.total else _with_ways_out(page, results.unmet, within, labels)


def _first_partial(results: Results, hits: Sequence[Hit], criteria: Criteria) -> int | None:
    if not criteria.text or results.total_all_words >= results.total:
        return None
    return next((place for place, hit in enumerate(hits) if not hit.has_every_word), None)


def _fallback_page(
    session: Session, criteria: Criteria, viewer: Viewer, within: Containers, cards: CardMaker
) -> SearchPage:
    """An older index answers: each hit is confirmed, nothing else of it is believed."""
    first = criteria.changed(page=1)
    results = ask(first, within, cards.labels, limit=_FALLBACK_LIMIT)
    hits = confirm(session, results.hits, viewer=viewer)
    last = max(page_count(len(hits)), 1)
    asked = criteria.changed(page=min(criteria.page, last))
    start = (asked.page - 1) * PAGE_SIZE
    return SearchPage(
        criteria=asked,
        total=len(hits),
        total_all_words=len(hits),
        cards=with_citations(
            session, cards.of_hits(hits[start : start + PAGE_SIZE]), viewer=viewer
        ),
        chips=make_chips(asked, cards.labels),
        is_fallback=True,
    )


def _with_ways_out(
    page: SearchPage, unmet: Sequence[UnmetField], within: Containers, labels: Labels
) -> SearchPage:
    """Nothing was found: the same search asked for less, counted, and themes to browse."""
    asked = page.criteria
    tried: list[tuple[str, Criteria]] = []
    if asked.chosen_count > 1:
        tried += [
            (_("sans le filtre « %(value)s »", value=chip.label), chip.without)
            for chip in page.chips
        ]
    if asked.has_filters:
        tried.append((_("sans aucun filtre"), asked.without_filters()))
    if asked.exact:
        near = asked.changed(exact=False)
        tried.append((_("avec les mots voisins et l’orthographe corrigée"), near))
    if (loose := _without_operators(asked.text)) != asked.text:
        tried.append((_("sans guillemets ni opérateurs"), asked.changed(text=loose)))
    ways = [WayOut(label, _count(other, within, labels), other) for label, other in tried]
    counted = dict.fromkeys(("theme", *(one.facet for one in unmet if one.facet in PARAMETERS)))
    held = ask(Criteria(), within, labels, facets=tuple(counted), limit=1)
    return replace(
        page,
        ways_out=tuple(way for way in ways if way.count),
        unknown=tuple(
            UnknownValue(
                labels.of_field(one.facet),
                one.typed,
                _values(held, one.facet, labels)[:_KNOWN_SHOWN],
            )
            for one in unmet
        ),
        themes=_values(held, "theme", labels)[:_THEMES_SHOWN],
    )


def _values(held: Results, facet: str, labels: Labels) -> tuple[WayOut, ...]:
    """The values of a facet that find something, those under another left out, many first."""
    top = [item for item in held.facets.get(facet, ()) if "." not in item.value and item.count]
    top.sort(key=lambda item: -item.count)
    return tuple(
        WayOut(labels.of(facet, item.value), item.count, Criteria().choosing(facet, item.value))
        for item in top
    )


def _without_operators(text: str) -> str:
    """The words of a query without what makes it strict; a query left empty stays as it is."""
    return " ".join(_STRICT.sub(" ", text).split()) or text


def _count(criteria: Criteria, within: Containers, labels: Labels) -> int:
    return ask(criteria, within, labels, limit=1).total
