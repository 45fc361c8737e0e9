"""Which documents are on the page, in which order. Ties are settled by key, always the same way."""

import heapq
from collections.abc import Callable, Iterable

from indexer.evaluation.cards import Card
from indexer.evaluation.matching import Match
from indexer.model import SearchRequest, SortOrder
from indexer.ranking import COVERAGE_POWER

__all__ = ["page_of"]

_SortKey = tuple[int, float | str, str]


def page_of(
    kept: Iterable[int],
    match: Match,
    request: SearchRequest,
    *,
    card_of: Callable[[int], Card],
) -> list[int]:
    """The documents of `kept` between offset and limit.

    Documents holding every word come first whatever the order asked for, and by relevance those
    holding every word as it was typed before them. Among the others the
    score is multiplied by the weight of the words held: by the score alone, a frequent word said
    often would beat two rare ones. Without words, relevance means newest.
    """
    sort = request.sort
    if sort is SortOrder.RELEVANCE and not match.is_scored:
        sort = SortOrder.DATE

    def sort_key(number: int) -> _SortKey:
        card = card_of(number)
        is_partial = number not in match.full
        group = 2 if is_partial else int(number not in match.as_typed)
        if sort is SortOrder.TITLE:
            return is_partial, card.sort_title, card.key
        if sort is SortOrder.DATE:
            newest = -card.date.toordinal() if card.date else 1
            return is_partial, float(newest), card.key
        score = match.scores.get(number, 0.0)
        if is_partial:
            score *= match.coverage.get(number, 0.0) ** COVERAGE_POWER
        return group, -round(score, 9), card.key

    first = max(0, request.offset)
    last = first + max(0, request.limit)
    return heapq.nsmallest(last, kept, key=sort_key)[first:last]
