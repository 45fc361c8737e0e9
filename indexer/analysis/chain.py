"""The chain: tokens -> stop words left out -> stems.

A stop word leaves its position empty, so that phrases stay honest. Written in capitals inside a
text that is not, it is an acronym and stays (`accident du travail (AT)`, `CIUSSS de l'EST`).
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass

from indexer.analysis.english import stem_english
from indexer.analysis.french import stem_french
from indexer.analysis.stopwords import STOP_WORDS
from indexer.analysis.tokens import runs, tokenize

__all__ = ["ANALYSIS_VERSION", "LANGUAGES", "Term", "analyse", "find", "shouts"]

ANALYSIS_VERSION = 1
"""Raised by any change that makes old indexes answer differently: they are then rebuilt."""

_STEMMERS = {"fr": stem_french, "en": stem_english}
LANGUAGES = tuple(_STEMMERS)
"""A query runs through the chain of each of them: documents of any language may answer."""

_FALLBACK = "fr"


@dataclass(frozen=True, slots=True)
class Term:
    """A searchable token: `stem` is what is indexed, `form` the folded word behind it."""

    stem: str
    form: str
    position: int
    start: int
    end: int


def shouts(text: str) -> bool:
    """Whether capitals mean nothing here, because several words hold nothing else."""
    return not any(letter.islower() for letter in text) and len(text.split()) > 1


def analyse(
    text: str, language: str = "fr", *, keep_stop_words: bool = False, context: str | None = None
) -> Iterator[Term]:
    """The terms of `text` by the chain of `language` (French when there is none).

    `context` is the whole that `text` was taken from: it tells an acronym from shouting.
    """
    language = language if language in _STEMMERS else _FALLBACK
    stem = _STEMMERS[language]
    stop_words = STOP_WORDS[language]
    capitals_mean_acronym = not shouts(text if context is None else context)
    for token in tokenize(text):
        is_acronym = token.is_capitals and len(token.form) > 1 and capitals_mean_acronym
        if token.form in stop_words and not is_acronym and not keep_stop_words:
            continue
        yield Term(stem(token.form), token.form, token.position, token.start, token.end)


def find(
    text: str, language: str, *, stems: Container[str], prefixes: tuple[str, ...] = ()
) -> Iterator[Term]:
    """Those terms of `text` whose stem is one of `stems`, or that begin by one of `prefixes`.

    The same as choosing among the terms of `analyse`, without making the others.
    """
    language = language if language in _STEMMERS else _FALLBACK
    stem_of = _STEMMERS[language]
    stop_words = STOP_WORDS[language]
    capitals_mean_acronym = not shouts(text)
    for start, position, pieces in runs(text):
        for piece in pieces:
            form = piece.form
            stem = stem_of(form)
            if (
                stem not in stems
                and not form.startswith(prefixes)
                and not stem.startswith(prefixes)
            ):
                continue
            is_acronym = piece.is_capitals and len(form) > 1 and capitals_mean_acronym
            if form in stop_words and not is_acronym:
                continue
            yield Term(
                stem, form, position + piece.position, start + piece.start, start + piece.end
            )
