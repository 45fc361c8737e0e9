"""Values of typed fields by what people call them: `region:montréal`, `theme:"santé mentale"`.

A value bears what was typed when all its words, in whatever form, are among those of one of its
names. One whose whole name was typed is meant alone: `theme:soins` is not every kind of care when
a theme is called so. `region:mont*` means those with a word that begins so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, zip_longest

from indexer.analysis import LANGUAGES, Term, analyse, tokenize
from indexer.dictionary import Word, spelt_words
from indexer.model import Names
from indexer.query import And, FacetLeaf, Group, Node, Not, Or

__all__ = ["Nomenclature", "nomenclature"]

_Words = frozenset[str]


class Nomenclature:
    """The names of one version, read when a field is first typed."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._read: dict[str, tuple[tuple[str, _Words], ...]] = {}
        self._spelt: Mapping[str, Word] | None = None

    @property
    def words(self) -> Mapping[str, Word]:
        """The words of all names by folded form, each as rare as a word can be."""
        if self._spelt is None:
            facets = self._names.by_facet.values()
            self._spelt = dict(
                spelt_words(one for named in facets for called in named.values() for one in called)
            )
        return self._spelt

    def is_of(self, names: Names) -> bool:
        """Whether it was read from this version."""
        return self._names == names

    def resolve(self, node: Node | None) -> Node | None:
        """The tree whose fields know the values that bear their names."""
        return node if node is None or not self._names.by_facet else self._node(node)

    def values(self, facet: str, typed: str) -> tuple[str, ...]:
        """The values of `facet` that `typed` names."""
        known = self._of(facet)
        wanted = set(_readings(typed))
        whole = {value: None for value, words in known if words in wanted}
        if whole:
            return tuple(whole)
        return tuple({value: None for value, words in known if any(one <= words for one in wanted)})

    def values_begun(self, facet: str, beginning: str) -> tuple[str, ...]:
        """The values of `facet` with a name of which a word begins so, folded."""
        return tuple(
            value
            for value, called in self._names.by_facet.get(facet, {}).items()
            if any(
                token.form.startswith(beginning)
                for token in chain.from_iterable(map(tokenize, called))
            )
        )

    def _node(self, node: Node) -> Node:
        match node:
            case Group(children) | And(children) | Or(children):
                return type(node)(tuple(self._node(child) for child in children))
            case Not(child):
                return Not(self._node(child))
            case FacetLeaf(facet, value):
                if node.is_prefix:
                    return replace(node, named=self.values_begun(facet, value))
                typed = node.written.text if node.written else value
                return replace(node, named=self.values(facet, typed))
            case _:
                return node

    def _of(self, facet: str) -> tuple[tuple[str, _Words], ...]:
        if facet not in self._read:
            self._read[facet] = tuple(_read(self._names.by_facet.get(facet, {})))
        return self._read[facet]


def _read(names: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, _Words]]:
    for value, called in names.items():
        for name in called:
            for words in _readings(name):
                yield value, words


def _readings(text: str) -> Iterator[_Words]:
    """The stems of `text`, for each language: all, compounds whole, compounds in parts."""
    found: dict[_Words, None] = {}
    for language in LANGUAGES:
        terms = list(analyse(text, language)) or list(analyse(text, language, keep_stop_words=True))
        whole, parts = list(_whole(terms)), list(_parts(terms))
        found.update((frozenset(term.stem for term in one), None) for one in (terms, whole, parts))
    return filter(None, found)


def _whole(terms: Sequence[Term]) -> Iterator[Term]:
    end = -1
    for term in terms:
        if term.start >= end:
            end = term.end
            yield term


def _parts(terms: Sequence[Term]) -> Iterator[Term]:
    for term, following in zip_longest(terms, terms[1:]):
        if following is None or following.start >= term.end:
            yield term


_kept: list[Nomenclature] = []
_VERSIONS_KEPT = 4


def nomenclature(names: Names) -> Nomenclature:
    """The nomenclature of a value, kept for the versions in use."""
    for known in _kept:
        if known.is_of(names):
            return known
    known = Nomenclature(names)
    _kept[:] = [known, *_kept[: _VERSIONS_KEPT - 1]]
    return known
