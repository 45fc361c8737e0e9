"""The plain Whoosh reader: correct, simple, the yardstick of faster ones.

A method asks for the current revision, answers from it, and if that fails because files went bad,
asks again: see `whoosh_current`. How a query becomes hits is `search`, top to bottom.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from indexer.backends.whoosh_dictionary import WhooshDictionary
from indexer.backends.whoosh_lookup import Looker
from indexer.backends.whoosh_reader import Seen, WhooshReader
from indexer.backends.whoosh_revision import OpenRevision, open_revision
from indexer.evaluation import Match, Needles, count, match_query, page_of
from indexer.evaluation.hits import make_hit, telling_words
from indexer.model import (
    Hit,
    Results,
    SearchRequest,
    SortOrder,
)
from indexer.query import WordLeaf, positive_leaves
from indexer.words import Interpretation, interpret

__all__ = ["WhooshPlainEngine"]

_ANY_LANGUAGE: frozenset[str] = frozenset()


class WhooshPlainEngine(WhooshReader[OpenRevision]):
    """See `indexer.engine.SearchEngine`."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, open_revision)

    def search(self, request: SearchRequest) -> Results:
        """Interpret the query, match, filter and count, order, then show one page."""

        def answer(opened: OpenRevision, is_fallback: bool) -> Results:
            meant, match = _match(opened, request)
            counted = count(match.all, request, card_of=opened.card_of)
            page = page_of(counted.kept, match, request, card_of=opened.card_of)
            needles = Needles.of(positive_leaves(meant.query.root))
            return Results(
                hits=tuple(
                    _hit(opened, number, match, needles, snippets=request.snippets)
                    for number in page
                ),
                total=len(counted.kept),
                total_all_words=sum(number in match.full for number in counted.kept),
                revision=opened.revision,
                facets=counted.facets,
                years=counted.years,
                correction=meant.correction,
                also_searched=meant.also_searched,
                unmet=meant.unmet,
                is_fallback=is_fallback,
            )

        return self._current.answer(answer)

    @contextmanager
    def _looking(self, opened: OpenRevision, audiences: frozenset[str]) -> Iterator[Seen]:
        visible = opened.visible(audiences, _ANY_LANGUAGE)
        with opened.lock:
            yield Seen(
                lambda _text, _limit: (opened.cards[number] for number in visible),
                WhooshDictionary(opened, visible),
                Looker(opened, visible).finds_together,
            )

    def similar(
        self, key: str, *, audiences: frozenset[str], limit: int = 5, snippets: bool = False
    ) -> tuple[Hit, ...]:
        """Documents that share the most telling words of this one."""

        def answer(opened: OpenRevision) -> tuple[Hit, ...]:
            visible = opened.visible(audiences, _ANY_LANGUAGE)
            number = opened.numbers.get(key)
            if number is None or number not in visible:
                return ()
            words = _telling_words(opened, number, visible)
            match = _match_any(opened, words, visible - {number})
            request = SearchRequest(audiences=audiences, limit=limit)
            page = page_of(match.full, match, request, card_of=opened.card_of)
            needles = Needles.of(words)
            return tuple(_hit(opened, one, match, needles, snippets=snippets) for one in page)

        return self._ask(answer)


def _match(opened: OpenRevision, request: SearchRequest) -> tuple[Interpretation, Match]:
    visible = opened.visible(request.audiences, request.languages)
    with opened.lock:
        looker = Looker(opened, visible)
        dictionary = WhooshDictionary(opened, visible)
        meant = interpret(
            request, dictionary=dictionary, finds=looker.finds, supports=looker.support
        )
        match = match_query(meant.query, visible=visible, source=looker)
        if request.sort is not SortOrder.RELEVANCE:
            match = replace(match, scores={}, is_scored=False)
        return meant, match


def _match_any(opened: OpenRevision, words: Iterable[WordLeaf], visible: frozenset[int]) -> Match:
    scores: dict[int, float] = {}
    with opened.lock:
        looker = Looker(opened, visible)
        for word in words:
            for number, score in looker.look_up(word).items():
                scores[number] = scores.get(number, 0.0) + score
    return Match(scores.keys(), scores.keys(), scores=scores, is_scored=True)


def _telling_words(opened: OpenRevision, number: int, visible: frozenset[int]) -> list[WordLeaf]:
    with opened.lock:
        looker = Looker(opened, visible)
        return telling_words(opened.document(number), total=len(visible), holders=looker.holders)


def _hit(
    opened: OpenRevision, number: int, match: Match, needles: Needles, *, snippets: bool
) -> Hit:
    document = opened.document(number)
    return make_hit(
        document,
        score=match.scores.get(number, 0.0),
        has_every_word=number in match.full,
        needles=needles,
        document=document if snippets else None,
    )
