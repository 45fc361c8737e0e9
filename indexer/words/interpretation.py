"""What a request means: its words with their synonyms, corrected where no document holds them.

One call at the top of every search, whatever the backend.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from indexer.dictionary import Dictionary
from indexer.model import Correction, SearchRequest, UnmetField
from indexer.query import (
    FacetLeaf,
    Leaf,
    Query,
    Synonym,
    WordLeaf,
    capitals_count,
    positive_leaves,
    read_query,
)
from indexer.words.changes import Change, apply_changes
from indexer.words.correction import Speller
from indexer.words.naming import Nomenclature, nomenclature
from indexer.words.synonyms import Thesaurus, thesaurus

__all__ = ["Interpretation", "interpret"]

MOST_TOLD = 8
"""Synonyms named on the page."""
MOST_UNMET = 3
"""Fields named on the page."""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """The query to match, and what to say of it."""

    query: Query
    correction: Correction | None = None
    also_searched: tuple[str, ...] = ()
    unmet: tuple[UnmetField, ...] = ()


def interpret(
    request: SearchRequest,
    *,
    dictionary: Dictionary,
    finds: Callable[[Leaf], bool],
    supports: Callable[[Leaf, Sequence[Leaf]], float],
) -> Interpretation:
    """Read the text of `request`, values of fields by name; unless `exact`, expand and correct.

    `finds` says whether a leaf finds anything that the reader may see; `supports` how well it goes
    with others (see `correction.Supports`).
    """
    names = nomenclature(request.names)
    query = _named(read_query(request.text), names)
    unmet = tuple(_unmet(query, finds))
    if request.exact or query.root is None:
        return Interpretation(query, unmet=unmet)
    known = thesaurus(request.synonyms)
    query = _expanded(query, known)

    def leads(change: Change) -> bool:
        changed = read_query(apply_changes(query.text, [change]))
        return _finds_by(_expanded(changed, known), change, finds)

    speller = Speller(
        dictionary,
        leads=leads,
        finds=finds,
        supports=supports,
        known={**names.words, **known.words},
        capitals_count=capitals_count(query.text),
    )
    changes = speller.changes(list(positive_leaves(query.root)))
    correction = None
    if changes:
        text = apply_changes(query.text, changes)
        is_applied = all(change.is_certain for change in changes)
        correction = Correction(query.text, text, applied=is_applied)
        if is_applied:
            query = _expanded(_named(read_query(text), names), known)
    return Interpretation(query, correction, tuple(_told(query, finds)), unmet)


def _named(query: Query, names: Nomenclature) -> Query:
    return replace(query, root=names.resolve(query.root))


def _unmet(query: Query, finds: Callable[[Leaf], bool]) -> Iterator[UnmetField]:
    """The first fields typed whose value nothing seen holds."""
    fields = dict.fromkeys(
        leaf for leaf in positive_leaves(query.root) if isinstance(leaf, FacetLeaf)
    )
    for leaf in islice(fields, MOST_UNMET):
        if not finds(leaf):
            yield UnmetField(leaf.facet, leaf.written.text if leaf.written else leaf.value)


def _expanded(query: Query, known: Thesaurus) -> Query:
    root = known.expand(query.root, capitals_count=capitals_count(query.text))
    return replace(query, root=root)


def _finds_by(query: Query, change: Change, finds: Callable[[Leaf], bool]) -> bool:
    """Whether the query, once changed, finds something by the new word, or needs it no more."""
    leaves = list(positive_leaves(query.root))
    end = change.typed.start + len(change.meant)
    here = [
        leaf
        for leaf in leaves
        if isinstance(leaf, WordLeaf)
        and leaf.written
        and leaf.written.start < end
        and change.typed.start < leaf.written.end
    ]
    demanding = [leaf for leaf in here if not leaf.is_optional]
    return any(map(finds, demanding)) if demanding else len(leaves) > len(here)


def _told(query: Query, finds: Callable[[Leaf], bool]) -> Iterator[str]:
    """The other terms that find something the reader may see, each once.

    One that says the words typed in another form is not told.
    """
    ways: dict[str, list[WordLeaf]] = {}
    typed: set[str] = set()
    for leaf in positive_leaves(query.root):
        if not isinstance(leaf, WordLeaf):
            continue
        typed.update(slot.stem for pattern in leaf.patterns for slot in pattern)
        for synonym in leaf.synonyms:
            part = WordLeaf((), synonyms=(synonym,), in_title=leaf.in_title)
            ways.setdefault(synonym.text, []).append(part)
    told = 0
    for text, parts in ways.items():
        is_new = not any(_is_said(part.synonyms[0], typed) for part in parts)
        if is_new and told < MOST_TOLD and any(finds(part) for part in parts):
            told += 1
            yield text


def _is_said(synonym: Synonym, typed: set[str]) -> bool:
    return all(slot.stem in typed for slot in synonym.slots)
