"""A document found, as it is shown; and the words by which it is like others."""

import datetime
import math
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Protocol

from indexer.analysis import analyse
from indexer.evaluation.snippets import Needles, mark
from indexer.model import Document, Hit, Snippet
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
    shown: Shown, *, score: float, has_every_word: bool, needles: Needles, snippet: Snippet | None
) -> Hit:
    """The hit of a document, its title marked."""
    return Hit(
        shown.key,
        kind=shown.kind,
        language=shown.language,
        audience=shown.audience,
        score=score,
        has_every_word=has_every_word,
        title=mark(shown.title, language=shown.language, needles=needles),
        snippet=snippet,
        date=shown.date,
        fields=shown.fields,
    )


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
