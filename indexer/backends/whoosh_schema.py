"""The schema given to Whoosh: what it indexes and what it stores.

Everything is at module level, because Whoosh pickles the schema into each table of contents. We
analyse; Whoosh is handed stems with their positions. Bodies are not stored here.
"""

from functools import lru_cache

from whoosh import columns, fields, formats

from indexer.analysis import (
    LANGUAGES,
    is_spelt,
    join_spelling,
    read_run,
    shouts,
    split_runs,
    write,
)
from indexer.backends.whoosh_places import Places as PlacesFormat
from indexer.model import Document

__all__ = ["CARD", "FORM", "INDEX_NAME", "KEY", "TEXT", "TITLE", "make_schema", "postings_of"]

INDEX_NAME = "main"
KEY, TITLE, TEXT, FORM, CARD = "key", "title", "text", "form", "card"

GAP = 100
"""Empty positions between two parts of a document, so that no phrase runs from one to the other."""

Places = dict[bytes, list[int]]
"""The places of each term, ascending."""


class TermField(fields.TEXT):  # type: ignore[misc]
    """Stems with positions; we analyse, so that Whoosh never asks it for the terms of a text."""

    def __init__(self) -> None:
        super().__init__(phrase=True)
        self.format = PlacesFormat()


class WordField(fields.FieldType):  # type: ignore[misc]
    """The words of a document as they are written: which ones, and nothing more."""

    def __init__(self) -> None:
        self.format = formats.Existence()
        self.indexed = True
        self.scorable = self.stored = self.unique = False
        self.analyzer = self.vector = self.column_type = None


def make_schema() -> fields.Schema:
    """A new schema; readers use it too, instead of the pickled one."""
    return fields.Schema(
        key=fields.ID(unique=True),
        title=TermField(),
        text=TermField(),
        form=WordField(),
        card=fields.COLUMN(columns.VarBytesColumn()),
    )


def postings_of(document: Document) -> tuple[Places, Places, set[bytes]]:
    """The stems of the title, those of all the rest, and the words of the document as written.

    A keyword may be of any language, so that the chain of each reads it, at the same positions. It
    is no word of the document: it finds, and who says the word itself comes first.
    """
    words: set[bytes] = set()
    title: Places = {}
    rest: Places = {}
    _add(title, document.title, document.language, words)
    base = 0
    for text in (document.abstract, document.body, *(part.text for part in document.attachments)):
        base = _add(rest, text, document.language, words, base=base) + GAP
    for keyword in document.keywords:
        last = base
        for language in LANGUAGES:
            found: Places = {}
            last = max(last, _add(found, keyword, language, set(), base=base))
            for stem, places in found.items():
                rest[stem] = sorted({*rest.get(stem, ()), *places})
        base = last + GAP
    return title, rest, words


def _add(found: Places, text: str, language: str, words: set[bytes], *, base: int = 0) -> int:
    """Add the terms of `text`, from position `base` on; the position of the last one."""
    capitals_mean_acronym = not shouts(text)
    position = last = base
    for run in split_runs(text)[1::2]:
        stems, written, places = _read(run, language, capitals_mean_acronym)
        words.update(written)
        for stem, place in stems:
            last = position + place
            held = found.get(stem)
            if held is None:
                found[stem] = [last]
            elif held[-1] != last:
                held.append(last)
        position += places
    return last


@lru_cache(maxsize=30_000)
def _read(
    run: str,
    language: str,
    capitals_mean_acronym: bool,
) -> tuple[tuple[tuple[bytes, int], ...], tuple[bytes, ...], int]:
    """Of one run of letters: its stems and where they stand, its words as written, its places."""
    read = read_run(run, language, capitals_mean_acronym=capitals_mean_acronym)
    stems = tuple((term.stem.encode(), term.position) for term in read.terms)
    written = tuple(
        join_spelling(
            term.form, write(run[term.start : term.end], is_acronym=term.is_acronym)
        ).encode()
        for term in read.terms
        if is_spelt(term.form)
    )
    return stems, written, read.places
