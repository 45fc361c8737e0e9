"""What a request means: its words with their synonyms, corrected where no document holds them.

One call at the top of every search, whatever the backend.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from indexer.dictionary import Dictionary
from indexer.model import Correction, SearchRequest
from indexer.query import (
    Leaf,
    Query,
    Synonym,
    WordLeaf,
    capitals_count,
    positive_leaves,
    read_query,
)
from indexer.words.correction import Speller, apply_changes
from indexer.words.synonyms import Thesaurus, thesaurus

__all__ = ["Interpretation", "interpret"]

MOST_TOLD = 8
"""Synonyms named on the page."""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """The query to match, and what to say of it."""

    query: Query
    correction: Correction | None = None
    also_searched: tuple[str, ...] = ()


def interpret(
    request: SearchRequest,
    *,
    dictionary: Dictionary,
    finds: Callable[[Leaf], bool],
    supports: Callable[[Leaf, Sequence[Leaf]], float],
) -> Interpretation:
    """Read the text of `request`; unless it is `exact`, add synonyms and correct.

    `finds` says whether a leaf finds anything that the reader may see; `supports` how well it goes
    with others (see `correction.Supports`).
    """
    query = read_query(request.text)
    if request.exact or query.root is None:
        return Interpretation(query)
    known = thesaurus(request.synonyms)
    query = _expanded(query, known)
    speller = Speller(
        dictionary,
        finds=finds,
        supports=supports,
        known=known.words,
        capitals_count=capitals_count(query.text),
    )
    changes = speller.changes(list(positive_leaves(query.root)))
    correction = None
    if changes:
        text = apply_changes(query.text, changes)
        is_applied = all(change.is_certain for change in changes)
        correction = Correction(query.text, text, applied=is_applied)
        if is_applied:
            query = _expanded(read_query(text), known)
    return Interpretation(query, correction, tuple(_told(query, finds)))


def _expanded(query: Query, known: Thesaurus) -> Query:
    root = known.expand(query.root, capitals_count=capitals_count(query.text))
    return replace(query, root=root)


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
