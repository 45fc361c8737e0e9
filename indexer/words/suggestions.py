"""Completions of what is being typed, from what this reader may see.

Titles, terms of the vocabulary and frequent words. The last word is the one being typed; the others
must be there, in any order; accents, case and small words do not matter, and `d'app` completes like
`app`. A term or a word is proposed only if searching it finds something.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Protocol

from indexer.analysis import STOP_WORDS, tokenize
from indexer.dictionary import Dictionary, Word
from indexer.model import Suggestion, Synonyms
from indexer.query import Slot, WordLeaf, read_pattern, read_words
from indexer.words.terminology import Terminology, compounds, words_of

__all__ = ["MOST_TYPED", "Titled", "suggest", "typed_words"]

TITLE, TERM, WORD = "title", "term", "word"

MOST_TYPED = 200
"""Letters looked at."""
_SHORTEST = 3
"""Letters from which a word is proposed."""
_FREQUENT = 2
"""Documents that must hold a word before it is proposed."""
_MOST_TERMS = 3
_TERMS_TRIED = 8
_MOST_WORDS = 3
_WORDS_COUNTED = 16
_NO_SYNONYMS = Synonyms()


class Titled(Protocol):
    """What a suggestion needs of a document."""

    @property
    def key(self) -> str:
        """Its key."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def sort_title(self) -> str:
        """Its title, folded."""

    @property
    def date(self) -> datetime.date | None:
        """Its date."""


@dataclass(frozen=True, slots=True)
class _Typed:
    """The folded words already typed, and the beginning of the next."""

    words: tuple[str, ...]
    prefix: str

    @property
    def whole(self) -> tuple[str, ...]:
        """All of it, read as a whole term."""
        return (*self.words, self.prefix)


def typed_words(text: str) -> list[str]:
    """The folded words that a title must hold, the last as a beginning; small words left out."""
    *before, last = [token.form for token in compounds(text[:MOST_TYPED])] or [""]
    words = [word for word in before if word not in STOP_WORDS["fr"]]
    return [*words, last] if last else []


def suggest(
    text: str,
    titles: Iterable[Titled],
    *,
    dictionary: Dictionary,
    finds: Callable[[Sequence[WordLeaf]], bool],
    terms: Sequence[str] = (),
    synonyms: Synonyms = _NO_SYNONYMS,
    limit: int,
) -> tuple[Suggestion, ...]:
    """At most `limit` completions: terms, frequent words, then titles.

    `titles` are visible documents, those whose title may match at least; `finds` says whether one
    visible document holds all these leaves.
    """
    words = typed_words(text)
    if not words or limit <= 0:
        return ()
    typed = _Typed(tuple(words[:-1]), words[-1])
    found: dict[str, Suggestion] = {}
    known = Terminology.of(terms, synonyms)
    for name in islice(_terms(text, typed, known, finds), _MOST_TERMS):
        found.setdefault(name.casefold(), Suggestion(name, TERM))
    for name in islice(_words(text, typed, dictionary, finds), _MOST_WORDS):
        found.setdefault(name.casefold(), Suggestion(name, WORD))
    named = _titles(typed, titles, limit)
    return (*islice(found.values(), max(limit // 2, limit - len(named))), *named)[:limit]


def _titles(typed: _Typed, titles: Iterable[Titled], limit: int) -> tuple[Suggestion, ...]:
    """Titles holding every word typed, those that begin alike first, then the newest."""
    likely = [one for one in titles if _may_hold(one, typed)]
    first = typed.words[0] if typed.words else typed.prefix

    def rank(one: Titled) -> tuple[bool, int, str]:
        day = one.date.toordinal() if one.date else 0
        return not _begins(one.title, first), -day, one.key

    found = (one for one in sorted(likely, key=rank) if _holds(one.title, typed))
    return tuple(Suggestion(one.title, TITLE, one.key) for one in islice(found, limit))


def _may_hold(one: Titled, typed: _Typed) -> bool:
    """A quick look before the title is cut into words."""
    letters = one.sort_title.replace("-", "").replace("'", "")
    return typed.prefix in letters and all(word in letters for word in typed.words)


def _holds(text: str, typed: _Typed) -> bool:
    held = words_of(text)
    return held.issuperset(typed.words) and any(form.startswith(typed.prefix) for form in held)


def _terms(
    text: str,
    typed: _Typed,
    known: Terminology,
    finds: Callable[[Sequence[WordLeaf]], bool],
) -> Iterator[str]:
    """The other terms for what was typed whole, those that begin so, then those that hold it.

    Only those that find something; those first that bear the accents typed.
    """
    if len(typed.prefix) < _SHORTEST:
        return
    held = [term for term in known.beginning(typed.prefix) if _holds(term, typed)]
    first = typed.words[0] if typed.words else typed.prefix
    last = text.casefold().split()[-1]
    held.sort(
        key=lambda term: (
            not _begins(term, first),
            last not in term.casefold(),
            len(term),
            term,
        )
    )
    tried = dict.fromkeys([*known.others(typed.whole), *held])
    for term in islice(tried, _TERMS_TRIED):
        patterns = _pattern(term)
        if patterns and finds([WordLeaf(patterns)]):
            yield term


@lru_cache(maxsize=2_048)
def _pattern(term: str) -> tuple[tuple[Slot, ...], ...]:
    return read_pattern(term)


def _begins(text: str, form: str) -> bool:
    return _first_word(text).startswith(form)


@lru_cache(maxsize=8_192)
def _first_word(text: str) -> str:
    return next((token.form for token in tokenize(text)), "\n")


def _words(
    text: str, typed: _Typed, dictionary: Dictionary, finds: Callable[[Sequence[WordLeaf]], bool]
) -> Iterator[str]:
    """What was typed with its last word completed, the most frequent completion first."""
    if len(typed.prefix) < _SHORTEST:
        return
    common = dictionary.common(typed.prefix, limit=_WORDS_COUNTED)
    longer = [word for word in common if word.form != typed.prefix]
    counted = [(dictionary.visible_frequency(word), word) for word in longer]
    counted.sort(key=lambda pair: (-pair[0], pair[1].key))
    start = compounds(text[:MOST_TYPED])[-1].start
    before = text[:MOST_TYPED][:start]
    others = read_words(" ".join(typed.words))
    seen: set[tuple[object, ...]] = set()
    for frequency, word in counted:
        leaves = _leaves_of(word)
        if frequency < _FREQUENT or not leaves or leaves[0].patterns in seen:
            continue
        seen.add(leaves[0].patterns)
        if not others or finds([*others, *leaves]):
            yield before.lstrip() + word.written


@lru_cache(maxsize=2_048)
def _leaves_of(word: Word) -> tuple[WordLeaf, ...]:
    return read_words(word.written)
