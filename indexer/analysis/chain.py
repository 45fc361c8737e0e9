"""The chain: tokens -> stop words left out -> stems.

A stop word leaves its position empty, so that phrases stay honest. Written in capitals inside a
text that is not, it is an acronym and stays (`accident du travail (AT)`, `CIUSSS de l'EST`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from indexer.analysis.english import stem_english
from indexer.analysis.french import stem_french
from indexer.analysis.stopwords import is_stop_word
from indexer.analysis.tokens import Token, split_runs, tokenize

__all__ = ["ANALYSIS_VERSION", "LANGUAGES", "Run", "Term", "analyse", "read_run", "shouts"]

ANALYSIS_VERSION = 6
"""Raised by any change that makes old indexes answer differently: they are then rebuilt."""

_STEMMERS = {"fr": stem_french, "en": stem_english}
LANGUAGES = tuple(_STEMMERS)
"""A query runs through the chain of each of them: documents of any language may answer."""

_FALLBACK = "fr"
_PREFIXES = frozenset({"trans", "sous", "plus", "hors"})
_LONGEST_REMEMBERED = 40


@dataclass(frozen=True, slots=True)
class Term:
    """A searchable token: `stem` is what is indexed, `form` the folded word behind it."""

    stem: str
    form: str
    position: int
    start: int
    end: int
    is_acronym: bool = False


def shouts(text: str) -> bool:
    """Whether capitals mean nothing here, because several words hold nothing else."""
    return not any(letter.islower() for letter in text) and len(text.split()) > 1


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of letters gives: terms counted from its beginning, and the places it takes.

    `stems` are those of the terms, to tell at once whether one is sought.
    """

    terms: tuple[Term, ...]
    places: int
    stems: frozenset[str]


def analyse(
    text: str,
    language: str = "fr",
    *,
    keep_stop_words: bool = False,
    capitals_mean_acronym: bool | None = None,
) -> Iterator[Term]:
    """The terms of `text` by the chain of `language` (French when there is none).

    `capitals_mean_acronym` is for a part of a whole, which tells an acronym from shouting; by
    default `text` is the whole.
    """
    if capitals_mean_acronym is None:
        capitals_mean_acronym = not shouts(text)
    start = position = 0
    for at, word in enumerate(split_runs(text)):
        if at % 2:
            run = read_run(
                word,
                language,
                keep_stop_words=keep_stop_words,
                capitals_mean_acronym=capitals_mean_acronym,
            )
            for term in run.terms:
                yield Term(
                    term.stem,
                    term.form,
                    position + term.position,
                    start + term.start,
                    start + term.end,
                    term.is_acronym,
                )
            position += run.places
        start += len(word)


def read_run(
    word: str, language: str, *, keep_stop_words: bool = False, capitals_mean_acronym: bool
) -> Run:
    """The terms of one run (see `split_runs`).

    Texts repeat their words: what a run gives is remembered, and most are never cut again.
    """
    read = _read_run if len(word) <= _LONGEST_REMEMBERED else _read_run.__wrapped__
    return read(word, language, keep_stop_words, capitals_mean_acronym)


@lru_cache(maxsize=60_000)
def _read_run(
    word: str,
    language: str,
    keep_stop_words: bool,
    capitals_mean_acronym: bool,
) -> Run:
    language = language if language in _STEMMERS else _FALLBACK
    terms = []
    places = 0
    for token in tokenize(word):
        places = max(places, token.position + 1)
        is_acronym = token.is_capitals and len(token.form) > 1 and capitals_mean_acronym
        is_kept = is_acronym or keep_stop_words
        if not is_kept and is_stop_word(token.form, word[token.start : token.end], language):
            continue
        terms.append(
            Term(
                _stem(token, language),
                token.form,
                token.position,
                token.start,
                token.end,
                is_acronym,
            )
        )
    return Run(tuple(terms), places, frozenset(term.stem for term in terms))


def _stem(token: Token, language: str) -> str:
    """Of a French compound each part is stemmed: `nouveaux-nés` is `nouveau-né`.

    A part is put down as it stands when it is the beginning of solid words (`transgenre`).
    """
    if language != "fr" or not token.parts:
        return _STEMMERS[language](token.form)
    *heads, last = token.parts
    stems = [head if head in _PREFIXES else stem_french(head) for head in heads]
    return stem_french("".join([*stems, last]))
