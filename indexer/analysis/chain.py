"""The chain: tokens -> stop words left out -> stems.

A stop word leaves its position empty, so that phrases stay honest. Written in capitals inside a
text that is not, it is an acronym and stays (`accident du travail (AT)`, `CIUSSS de l'EST`).
"""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

from indexer.analysis.english import stem_english
from indexer.analysis.french import stem_french
from indexer.analysis.stopwords import STOP_WORDS
from indexer.analysis.tokens import RUN, pieces_of, tokenize, width_of

__all__ = ["ANALYSIS_VERSION", "LANGUAGES", "Finder", "Term", "analyse", "shouts"]

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


class Finder:
    """Finds in texts the words whose stem is one of `stems`, or that begin by one of `prefixes`.

    The same as choosing among the terms of `analyse`, without making the others: texts repeat
    their words, and each is judged once.
    """

    def __init__(self, language: str, *, stems: Container[str], prefixes: tuple[str, ...]) -> None:
        language = language if language in _STEMMERS else _FALLBACK
        self._stem = _STEMMERS[language]
        self._stop_words = STOP_WORDS[language]
        self._stems = stems
        self._prefixes = prefixes
        self._judged: dict[str, tuple[int, tuple[tuple[Term, bool], ...]]] = {}

    def find(self, text: str) -> Iterator[Term]:
        """Those terms of `text`, in order."""
        judged = self._judged
        capitals_mean_acronym = not shouts(text)
        position = 0
        for run in RUN.finditer(text):
            written = run.group()
            known = judged.get(written)
            if known is None:
                known = judged[written] = self._judge(run)
            for term, is_capitals in known[1]:
                is_acronym = is_capitals and len(term.form) > 1 and capitals_mean_acronym
                if term.form in self._stop_words and not is_acronym:
                    continue
                start = run.start()
                yield Term(
                    term.stem,
                    term.form,
                    position + term.position,
                    start + term.start,
                    start + term.end,
                )
            position += known[0]

    def _judge(self, run: re.Match[str]) -> tuple[int, tuple[tuple[Term, bool], ...]]:
        """How many positions a run takes, and what is wanted of it: terms, written in capitals."""
        pieces = pieces_of(run)
        wanted = []
        for piece in pieces:
            stem = self._stem(piece.form)
            if stem in self._stems or (self._prefixes and self._is_begun(stem, piece.form)):
                term = Term(stem, piece.form, piece.position, piece.start, piece.end)
                wanted.append((term, piece.is_capitals))
        return width_of(pieces), tuple(wanted)

    def _is_begun(self, stem: str, form: str) -> bool:
        return form.startswith(self._prefixes) or stem.startswith(self._prefixes)
