"""Marked titles and passages, cut from the original text with its accents.

The text is analysed again by the chain that indexed it; a word is marked when its stem is one the
query looks for, so that what is marked is the form really present.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import accumulate

from indexer.analysis import Term, shouts
from indexer.evaluation.chunks import Beginnings, ChunkMemory, chunks_at, memory_for
from indexer.evaluation.sources import Source, Span, is_in_parts, sources
from indexer.model import Document, Segment, Snippet
from indexer.query import Leaf, PrefixLeaf, Slot, WordLeaf

__all__ = ["Needles", "mark", "passage"]

LONGEST_PASSAGE = 240
FARTHEST_READ = 20_000
"""Letters of one text looked through at once, and first: past them a passage seldom shows more."""
SHORT_QUESTION, SHOWN_OF_LONG = 3, 2
"""In parts, all words of a question of so many are sought far down; of a longer one, so many."""
FARTHEST_SOUGHT = 4_000_000
"""Letters of one text looked through when nothing nearer says why it was found."""

Place = tuple[str, int, int, int]
"""A stem, its position, its start and its end."""

Phrases = tuple[tuple[int, tuple[Slot, ...]], ...]
"""Patterns of several words, each with its leaf of the query."""


class _Sought:
    """The chunks of texts read one way that hold something sought, and their terms."""

    def __init__(self, memory: ChunkMemory, stems: Iterable[str], prefixes: Beginnings) -> None:
        self.memory = memory
        self._words = set(stems)
        self._prefixes = prefixes
        self._scanned = 0
        self._known = -1
        self._chunks: set[str] = set()

    def among(self, chunks: set[str]) -> Mapping[str, list[Term]]:
        """Those of `chunks` that hold something sought, with their terms."""
        if new := self.memory.new_among(chunks):
            self.memory.learn(new)
        if self._known != len(self.memory):
            self._known = len(self.memory)
            if self._prefixes:
                words = self.memory.words_since(self._scanned)
                self._scanned += len(words)
                self._words.update(self._prefixes.among(words))
            self._chunks = self.memory.telling(self._words)
        return {chunk: self.memory.terms(chunk) for chunk in chunks & self._chunks}


@dataclass(frozen=True, slots=True)
class Needles:
    """What to mark, by leaf of the query."""

    words: dict[str, int] = field(default_factory=dict)
    phrases: Phrases = ()
    prefixes: Beginnings = field(default_factory=Beginnings)
    _stems: frozenset[str] = frozenset()
    _sought: dict[tuple[str, bool], _Sought] = field(default_factory=dict)

    @classmethod
    def of(cls, leaves: Iterable[Leaf]) -> "Needles":
        """What the leaves of a query ask to mark in a text."""
        words: dict[str, int] = {}
        phrases: list[tuple[int, tuple[Slot, ...]]] = []
        prefixes: dict[str, int] = {}
        for number, leaf in enumerate(leaves):
            match leaf:
                case WordLeaf(patterns, synonyms=synonyms):
                    for pattern in (*patterns, *(one.slots for one in synonyms)):
                        if len(pattern) == 1:
                            words.setdefault(pattern[0].stem, number)
                        else:
                            phrases.append((number, pattern))
                case PrefixLeaf(prefix, stems):
                    prefixes.setdefault(prefix, number)
                    for stem in stems:
                        words.setdefault(stem, number)
                case _:
                    pass
        said = {*words, *(slot.stem for _, pattern in phrases for slot in pattern)}
        return cls(words, tuple(phrases), Beginnings.of(prefixes), frozenset(said))

    @property
    def leaf_count(self) -> int:
        """How many leaves may be shown."""
        phrases = (number for number, _ in self.phrases)
        return len({*self.words.values(), *phrases, *self.prefixes.numbers.values()})

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be marked."""
        return not (self.words or self.phrases or self.prefixes)

    def spans(self, text: str, language: str) -> list[Span]:
        """Where they stand in `text`, in order, none overlapping another."""
        if self.is_empty:
            return []
        sought = self._sought_in(language, capitals_mean_acronym=not shouts(text))
        chunks = text.split()
        held = sought.among(set(chunks))
        starts = sorted((at, chunk) for chunk in held for at in chunks_at(text, chunk))
        found = [
            (at + term.start, at + term.end, number)
            for at, chunk in starts
            for term in held[chunk]
            if (number := self._leaf_of(term)) is not None
        ]
        if phrases := self._phrases_among(held):
            near = _near(chunks, [at for at, _ in starts], held, sought.memory)
            found += _phrase_spans(phrases, near)
        return _disjoint(found)

    def _phrases_among(self, held: Mapping[str, list[Term]]) -> Phrases:
        """The phrases that may stand in a text: it holds each of their words somewhere."""
        if not self.phrases or not held:
            return ()
        said = {term.stem for terms in held.values() for term in terms}
        return tuple(
            (number, pattern)
            for number, pattern in self.phrases
            if all(slot.stem in said for slot in pattern)
        )

    def _sought_in(self, language: str, *, capitals_mean_acronym: bool) -> _Sought:
        way = language, capitals_mean_acronym
        sought = self._sought.get(way)
        if sought is None:
            memory = memory_for(language, capitals_mean_acronym=capitals_mean_acronym)
            sought = self._sought[way] = _Sought(memory, self._stems, self.prefixes)
        return sought

    def _leaf_of(self, term: Term) -> int | None:
        """The leaf that asks to mark a term by itself."""
        number = self.words.get(term.stem)
        if number is None and self.prefixes:
            begun = self.prefixes.numbers_of(term.form) + self.prefixes.numbers_of(term.stem)
            number = min(begun, default=None)
        return number


