"""Other ways to say it, from the groups of the vocabulary, at the time of the query.

Words typed side by side that spell a term of a group are found through its other terms as well. A
term of several words lends its synonyms to each of them, in equal parts: a document that says
`CLSC` then holds each word of `centre local de services communautaires`, and nothing else in the
engine needs to know. Terms of a group that means something narrower are found as well, for less.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeGuard

from indexer.analysis import (
    CUT_SHORT,
    fold,
    join_spelling,
)
from indexer.dictionary import spelt_words
from indexer.model import SynonymGroup, Synonyms
from indexer.query import And, Group, Node, Or, Slot, Synonym, WordLeaf, read_pattern, read_words
from indexer.ranking import NARROWER_WEIGHT, SYNONYM_WEIGHT

__all__ = ["Thesaurus", "thesaurus"]

MOST_SYNONYMS = 24
"""Patterns one word is looked up by, besides its own."""
MOST_EXPANDED = 12
"""Terms of one query that are given synonyms: each costs some look-ups."""

Pattern = tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class _Term:
    """One term of a group, as words to recognise and as a phrase to look for.

    `is_found` says whether the other terms of its group find it: one way, only the general ones.
    """

    text: str
    group: int
    is_guarded: bool
    is_found: bool
    words: tuple[frozenset[Pattern], ...]
    patterns: tuple[Pattern, ...]

    def synonyms(self, weight: float) -> Iterator[Synonym]:
        written = None
        if self.is_guarded and len(self.words) == 1:
            written = join_spelling(fold(self.text), self.text)
        for pattern in self.patterns:
            yield Synonym(self.text, pattern, weight, written)


class Thesaurus:
    """The groups of one version, ready to be recognised."""

    def __init__(self, groups: Sequence[SynonymGroup]) -> None:
        self._groups: list[list[_Term]] = []
        self._by_first: dict[Pattern, list[_Term]] = {}
        for number, group in enumerate(groups):
            terms = [
                _read(
                    text,
                    number,
                    is_guarded=text in group.guarded,
                    is_found=not group.general or text in group.general,
                )
                for text in dict.fromkeys(group.terms)
            ]
            self._groups.append(terms)
            for term in terms:
                for pattern in term.words[0] if term.words else ():
                    self._by_first.setdefault(pattern, []).append(term)
        numbers = {group.id: number for number, group in enumerate(groups) if group.id}
        self._narrower: dict[int, list[int]] = {}
        for number, group in enumerate(groups):
            for broader in sorted(group.broader & numbers.keys()):
                self._narrower.setdefault(numbers[broader], []).append(number)
        self.words = dict(spelt_words(term.text for terms in self._groups for term in terms))
        """The words of all terms by folded form, each as rare as a word can be."""

    def expand(self, root: Node | None, *, capitals_count: bool) -> Node | None:
        """The tree with synonyms on its words, those quoted or excluded left alone.

        `capitals_count` is False in a query all in capitals, where they do not tell an acronym.
        """
        if root is None or not self._by_first:
            return root
        return _Expansion(self, capitals_count=capitals_count).node(root)

    def terms_from(self, leaf: WordLeaf) -> list["_Term"]:
        """The terms that may begin with this word, the longest first."""
        found = {
            id(term): term for pattern in leaf.patterns for term in self._by_first.get(pattern, ())
        }
        return sorted(found.values(), key=lambda term: -len(term.words))

    def synonyms(self, typed: list["_Term"], *, words: int) -> tuple[Synonym, ...]:
        """The patterns of the groups of these terms that are not their own, then narrower ones.

        Each of the `words` that spell the terms bears an equal part of their weight.
        """
        own = {pattern for term in typed for pattern in term.patterns}
        found: dict[tuple[str, Pattern], Synonym] = {}
        groups = list(dict.fromkeys(term.group for term in typed))
        narrower = [one for group in groups for one in self._narrower.get(group, ())]
        for some, weight in ((groups, SYNONYM_WEIGHT), (narrower, NARROWER_WEIGHT)):
            for group in some:
                for term in filter(_is_found, self._groups[group]):
                    for one in term.synonyms(weight / words):
                        found.setdefault((one.text, one.slots), one)
        return tuple([one for one in found.values() if one.slots not in own][:MOST_SYNONYMS])


class _Expansion:
    """One query being given its synonyms."""

    def __init__(self, known: Thesaurus, *, capitals_count: bool) -> None:
        self._known = known
        self._capitals_count = capitals_count
        self._expanded = 0

    def node(self, node: Node) -> Node:
        match node:
            case Group(children) | And(children):
                return type(node)(tuple(self._run(children)))
            case Or(children):
                return Or(tuple(self.node(child) for child in children))
            case WordLeaf():
                return next(self._run((node,)))
            case _:
                return node

    def _run(self, children: Sequence[Node]) -> Iterator[Node]:
        """The children in order, each run of them that spells a term given its synonyms."""
        at = 0
        while at < len(children):
            end, terms = self._longest(children, at)
            if not terms or self._expanded >= MOST_EXPANDED:
                child = children[at]
                yield child if isinstance(child, WordLeaf) else self.node(child)
                at += 1
                continue
            self._expanded += 1
            run = children[at:end]
            words = sum(isinstance(one, WordLeaf) and not one.is_optional for one in run)
            synonyms = self._known.synonyms(terms, words=words)
            for child in run:
                if isinstance(child, WordLeaf) and not child.is_optional:
                    yield replace(child, synonyms=synonyms)
                else:
                    yield child
            at = end

    def _longest(self, children: Sequence[Node], at: int) -> tuple[int, list[_Term]]:
        """Where the longest run from `at` that spells terms ends, and these terms."""
        first = children[at]
        found: list[_Term] = []
        end = at
        if not _is_plain(first) or first.is_optional:
            return end, found
        for term in self._known.terms_from(first):
            if found and len(term.words) < len(found[0].words):
                break
            stop = _spelt_until(term, children, at)
            if stop is None or (term.is_guarded and not (self._capitals_count and _shows(first))):
                continue
            found.append(term)
            end = max(end, stop)
        return end, found


_kept: list[tuple[Synonyms, Thesaurus]] = []
_VERSIONS_KEPT = 4


def thesaurus(synonyms: Synonyms) -> Thesaurus:
    """The thesaurus of a value, kept for the versions in use."""
    for value, known in _kept:
        if value is synonyms or value == synonyms:
            return known
    known = Thesaurus(synonyms.groups)
    _kept[:] = [(synonyms, known), *_kept[: _VERSIONS_KEPT - 1]]
    return known


def _is_found(term: _Term) -> bool:
    return term.is_found


def _read(text: str, group: int, *, is_guarded: bool, is_found: bool) -> _Term:
    words = tuple(frozenset(filter(_is_sure, leaf.patterns)) for leaf in read_words(text))
    return _Term(text, group, is_guarded, is_found, words, read_pattern(text))


def _is_sure(pattern: Pattern) -> bool:
    """Whether it recognises a word by more than its root: Snowball goes too far for that."""
    return not any(slot.stem.endswith(CUT_SHORT) for slot in pattern)


def _is_plain(node: Node) -> TypeGuard[WordLeaf]:
    return isinstance(node, WordLeaf) and not node.is_quoted


def _shows(leaf: WordLeaf) -> bool:
    """Whether the word was typed in capitals."""
    return leaf.written is not None and leaf.written.text.isupper()


def _spelt_until(term: _Term, children: Sequence[Node], at: int) -> int | None:
    """Where the words of `term`, spelt from `at` on, end; None when they are not there."""
    in_title = None
    for words in term.words:
        while at < len(children) and in_title is not None and _is_idle(children[at]):
            at += 1
        if at == len(children):
            return None
        leaf = children[at]
        if not _is_plain(leaf) or words.isdisjoint(leaf.patterns):
            return None
        if in_title is not None and leaf.in_title is not in_title:
            return None
        in_title = leaf.in_title
        at += 1
    return at


def _is_idle(node: Node) -> bool:
    return isinstance(node, WordLeaf) and node.is_optional
