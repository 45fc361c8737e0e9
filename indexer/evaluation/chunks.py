"""A text cut at its spaces, to find in it the few chunks that hold what is sought.

Cutting at spaces costs a tenth of cutting into words, and nothing of a word depends on what stands
beyond a space. Texts repeat their words: what a chunk says is remembered, and by what it says it is
found again, so that most of a text is passed over in a few operations on sets.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from indexer.analysis import Run, Term, read_run, split_runs

__all__ = ["Beginnings", "ChunkMemory", "chunks_at", "memory_for"]

_MOST_REMEMBERED = 20_000
_MOST_LETTERS = 400_000


@dataclass(frozen=True, slots=True)
class Beginnings:
    """Prefixes sought, and a number for each: few look-ups tell those a word begins with."""

    numbers: Mapping[str, int] = field(default_factory=dict)
    _sizes: frozenset[int] = frozenset()

    @classmethod
    def of(cls, numbers: Mapping[str, int]) -> "Beginnings":
        """Those of these prefixes."""
        return cls(numbers, frozenset(map(len, numbers)))

    def __len__(self) -> int:
        return len(self.numbers)

    def numbers_of(self, word: str) -> list[int]:
        """The numbers of those `word` begins with."""
        return [self.numbers[word[:size]] for size in self._sizes if word[:size] in self.numbers]

    def among(self, words: Iterable[str]) -> list[str]:
        """Those of `words` that begin with one of them."""
        sought = self.numbers
        return [word for size in self._sizes for word in words if word[:size] in sought]


class ChunkMemory:
    """The chunks seen in texts read one way.

    Threads share it: it only grows, and is replaced by an empty one when it is full.
    """

    def __init__(self, language: str, *, capitals_mean_acronym: bool) -> None:
        self._language = language
        self._capitals_mean_acronym = capitals_mean_acronym
        self._places: dict[str, int] = {}
        self.places = self._places.__getitem__
        """How many places a chunk takes."""
        self._telling: dict[str, set[str]] = {}
        self._words: list[str] = []
        self._terms: dict[str, list[Term]] = {}
        self._letters = 0

    @property
    def is_full(self) -> bool:
        """Whether it is time to begin another."""
        return len(self) > _MOST_REMEMBERED or self._letters > _MOST_LETTERS

    def __len__(self) -> int:
        return len(self._places)

    def new_among(self, chunks: set[str]) -> set[str]:
        """Those not looked at yet."""
        return chunks.difference(self._places)

    def learn(self, chunks: Iterable[str]) -> None:
        """Look at these chunks."""
        for chunk in chunks:
            places = 0
            for _, place, run in self._runs(chunk):
                places = place + run.places
                for term in run.terms:
                    for word in (term.stem, term.form):
                        telling = self._telling.get(word)
                        if telling is None:
                            telling = self._telling.setdefault(word, set())
                            self._words.append(word)
                        telling.add(chunk)
            self._places[chunk] = places
            self._letters += len(chunk)

    def telling(self, words: Iterable[str]) -> set[str]:
        """The chunks seen that hold a term with one of these stems or folded forms."""
        return set().union(*(self._telling.get(word, ()) for word in words))

    def words_since(self, number: int) -> list[str]:
        """The stems and folded forms seen, after the first `number`."""
        return self._words[number:]

    def terms(self, chunk: str) -> list[Term]:
        """The terms of a chunk, positions and offsets counted from its beginning."""
        found = self._terms.get(chunk)
        if found is None:
            found = self._terms[chunk] = [
                Term(
                    term.stem,
                    term.form,
                    place + term.position,
                    at + term.start,
                    at + term.end,
                    term.is_acronym,
                )
                for at, place, run in self._runs(chunk)
                for term in run.terms
            ]
        return found

    def _runs(self, chunk: str) -> Iterator[tuple[int, int, Run]]:
        """Each run of letters: its offset, its place, what it gives."""
        at = place = 0
        for number, piece in enumerate(split_runs(chunk)):
            if number % 2:
                run = read_run(
                    piece, self._language, capitals_mean_acronym=self._capitals_mean_acronym
                )
                yield at, place, run
                place += run.places
            at += len(piece)


_memories: dict[tuple[str, bool], ChunkMemory] = {}


def memory_for(language: str, *, capitals_mean_acronym: bool) -> ChunkMemory:
    """What is remembered of texts in a language; capitals tell acronyms unless the text shouts."""
    way = language, capitals_mean_acronym
    memory = _memories.get(way)
    if memory is None or memory.is_full:
        memory = ChunkMemory(language, capitals_mean_acronym=capitals_mean_acronym)
        _memories[way] = memory
    return memory


def chunks_at(text: str, chunk: str) -> Iterator[int]:
    """Where a chunk stands in `text`, whole."""
    at = text.find(chunk)
    while at >= 0:
        end = at + len(chunk)
        if (at == 0 or text[at - 1].isspace()) and (end == len(text) or text[end].isspace()):
            yield at
        at = text.find(chunk, at + 1)
