"""The vocabulary as a value, read once a revision and kept by the process.

Every page shows labels; none of them should ask the database for each. One small statement tells
whether the kept value is still true.
"""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import field
from functools import cached_property
from itertools import accumulate
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

import indexer
from indexer.analysis import fold
from inters4.core.content.reading import Renamed
from inters4.core.i18n import current_locale
from inters4.core.values import dataclass
from inters4.vocabulary.models import (
    FormerTerm,
    SynonymGroup,
    SynonymMode,
    VocabularyRevision,
)
from inters4.vocabulary.queries.rows import list_synonym_groups, list_terms

_KEPT_REVISIONS = 4
_KEPT_OPTIONS = 200
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One term as pages need it."""

    id: str
    fr: str
    en: str
    definition_fr: str
    rank: int | None

    def label(self, locale: str | None = None) -> str:
        """The name in the reader's language, French when there is no other."""
        return self.en if (locale or current_locale()) == "en" and self.en else self.fr


@dataclass(frozen=True, slots=True)
class Node:
    """A term and what lies under it."""

    entry: Entry
    children: tuple["Node", ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """Everything, at one revision.

    Attributes:
        revision: token of the revision, empty for a vocabulary not imported yet.
        schemes: terms by id, by scheme, in their order.
        former: ids left, by scheme, each with the id of the term that stands for it.
    """

    revision: str = ""
    schemes: Mapping[str, Mapping[str, Entry]] = field(default_factory=dict)
    groups: tuple[indexer.SynonymGroup, ...] = ()
    former: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __contains__(self, term: tuple[str, str]) -> bool:
        scheme, identifier = term
        return identifier in self.schemes.get(scheme, {})

    def ids(self, scheme: str) -> frozenset[str]:
        """The ids of a scheme."""
        return frozenset(self.schemes.get(scheme, {}))

    def every_id(self) -> dict[str, Collection[str]]:
        """The ids that a file may cite, by scheme: those left too, which name the present one."""
        return {scheme: self.citable(scheme) for scheme in self.schemes}

    def citable(self, scheme: str) -> Renamed:
        """The ids of one scheme that a file may cite, each with the id that stands for it."""
        here = self.schemes.get(scheme, {})
        return Renamed({**self.former.get(scheme, {}), **{one: one for one in here}})

    def present(self, scheme: str, identifier: str) -> str:
        """The id that stands for `identifier` now, itself most often; empty when unknown."""
        if (scheme, identifier) in self:
            return identifier
        return self.former.get(scheme, {}).get(identifier, "")

    def find(self, scheme: str, identifier: str) -> Entry | None:
        """One term, None when unknown; by an id that was left, the term that stands for it.

        An edition kept as it was names terms that moved since: it shows their present names.
        """
        return self.schemes.get(scheme, {}).get(self.present(scheme, identifier))

    def label(self, scheme: str, identifier: str, locale: str | None = None) -> str:
        """The name of a term in the reader's language; its id when the term is gone."""
        entry = self.find(scheme, identifier)
        return entry.label(locale) if entry else identifier

    def labels(self, scheme: str, identifiers: Iterable[str]) -> list[str]:
        """The names of several terms, in the order given."""
        return [self.label(scheme, identifier) for identifier in identifiers]

    def options(
        self, scheme: str, offered: frozenset[str] | None = None
    ) -> tuple[tuple[str, str], ...]:
        """`options_of` a scheme, all of it or what is offered, in the reader's language.

        They are made once, as every list asks again.
        """
        offered = self.ids(scheme) if offered is None else offered
        name = (scheme, offered, current_locale())
        found = self._options.get(name)
        if found is None:
            found = tuple(options_of(self.tree(scheme), offered))
            if len(self._options) >= _KEPT_OPTIONS:
                self._options.clear()
            self._options[name] = found
        return found

    @cached_property
    def _options(
        self,
    ) -> dict[tuple[str, frozenset[str], str], tuple[tuple[str, str], ...]]:
        return {}

    def ancestors(self, identifier: str) -> tuple[str, ...]:
        """What lies above, the farthest first: `a`, `a.b` for `a.b.c`."""
        return tuple(accumulate(identifier.split(".")[:-1], "{}.{}".format))

    def names_over(self, scheme: str, identifiers: Iterable[str]) -> Iterator[str]:
        """The names of terms and of what is above them, in both languages: words that find."""
        for term in identifiers:
            for identifier in (*self.ancestors(term), term):
                if entry := self.find(scheme, identifier):
                    yield from (name for name in (entry.fr, entry.en) if name)

    def tree(self, scheme: str) -> tuple[Node, ...]:
        """The terms of a scheme as a hierarchy, for facets and theme pages."""
        return self._trees.get(scheme, ())

    @cached_property
    def _trees(self) -> Mapping[str, tuple[Node, ...]]:
        return {scheme: _tree(entries) for scheme, entries in self.schemes.items()}

    @cached_property
    def synonyms(self) -> indexer.Synonyms:
        """What the search engine expands; its version is a digest of the groups themselves."""
        written = repr(
            [
                (one.terms, sorted(one.guarded), sorted(one.general), one.id, sorted(one.broader))
                for one in self.groups
            ]
        )
        version = hashlib.blake2b(written.encode(), digest_size=8).hexdigest()
        return indexer.Synonyms(version=version, groups=self.groups)

    def groups_naming(self, *names: str) -> tuple[indexer.SynonymGroup, ...]:
        """The groups of synonyms of which a form is written, whole, in one of `names`."""
        texts = [f" {_bare(name)} " for name in names if name]
        return tuple(
            group
            for group in self.groups
            if any(f" {_bare(form)} " in text for form in group.terms for text in texts)
        )

    def names(self, scheme: str) -> Mapping[str, tuple[str, ...]]:
        """The names of each term of a scheme, in both languages."""
        return self._names.get(scheme, {})

    @cached_property
    def _names(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        return {
            scheme: {term: tuple(filter(None, (one.fr, one.en))) for term, one in entries.items()}
            for scheme, entries in self.schemes.items()
        }


def _bare(text: str) -> str:
    """The folded words of a text, and nothing between them but a space."""
    return " ".join(_WORDS.findall(fold(text)))


def options_of(
    nodes: Iterable[Node], offered: Container[str], *, depth: int = 0
) -> Iterator[tuple[str, str]]:
    """(id, label) of the terms that lead somewhere, those under another set in."""
    for node in nodes:
        under = list(options_of(node.children, offered, depth=depth + 1))
        if under or node.entry.id in offered:
            yield node.entry.id, "\N{EM SPACE}" * depth + node.entry.label()
        yield from under


def _tree(entries: Mapping[str, Entry]) -> tuple[Node, ...]:
    under: dict[str, list[Entry]] = {}
    for entry in entries.values():
        parent = entry.id.rpartition(".")[0]
        under.setdefault(parent if parent in entries else "", []).append(entry)

    def nodes(parent: str) -> tuple[Node, ...]:
        return tuple(Node(entry, nodes(entry.id)) for entry in under.get(parent, ()))

    return nodes("")


_TOKEN = select(VocabularyRevision.__table__.c.token).limit(1)
_kept: "OrderedDict[str, Vocabulary]" = OrderedDict()
_lock = Lock()


def vocabulary(session: Session) -> Vocabulary:
    """The vocabulary as the transaction of `session` sees it."""
    token = session.scalar(_TOKEN)
    if token is None:
        return Vocabulary()
    with _lock:
        found = _kept.get(token)
    if found is None:
        found = _load(session, token)
        with _lock:
            _kept[token] = found
            while len(_kept) > _KEPT_REVISIONS:
                _kept.popitem(last=False)
    return found


def _general_forms(group: SynonymGroup) -> Iterator[str]:
    """Of a one-way group, the first form of each language: what the others are found through."""
    if group.mode is SynonymMode.ONE_WAY:
        yield from (*group.fr[:1], *group.en[:1])


def _load(session: Session, token: str) -> Vocabulary:
    schemes: dict[str, dict[str, Entry]] = {}
    for term in list_terms(session):
        schemes.setdefault(term.scheme, {})[term.id] = Entry(
            term.id, term.fr, term.en, term.definition_fr, term.rank
        )
    groups = tuple(
        indexer.SynonymGroup(
            terms=(*group.abbr, *group.fr, *group.en),
            guarded=frozenset(group.abbr if group.mode is SynonymMode.GUARDED else ()),
            general=frozenset(_general_forms(group)),
            id=group.id,
            broader=frozenset(group.broader),
        )
        for group in list_synonym_groups(session)
    )
    former: dict[str, dict[str, str]] = {}
    for row in session.scalars(select(FormerTerm)):
        former.setdefault(row.scheme, {})[row.id] = row.present
    return Vocabulary(revision=token, schemes=schemes, groups=groups, former=former)
