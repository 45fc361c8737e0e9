"""The schema given to Whoosh: what it indexes and what it stores.

Everything is at module level, because Whoosh pickles the schema into each table of contents. We
analyse; Whoosh is handed stems with their positions. Bodies are not stored here.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from whoosh import columns, fields, formats

from indexer.analysis import LANGUAGES, Term, analyse, is_spelt, join_spelling, write
from indexer.backends.whoosh_places import Places
from indexer.model import Document

__all__ = ["CARD", "FORM", "INDEX_NAME", "KEY", "TEXT", "TITLE", "make_schema", "postings_of"]

INDEX_NAME = "main"
KEY, TITLE, TEXT, FORM, CARD = "key", "title", "text", "form", "card"

GAP = 100
"""Empty positions between two parts of a document, so that no phrase runs from one to the other."""

Posting = tuple[str, int]


class TermField(fields.TEXT):  # type: ignore[misc]
    """A text field whose value is stems with positions, already analysed."""

    def __init__(self) -> None:
        super().__init__(phrase=True)
        self.format = Places()

    def index(
        self, value: Iterable[Posting], **_kwargs: object
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        """What Whoosh writes: term, frequency, weight and encoded positions."""
        places: dict[str, set[int]] = defaultdict(set)
        for stem, position in value:
            places[stem].add(position)
        for stem, found in places.items():
            encoded = self.format.encode(sorted(found))
            yield stem.encode(), len(found), float(len(found)), encoded


class WordField(fields.FieldType):  # type: ignore[misc]
    """The words of a document as they are written: which ones, and nothing more."""

    def __init__(self) -> None:
        self.format = formats.Existence()
        self.indexed = True
        self.scorable = self.stored = self.unique = False
        self.analyzer = self.vector = self.column_type = None

    def index(
        self, value: Iterable[str], **_kwargs: object
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        """What Whoosh writes: the word, and that it is there."""
        for word in value:
            yield word.encode(), 1, 1.0, b""


def make_schema() -> fields.Schema:
    """A new schema; readers use it too, instead of the pickled one."""
    return fields.Schema(
        key=fields.ID(unique=True),
        title=TermField(),
        text=TermField(),
        form=WordField(),
        card=fields.COLUMN(columns.VarBytesColumn()),
    )


def postings_of(document: Document) -> tuple[list[Posting], list[Posting], set[str]]:
    """The postings of the title, those of all the rest, and the words of both as written.

    A keyword may be of any language, so that the chain of each reads it, at the same positions.
    """
    words: set[str] = set()
    title = [
        (term.stem, term.position) for term in _terms(document.title, document.language, words)
    ]
    rest: list[Posting] = []
    base = 0
    own = (document.language,)
    texts = [document.abstract, document.body, *(part.text for part in document.attachments)]
    parts = [(text, own) for text in texts] + [(text, LANGUAGES) for text in document.keywords]
    for text, languages in parts:
        last = base
        for language in languages:
            for term in _terms(text, language, words):
                rest.append((term.stem, base + term.position))
                last = max(last, base + term.position)
        base = last + GAP
    return title, rest, words


def _terms(text: str, language: str, words: set[str]) -> Iterator[Term]:
    """The terms of `text`, each noted in `words` as it is written."""
    for term in analyse(text, language):
        if is_spelt(term.form):
            written = write(text[term.start : term.end], is_acronym=term.is_acronym)
            words.add(join_spelling(term.form, written))
        yield term
