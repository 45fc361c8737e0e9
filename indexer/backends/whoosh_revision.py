"""One commit opened for reading: a Whoosh searcher, the cards of its documents, and their texts.

Opened afresh for each commit, never refreshed: `Searcher.refresh()` of Whoosh goes on showing
documents deleted since. Nothing is memory-mapped, because a mapped file cut short kills the process
that reads it. Whoosh is used under `lock`, since its files have one reading position each.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.reading import EmptyReader, IndexReader, MultiReader, SegmentReader
from whoosh.searching import Searcher

from indexer.analysis import SPELT, beginning_of, root_of, split_spelling
from indexer.backends.whoosh_schema import CARD, FORM, INDEX_NAME, make_schema
from indexer.backends.whoosh_sidecars import SIDECARS
from indexer.dictionary import SortedWords, Word
from indexer.evaluation import Card, decode_card
from indexer.model import Document, Revision
from indexer.store import HeldFiles, Verifier, read_manifest

__all__ = ["OpenRevision", "open_revision"]

MOST_EXPANSIONS = 128

Occurrences = dict[int, tuple[float, list[int]]]
"""How often, and at which positions, by document."""


class OpenRevision:
    """What one commit of one generation holds."""

    def __init__(
        self,
        directory: Path,
        *,
        generation: int,
        verifier: Verifier,
        earlier: "OpenRevision | None" = None,
    ) -> None:
        """Open the last commit in `directory`, reusing the cards `earlier` has read already.

        Raises:
            Damage: the files are not what was committed.
            FileNotFoundError: one vanished; a writer may have moved on meanwhile, try again.
        """
        self.lock = threading.Lock()
        self._words: SortedWords | None = None
        manifest = read_manifest(directory).without(*SIDECARS)
        verifier.verify(directory, manifest)
        self.revision = Revision(generation, manifest.commit)
        self.files = HeldFiles(directory, manifest, verifier)
        try:
            self._searcher = self._open_searcher()
        except BaseException:
            self.files.close()
            raise
        try:
            self._load_cards(earlier)
        except BaseException:
            self.close()
            raise

    def _open_searcher(self) -> Searcher:
        storage = FileStorage(str(self.files.directory), supports_mmap=False, readonly=True)
        schema = make_schema()
        commit = self.revision.commit
        toc = TOC.read(storage, INDEX_NAME, gen=commit, schema=schema)
        readers: list[IndexReader] = []
        try:
            for segment in toc.segments:
                readers.append(SegmentReader(storage, schema, segment, generation=commit))  # noqa: PERF401 - those opened are closed on failure
        except BaseException:
            for reader in readers:
                reader.close()
            raise
        if not readers:
            whole = EmptyReader(schema)
        elif len(readers) == 1:
            whole = readers[0]
        else:
            whole = MultiReader(readers, generation=commit)
        return Searcher(whole)

    def _load_cards(self, earlier: "OpenRevision | None") -> None:
        known = earlier.cards_by_segment if earlier else {}
        self.cards_by_segment: dict[str, list[Card]] = {}
        self.cards: list[Card] = []
        self.live: list[int] = []
        reader = self._searcher.reader()
        for leaf, offset in reader.leaf_readers() if self.files.manifest.documents else ():
            segment = leaf.segment().segment_id()
            cards = known.get(segment)
            if cards is None:
                column = leaf.column_reader(CARD, translate=False)
                cards = [decode_card(bytes(column[n])) for n in range(leaf.doc_count_all())]
            self.cards_by_segment[segment] = cards
            self.cards.extend(cards)
            self.live.extend(
                offset + number for number in range(len(cards)) if not leaf.is_deleted(number)
            )
        self.numbers = {self.cards[number].key: number for number in self.live}

    def card_of(self, number: int) -> Card:
        """The card of a document number of this revision."""
        return self.cards[number]

    @property
    def live_count(self) -> int:
        """How many documents it holds."""
        return len(self.live)

    def digests(self) -> Mapping[str, str]:
        """The digest of every live document, by key."""
        return {key: self.cards[number].digest for key, number in self.numbers.items()}

    def number_of(self, key: str) -> int | None:
        """The live document with this key."""
        return self.numbers.get(key)

    def audience_of(self, number: int) -> str:
        """The audience of a document."""
        return self.cards[number].audience

    def document(self, number: int) -> Document:
        """The whole document, from the text store."""
        card = self.cards[number]
        return self.files.texts.read(card.text_start, card.text_length)

    def visible(self, audiences: frozenset[str], languages: frozenset[str]) -> frozenset[int]:
        """The documents of these audiences, in these languages (any when empty)."""
        cards = self.cards
        return frozenset(
            number
            for number in self.live
            if cards[number].audience in audiences
            and (not languages or cards[number].language in languages)
        )

    def occurrences(self, field: str, stem: str, *, positions: bool) -> Occurrences:
        """Where a stem stands in a field, and how often."""
        if not self.cards or (field, stem) not in self._searcher.reader():
            return {}
        found: Occurrences = {}
        matcher = self._searcher.reader().postings(field, stem)
        while matcher.is_active():
            places = matcher.value_as("positions") if positions else []
            found[matcher.id()] = (matcher.weight(), places)
            matcher.next()
        return found

    def length(self, field: str, number: int) -> int:
        """How many terms a document has in a field, within an eighth of it."""
        return int(self._searcher.reader().doc_field_length(number, field) or 0)

    @property
    def words(self) -> SortedWords:
        """Every word of the index as written, listed at first need."""
        if self._words is None:
            reader = self._searcher.reader()
            listed = [
                (key.decode(), info.doc_frequency())
                for (field, key), info in (reader.iter_from(FORM, "") if self.cards else ())
                if field == FORM
            ]
            self._words = SortedWords([key for key, _ in listed], [one for _, one in listed])
        return self._words

    def words_from(self, prefix: str) -> Iterator[Word]:
        """Every word whose key begins with `prefix`, without listing the others."""
        if self.cards:
            reader = self._searcher.reader()
            for key in reader.expand_prefix(FORM, prefix):
                frequency = reader.doc_frequency(FORM, key)
                yield Word(*split_spelling(key.decode()), int(frequency))

    def holders(self, key: str) -> list[int]:
        """The documents that hold a word as written."""
        if not self.cards or (FORM, key) not in self._searcher.reader():
            return []
        return list(self._searcher.reader().postings(FORM, key).all_ids())

    def holders_of_form(self, form: str) -> set[int]:
        """The documents that hold a folded form, however it is written."""
        if not self.cards:
            return set()
        reader = self._searcher.reader()
        keys = [key.decode() for key in reader.expand_prefix(FORM, form + SPELT)]
        return {number for key in (form, *keys) for number in self.holders(key)}

    def expand(self, field: str, prefix: str) -> list[str]:
        """The first stems that begin with `prefix`, at most `MOST_EXPANSIONS`."""
        if not self.cards:
            return []
        reader = self._searcher.reader()
        found: Iterable[bytes] = islice(reader.expand_prefix(field, prefix), MOST_EXPANSIONS)
        return [stem.decode() for stem in found]

    def family(self, field: str, root: str) -> list[str]:
        """The stems of this root (see `indexer.analysis.kin`)."""
        if not self.cards:
            return []
        begun = self._searcher.reader().expand_prefix(field, beginning_of(root))
        return [stem for one in begun if root_of(stem := one.decode()) == root]

    def close(self) -> None:
        """Let go of the files."""
        self._searcher.close()
        self.files.close()


def open_revision(
    directory: Path, generation: int, verifier: Verifier, earlier: OpenRevision | None
) -> OpenRevision:
    """Open the last commit in `directory` (see `whoosh_current.Opener`)."""
    return OpenRevision(directory, generation=generation, verifier=verifier, earlier=earlier)
