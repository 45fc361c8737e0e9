"""Marked titles and passages, cut from the original text with its accents.

The text is analysed again by the chain that indexed it; a word is marked when its stem is one the
query looks for, so that what is marked is the form really present.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate

from indexer.analysis import Run, Term, read_run, shouts, split_runs
from indexer.model import Document, Segment, Snippet
from indexer.query import Leaf, PrefixLeaf, Slot, WordLeaf

__all__ = ["Needles", "mark", "passage"]

LONGEST_PASSAGE = 240
FARTHEST_READ = 200_000
"""Letters of one text looked through; beyond, the passage is taken from what was read."""

Span = tuple[int, int, int]
"""Start, end, and which leaf of the query stands there."""

Place = tuple[str, int, int, int]
"""A stem, its position, its start and its end."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What of one run of letters is to be marked, from its beginning, and the places it takes."""

    spans: tuple[Span, ...]
    near: tuple[Place, ...]
    places: int


@lru_cache(maxsize=256)
def _passed_over(places: int) -> _Wanted:
    """What of a run without interest: the places it takes count in phrases."""
    return _Wanted((), (), places)


@dataclass(frozen=True, slots=True)
class Needles:
    """What to mark, by leaf of the query. What it decided of a run of letters is remembered.

    `near` holds the stems of the phrases: a run without them nor a word sought is passed over.
    """

    words: dict[str, int] = field(default_factory=dict)
    phrases: tuple[tuple[int, tuple[Slot, ...]], ...] = ()
    prefixes: tuple[tuple[int, str], ...] = ()
    near: frozenset[str] = frozenset()
    _known: dict[tuple[str, bool], dict[str, "_Wanted"]] = field(default_factory=dict)

    @classmethod
    def of(cls, leaves: Iterable[Leaf]) -> "Needles":
        """What the leaves of a query ask to mark in a text."""
        words: dict[str, int] = {}
        phrases: list[tuple[int, tuple[Slot, ...]]] = []
        prefixes: list[tuple[int, str]] = []
        for number, leaf in enumerate(leaves):
            match leaf:
                case WordLeaf(patterns, synonyms=synonyms):
                    for pattern in (*patterns, *(one.slots for one in synonyms)):
                        if len(pattern) == 1:
                            words.setdefault(pattern[0].stem, number)
                        else:
                            phrases.append((number, pattern))
                case PrefixLeaf(prefix, stems):
                    prefixes.append((number, prefix))
                    for stem in stems:
                        words.setdefault(stem, number)
                case _:
                    pass
        near = frozenset(slot.stem for _, pattern in phrases for slot in pattern)
        return cls(words, tuple(phrases), tuple(prefixes), near)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be marked."""
        return not (self.words or self.phrases or self.prefixes)

    def spans(self, text: str, language: str) -> list[Span]:
        """Where they stand in `text`, in order, none overlapping another."""
        if self.is_empty:
            return []
        capitals_mean_acronym = not shouts(text)
        known = self._known.setdefault((language, capitals_mean_acronym), {})
        sought = self.words.keys() | self.near
        is_open = bool(self.prefixes)
        pieces = split_runs(text)
        words = pieces[1::2]
        for word in set(words).difference(known):
            run = read_run(word, language, capitals_mean_acronym=capitals_mean_acronym)
            if is_open or not sought.isdisjoint(run.stems):
                known[word] = self._wanted(run)
            else:
                known[word] = _passed_over(run.places)
        starts = list(accumulate(map(len, pieces), initial=0))
        found = [
            (starts[2 * at + 1] + start, starts[2 * at + 1] + end, number)
            for at, word in enumerate(words)
            for start, end, number in known[word].spans
        ]
        if self.phrases:
            found.extend(self._phrase_spans(self._near(words, starts, known)))
        return _disjoint(found)

    def _wanted(self, run: Run) -> "_Wanted":
        """What of a run is to be marked."""
        spans: list[Span] = []
        near: list[Place] = []
        for term in run.terms:
            number = self.words.get(term.stem)
            if number is None:
                number = next((n for n, prefix in self.prefixes if _begins(term, prefix)), None)
            if number is not None:
                spans.append((term.start, term.end, number))
            if term.stem in self.near:
                near.append((term.stem, term.position, term.start, term.end))
        return _Wanted(tuple(spans), tuple(near), run.places)

    def _near(
        self, words: list[str], starts: list[int], known: dict[str, "_Wanted"]
    ) -> list[Place]:
        """Every stem of a phrase that stands in the text."""
        found: list[Place] = []
        position = 0
        for at, word in enumerate(words):
            wanted = known[word]
            begin = starts[2 * at + 1]
            for stem, place, start, end in wanted.near:
                found.append((stem, position + place, begin + start, begin + end))
            position += wanted.places
        return found

    def _phrase_spans(self, near: list[Place]) -> Iterable[Span]:
        ends = {(stem, place): end for stem, place, _, end in near}
        for number, pattern in self.phrases:
            for stem, place, start, _ in near:
                if stem != pattern[0].stem:
                    continue
                run = [ends.get((slot.stem, place + slot.offset)) for slot in pattern]
                last = run[-1]
                if last is not None and None not in run:
                    yield start, last, number


def _begins(term: Term, prefix: str) -> bool:
    return term.form.startswith(prefix) or term.stem.startswith(prefix)


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

    None when the document has no text but its title.
    """
    best: tuple[int, Snippet] | None = None
    for text, attachment, page in _sources(document):
        read = text[:FARTHEST_READ]
        if not read.strip():
            continue
        spans = needles.spans(read, document.language)
        first, shown = _best_window(spans)
        if best is None or shown > best[0]:
            best = shown, _cut(read, first, spans, attachment, page)
    return best[1] if best else None


def _sources(document: Document) -> Iterable[tuple[str, str | None, int | None]]:
    yield document.abstract, None, None
    yield document.body, None, None
    for part in document.attachments:
        yield part.text, part.label, part.page


def _best_window(spans: list[Span]) -> tuple[int, int]:
    """The first span of the window that shows the most different leaves, and how many."""
    best_at, best_shown = 0, 0
    for at, (start, _, _) in enumerate(spans):
        near = {span[2] for span in spans[at : at + 50] if span[1] - start <= LONGEST_PASSAGE}
        if len(near) > best_shown:
            best_at, best_shown = at, len(near)
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
    while 0 < start < limit and not text[start - 1].isspace():
        start += 1
    while start < limit and text[start].isspace():
        start += 1
    if end < len(text):
        cut = end
        while cut > needed_end and cut > start and not text[cut].isspace():
            cut -= 1
        end = cut if cut > max(needed_end, start) else end
    return start, start + len(text[start:end].rstrip())


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