def _phrase_spans(phrases: Phrases, near: list[Place]) -> Iterable[Span]:
    ends = {(stem, place): end for stem, place, _, end in near}
    for number, pattern in phrases:
        for stem, place, start, _ in near:
            if stem != pattern[0].stem:
                continue
            run = [ends.get((slot.stem, place + slot.offset)) for slot in pattern]
            last = run[-1]
            if last is not None and None not in run:
                yield start, last, number


def _near(
    chunks: list[str], starts: list[int], held: Mapping[str, list[Term]], memory: ChunkMemory
) -> list[Place]:
    """Every term of the chunks held, at its position in the whole text."""
    positions = list(accumulate(map(memory.places, chunks), initial=0))
    standing = [number for number, chunk in enumerate(chunks) if chunk in held]
    return [
        (term.stem, positions[number] + term.position, at + term.start, at + term.end)
        for number, at in zip(standing, starts, strict=True)
        for term in held[chunks[number]]
    ]


def _disjoint(spans: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def mark(text: str, *, language: str, needles: Needles) -> tuple[Segment, ...]:
    """The whole of `text`, marked."""
    return _segments(text, 0, len(text), needles.spans(text, language))


def passage(document: Document, *, needles: Needles) -> Snippet | None:
    """The passage of `document` that shows most of what was asked; its beginning when nothing is.

    None when the document has no text but its title. What lies far down a long text is looked
    through only when nothing nearer shows anything; in a document made of parts, any of which may
    be the one looked for, when nothing nearer shows all words of a short question.
    """
    best: tuple[int, Snippet] | None = None
    for source in sources(document):
        found = _best_of(source, 0, FARTHEST_READ, document.language, needles)
        if found and (best is None or found[0] > best[0]):
            best = found
    if best is None or needles.is_empty:
        return best[1] if best else None
    wanted = _worth_seeking(needles.leaf_count) if is_in_parts(document) else 1
    farther = _farther(document, needles) if best[0] < wanted else ()
    for found in farther:
        best = max(best, found, key=lambda one: one[0])
        if best[0] >= wanted:
            break
    return best[1]


def _worth_seeking(asked: int) -> int:
    """How many words of a question are looked for far down: of a long one, few texts hold all."""
    return asked if asked <= SHORT_QUESTION else SHOWN_OF_LONG


def _farther(document: Document, needles: Needles) -> Iterator[tuple[int, Snippet]]:
    """The passages that show something beyond what is read of every text."""
    for source in sources(document):
        for start in range(FARTHEST_READ, min(len(source.text), FARTHEST_SOUGHT), FARTHEST_READ):
            first, last = start - LONGEST_PASSAGE, start + FARTHEST_READ
            found = _best_of(source, first, last, document.language, needles)
            if found and found[0]:
                shown, snippet = found
                yield shown, replace(snippet, cut_before=True)


def _best_of(
    source: Source, start: int, end: int, language: str, needles: Needles
) -> tuple[int, Snippet] | None:
    """The best passage of what was read of a text, and how much of what was asked it shows."""
    read = source.text[start:end]
    if not read.strip():
        return None
    spans = needles.spans(read, language)
    first, shown = _best_window(spans)
    return shown, _cut(
        read,
        first,
        spans,
        source.attachment,
        source.page_of(spans[first:], start, within=LONGEST_PASSAGE),
    )


def _best_window(spans: list[Span]) -> tuple[int, int]:
    """The first span of the window that shows the most different leaves, and how many."""
    most = len({leaf for _, _, leaf in spans})
    best_at, best_shown = 0, 0
    shown: Counter[int] = Counter()
    after = 0
    for at, (start, _, leaf) in enumerate(spans):
        while after < len(spans) and spans[after][1] - start <= LONGEST_PASSAGE:
            shown[spans[after][2]] += 1
            after += 1
        if len(shown) > best_shown:
            best_at, best_shown = at, len(shown)
        if best_shown == most:
            break
        if after > at:
            shown[leaf] -= 1
            if not shown[leaf]:
                del shown[leaf]
        else:
            after = at + 1
    return best_at, best_shown


def _cut(
    text: str, first: int, spans: list[Span], attachment: str | None, page: int | None
) -> Snippet:
    start, end = _borders(text, spans[first:])
    return Snippet(
        _segments(text, start, end, spans),
        cut_before=bool(text[:start].strip()),
        cut_after=bool(text[end:].strip()),
        attachment=attachment,
        page=page,
    )


def _borders(text: str, spans: list[Span]) -> tuple[int, int]:
    """A window of whole words around the first of `spans`, or at the beginning."""
    if spans:
        inside = [span for span in spans if span[1] - spans[0][0] <= LONGEST_PASSAGE]
        needed_end = inside[-1][1] if inside else spans[0][1]
        spare = max(0, LONGEST_PASSAGE - (needed_end - spans[0][0]))
        start = max(0, spans[0][0] - spare // 3)
    else:
        needed_end, start = 0, 0
    end = max(needed_end, min(len(text), start + LONGEST_PASSAGE))
    limit = spans[0][0] if spans else len(text)
    while 0 < start < limit and not _parts_words(text[start - 1]):
        start += 1
    while start < limit and text[start].isspace():
        start += 1
    if end < len(text):
        cut = end
        while cut > needed_end and cut > start and not _parts_words(text[cut]):
            cut -= 1
        end = cut if cut > start else end
    return start, start + len(text[start:end].rstrip())


def _parts_words(letter: str) -> bool:
    """Whether a passage may be cut there: what a no-break space holds together stays whole."""
    return letter.isspace() and letter not in "\u00a0\u202f"


def _segments(text: str, start: int, end: int, spans: list[Span]) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    at = start
    for left, right, _ in spans:
        if left < at or right > end:
            continue
        if left > at:
            segments.append(Segment(text[at:left]))
        segments.append(Segment(text[left:right], marked=True))
        at = right
    if at < end:
        segments.append(Segment(text[at:end]))
    return tuple(segments)
