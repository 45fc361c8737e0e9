"""The plain Whoosh reader: correct, simple, the yardstick of faster ones.

A method asks for the current revision, answers from it, and if that fails because files went bad,
asks again: see `whoosh_current`. How a query becomes hits is `search`, top to bottom.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Self, TypeVar

from indexer.analysis import analyse
from indexer.backends.whoosh_current import CurrentRevision
from indexer.backends.whoosh_dictionary import WhooshDictionary
from indexer.backends.whoosh_lookup import Looker
from indexer.backends.whoosh_revision import OpenRevision, open_revision
from indexer.evaluation import Match, Needles, count, mark, match_query, page_of, passage
from indexer.model import (
    Document,
    Hit,
    Results,
    Revision,
    SearchRequest,
    SortOrder,
    Suggestion,
    VerifyReport,
)
from indexer.query import Slot, WordLeaf, positive_leaves
from indexer.words import Interpretation, interpret, suggest

__all__ = ["WhooshPlainEngine"]

_TELLING_WORDS = 25
_ANY_LANGUAGE: frozenset[str] = frozenset()

Answer = TypeVar("Answer")


class WhooshPlainEngine:
    """See `indexer.engine.SearchEngine`."""

    def __init__(self, root: Path) -> None:
        self._current = CurrentRevision(root, open_revision)

    @property
    def revision(self) -> Revision:
        """What a search made now would answer from."""
        return self._current.answer(lambda opened, _: opened.revision)

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

    def suggest(
        self,
        text: str,
        *,
        audiences: frozenset[str],
        terms: tuple[str, ...] = (),
        limit: int = 8,
    ) -> tuple[Suggestion, ...]:
        """Titles, terms and words that complete what is being typed."""

        def answer(opened: OpenRevision) -> tuple[Suggestion, ...]:
            visible = opened.visible(audiences, _ANY_LANGUAGE)
            with opened.lock:
                return suggest(
                    text,
                    (opened.cards[number] for number in visible),
                    dictionary=WhooshDictionary(opened, visible),
                    finds=Looker(opened, visible).finds_together,
                    terms=terms,
                    limit=limit,
                )

        return self._ask(answer)

    def similar(
        self, key: str, *, audiences: frozenset[str], limit: int = 5, snippets: bool = False
    ) -> tuple[Hit, ...]:
        """Documents that share the most telling words of this one."""

        def answer(opened: OpenRevision) -> tuple[Hit, ...]:
            visible = opened.visible(audiences, _ANY_LANGUAGE)
            number = opened.numbers.get(key)
            if number is None or number not in visible:
                return ()
            words = _telling_words(opened, opened.document(number))
            match = _match_any(opened, words, visible - {number})
            request = SearchRequest(audiences=audiences, limit=limit)
            page = page_of(match.full, match, request, card_of=opened.card_of)
            needles = Needles.of(words)
            return tuple(_hit(opened, one, match, needles, snippets=snippets) for one in page)

        return self._ask(answer)

    def get(self, key: str, *, audiences: frozenset[str]) -> Document | None:
        """The document as it was indexed."""

        def answer(opened: OpenRevision) -> Document | None:
            number = opened.numbers.get(key)
            if number is None or opened.cards[number].audience not in audiences:
                return None
            return opened.document(number)

        return self._ask(answer)

    def keys(self) -> frozenset[str]:
        """Every key held."""
        return self._ask(lambda opened: frozenset(opened.numbers))

    def document_count(self) -> int:
        """How many documents are held."""
        return self._ask(lambda opened: len(opened.numbers))

    def verify(self, expected: Mapping[str, str]) -> VerifyReport:
        """Compare with digests by key."""

        def answer(opened: OpenRevision) -> VerifyReport:
            held = {key: opened.cards[number].digest for key, number in opened.numbers.items()}
            return VerifyReport(
                missing=frozenset(expected.keys() - held.keys()),
                orphan=frozenset(held.keys() - expected.keys()),
                stale=frozenset(
                    key for key in expected.keys() & held.keys() if expected[key] != held[key]
                ),
            )

        return self._ask(answer)

    def refresh(self) -> bool:
        """Look for a newer revision now."""
        return self._current.refresh()

    def close(self) -> None:
        """Let go of the files once the searches under way have ended."""
        self._current.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _ask(self, answer: Callable[[OpenRevision], Answer]) -> Answer:
        return self._current.answer(lambda opened, _: answer(opened))


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
    return Match(scores.keys(), scores=scores, is_scored=True)


def _telling_words(opened: OpenRevision, document: Document) -> list[WordLeaf]:
    """The words this document uses much and others little, the title counting threefold."""
    text = " . ".join([document.title] * 3 + [document.abstract, document.body[:50_000]])
    counts = Counter(term.stem for term in analyse(text, document.language) if len(term.stem) > 2)
    with opened.lock:
        weights = {
            stem: number * math.log(1 + len(opened.live) / (1 + opened.document_frequency(stem)))
            for stem, number in counts.items()
        }
    telling = sorted(weights, key=lambda stem: (-weights[stem], stem))[:_TELLING_WORDS]
    return [WordLeaf(((Slot(0, stem),),)) for stem in telling]


def _hit(
    opened: OpenRevision, number: int, match: Match, needles: Needles, *, snippets: bool
) -> Hit:
    document = opened.document(number)
    return Hit(
        document.key,
        kind=document.kind,
        language=document.language,
        audience=document.audience,
        score=match.scores.get(number, 0.0),
        has_every_word=number in match.full,
        title=mark(document.title, language=document.language, needles=needles),
        snippet=passage(document, needles=needles) if snippets else None,
        date=document.date,
        fields=document.fields,
    )
