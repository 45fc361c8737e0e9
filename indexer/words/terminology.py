"""The terms worth proposing while somebody types: names of the vocabulary, and their synonyms.

Made once a vocabulary and kept, so that each letter typed costs two searches in a sorted list.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain

from indexer.analysis import STOP_WORDS, Token, tokenize
from indexer.model import Synonyms

__all__ = ["Terminology", "compounds", "words_of"]

_LAST = "\U0010ffff"
"""After every letter."""
_VERSIONS_KEPT = 4

_kept: list[tuple[tuple[str, ...], Synonyms, "Terminology"]] = []


class Terminology:
    """The terms of one vocabulary, by their words and by what means the same."""

    def __init__(self, terms: Sequence[str], synonyms: Synonyms) -> None:
        groups = [group.terms for group in synonyms.groups]
        everything = dict.fromkeys(chain(terms, *groups))
        tokens = {term: list(tokenize(term)) for term in everything}
        self._by_word = sorted({(one.form, term) for term in tokens for one in tokens[term]})
        self._others: dict[tuple[str, ...], dict[str, None]] = {}
        for group in groups:
            for term in group:
                others = self._others.setdefault(_spelt(tokens[term]), {})
                others.update((other, None) for other in group if other != term)

    @classmethod
    def of(cls, terms: Sequence[str], synonyms: Synonyms) -> "Terminology":
        """That of these terms, kept for the versions in use."""
        named = tuple(terms)
        for known_terms, known_synonyms, known in _kept:
            if known_terms == named and known_synonyms == synonyms:
                return known
        made = cls(named, synonyms)
        _kept[:] = [(named, synonyms, made), *_kept[: _VERSIONS_KEPT - 1]]
        return made

    def beginning(self, prefix: str) -> set[str]:
        """The terms with a word that begins so."""
        first = bisect_left(self._by_word, (prefix,))
        last = bisect_left(self._by_word, (prefix + _LAST,))
        return {term for _, term in self._by_word[first:last]}

    def others(self, words: tuple[str, ...]) -> Sequence[str]:
        """The other terms of the groups of the term that these folded words spell."""
        return tuple(self._others.get(words, ()))


@lru_cache(maxsize=8_192)
def words_of(text: str) -> frozenset[str]:
    """The folded words of a text, compounds whole and in parts."""
    return frozenset(token.form for token in tokenize(text))


def compounds(text: str) -> list[Token]:
    """The words of a text; of a compound, its whole and not its parts."""
    return list(_whole(tokenize(text)))


def _whole(tokens: Iterable[Token]) -> Iterator[Token]:
    end = -1
    for token in tokens:
        if token.start >= end:
            end = token.end
            yield token


def _spelt(tokens: Iterable[Token]) -> tuple[str, ...]:
    forms = (token.form for token in _whole(tokens))
    return tuple(form for form in forms if form not in STOP_WORDS["fr"])
