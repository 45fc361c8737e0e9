"""A document found, as it is shown; and the words by which it is like others."""

import datetime
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import product
from typing import Protocol

from indexer.analysis import LANGUAGES, analyse
from indexer.evaluation.snippets import Needles, mark, passage
from indexer.model import Document, Hit, Segment
from indexer.query import Slot, WordLeaf

__all__ = ["Shown", "make_hit", "telling_words"]

_TELLING_WORDS = 25
_FARTHEST = 50_000


class Shown(Protocol):
    """What a hit shows of a document besides its passage."""

    @property
    def key(self) -> str:
        """Its key."""

    @property
    def kind(self) -> str:
        """Its kind."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def audience(self) -> str:
        """Its audience."""

    @property
    def language(self) -> str:
        """Its language."""

    @property
    def date(self) -> datetime.date | None:
        """Its date."""

    @property
    def fields(self) -> Mapping[str, str]:
        """Its payload."""


def make_hit(
    shown: Shown,
    *,
    score: float,
    has_every_word: bool,
    needles: Needles,
    document: Document | None = None,
) -> Hit:
    """The hit of a document, its title marked; with its passage when the `document` is given."""
    title = mark(shown.title, language=shown.language, needles=needles)
    snippet = passage(document, needles=needles) if document else None
    says_why = _is_marked(title) or (snippet is not None and _is_marked(snippet.segments))
    return Hit(
        shown.key,
        kind=shown.kind,
        language=shown.language,
        audience=shown.audience,
        score=score,
        has_every_word=has_every_word,
        title=title,
        snippet=snippet,
        date=shown.date,
        fields=shown.fields,
        found_by=() if says_why or not document else _found_by(document, needles),
    )


def _is_marked(segments: Iterable[Segment]) -> bool:
    return any(segment.marked for segment in segments)


def _found_by(document: Document, needles: Needles) -> tuple[Segment, ...]:
    """The first of the names of a document that holds what was asked, marked."""
    if not needles.is_empty:
        for name, language in product(document.keywords, LANGUAGES):
            marked = mark(name, language=language, needles=needles)
            if _is_marked(marked):
                return marked
    return ()


def telling_words(
    document: Document, *, total: int, holders: Callable[[str], int]
) -> list[WordLeaf]:
    """The words this document uses much and others little, the title counting threefold.

    `holders` says how many of `total` documents hold a stem.
    """
    text = " . ".join([document.title] * 3 + [document.abstract, document.body[:_FARTHEST]])
    counts = Counter(term.stem for term in analyse(text, document.language) if len(term.stem) > 2)
    weights = {
        stem: number * math.log(1 + total / (1 + holders(stem))) for stem, number in counts.items()
    }
    telling = sorted(weights, key=lambda stem: (-weights[stem], stem))[:_TELLING_WORDS]
    return [WordLeaf(((Slot(0, stem),),)) for stem in telling]
