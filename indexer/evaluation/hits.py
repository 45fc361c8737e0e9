"""A document found, as it is shown; and the words by which it is like others."""

import math
from collections import Counter
from collections.abc import Callable

from indexer.analysis import analyse
from indexer.evaluation.snippets import Needles, mark, passage
from indexer.model import Document, Hit
from indexer.query import Slot, WordLeaf

__all__ = ["make_hit", "telling_words"]

_TELLING_WORDS = 25
_FARTHEST = 50_000


def make_hit(
    document: Document, *, score: float, has_every_word: bool, needles: Needles, snippets: bool
) -> Hit:
    """The hit of `document`, its title marked and its passage cut out."""
    return Hit(
        document.key,
        kind=document.kind,
        language=document.language,
        audience=document.audience,
        score=score,
        has_every_word=has_every_word,
        title=mark(document.title, language=document.language, needles=needles),
        snippet=passage(document, needles=needles) if snippets else None,
        date=document.date,
        fields=document.fields,
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
