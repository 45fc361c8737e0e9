"""The plain Whoosh reader: correct, simple, the yardstick of faster ones.

A method asks for the current revision, answers from it, and if that fails because files went bad,
asks again: see `whoosh_current`. How a query becomes hits is `search`, top to bottom.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Self, TypeVar

from indexer.analysis import analyse
from indexer.backends.whoosh_current import CurrentRevision
from indexer.backends.whoosh_lookup import look_up
from indexer.backends.whoosh_revision import OpenRevision, open_revision
from indexer.evaluation import Match, Needles, count, mark, match_query, page_of, passage, suggest
from indexer.model import (
    Document,
    Hit,
    Results,
    Revision,
    SearchRequest,
    Suggestion,
    VerifyReport,
)
from indexer.query import Query, Slot, WordLeaf, positive_leaves, read_query

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
        """Read the query, match, filter and count, order, then show one page."""
        query = read_query(request.text)

        def answer(opened: OpenRevision, is_fallback: bool) -> Results:
            match = _match(opened, query, request)
            counted = count(match.all, request, card_of=opened.card_of)
            page = page_of(counted.kept, match, request, card_of=opened.card_of)
            needles = Needles.of(positive_leaves(query.root))
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
                is_fallback=is_fallback,
            )

        return self._current.answer(answer)

    def suggest(
        self, text: str, *, audiences: frozenset[str], limit: int = 8
    ) -> tuple[Suggestion, ...]:
        """Titles that complete what is being typed."""
        return self._ask(
            lambda opened: suggest(
                text,
                (opened.cards[number] for number in opened.visible(audiences, _ANY_LANGUAGE)),
                limit=limit,
            )
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


def _match(opened: OpenRevision, query: Query, request: SearchRequest) -> Match:
    visible = opened.visible(request.audiences, request.languages)
    with opened.lock:
        return match_query(
            query,
            visible=visible,
            lookup=lambda leaf: look_up(leaf, revision=opened, visible=visible),
        )


def _match_any(opened: OpenRevision, words: Iterable[WordLeaf], visible: frozenset[int]) -> Match:
    scores: dict[int, float] = {}
    with opened.lock:
        for word in words:
            for number, score in look_up(word, revision=opened, visible=visible).items():
                if number in visible:
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
