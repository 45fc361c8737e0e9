"""A better spelling, from the words of the index that this reader may see.

A word that no visible document holds is replaced at once; a rare word beside a frequent one is
only offered, unless they differ by a last -e or -s. One step away, two for long words, or whatever
sounds alike. Acronyms are corrected to acronyms only. Never towards a word that the reader may not
see: candidates come from the whole index because that is fast, and each is counted among visible
documents before it is believed. A word of the vocabulary that no document holds must find something
in the place of the one typed.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, islice
from types import MappingProxyType

from indexer.analysis import ACCENTED, STOP_WORDS, Token, fold, is_spelt, tokenize
from indexer.dictionary import Dictionary, Word, spellings
from indexer.query import LONGEST_ACRONYM, Leaf, WordLeaf, Written, read_words
from indexer.words.changes import Change
from indexer.words.distance import cost_of, distance, longer, neighbours, swaps
from indexer.words.sound import beginnings, sound_of

__all__ = ["Speller"]

SHORTEST = 4
SHORTEST_ACRONYM = 3
"""Letters from which an acronym is completed or has two swapped: others are near too many words."""
SHORTEST_PLURAL = 5
LONG = 8
"""Letters from which two steps are allowed."""
LONGEST = 32
MOST_CORRECTED = 6
"""Words looked at closely in one query: each costs some hundreds of look-ups."""
SHORTEST_SOUND = 5
"""Letters from which a word is looked for by its sound."""
_SHARED = 3
"""First letters that a word further away must share, or whose sound it must."""
_MOST_SCANNED = 4_000
_RARE = 2
_FAR_MORE = 20
_STEP = 3.0
"""A step weighs as much as being twenty times less frequent."""
_SMALL = 2
"""Added to each frequency: one document or two make little difference."""
_CONTEXT = 3.5
"""What standing in one document with all the other words of the query weighs, in the same terms."""
_MOST_WEIGHED = 5
_MOST_HEEDED = 8
"""Candidates compared, and words they are compared by."""

_NOTHING_KNOWN: Mapping[str, Word] = MappingProxyType({})
_SMALL_WORDS = {
    form: Word(form, ACCENTED.get(form, form), 200)
    for form in STOP_WORDS["fr"]
    if len(form) >= SHORTEST
}
"""Stop words are in no dictionary, but `quabd` is `quand`; each counts as a common word."""

Finds = Callable[[Leaf], bool]
Leads = Callable[[Change], bool]
"""Whether the query finds something by a word once changed so."""
Supports = Callable[[Leaf, Sequence[Leaf]], float]
"""What share of other leaves, by weight, the document that holds this one and most of them has."""


class Speller:
    """Corrects one query for one reader.

    `known` are words of the vocabulary by folded form: public, and worth correcting to although no
    document may hold them, since their synonyms may. `capitals_count` is False in a query all in
    capitals, where they tell no acronym.
    """

    def __init__(
        self,
        dictionary: Dictionary,
        *,
        finds: Finds,
        supports: Supports,
        leads: Leads,
        known: Mapping[str, Word] = _NOTHING_KNOWN,
        capitals_count: bool = True,
    ) -> None:
        self._dictionary = dictionary
        self._finds = finds
        self._supports = supports
        self._leads = leads
        self._known = known
        self._capitals_count = capitals_count
        self._looked = 0
        self._sound: list[Leaf] = []

    def changes(self, leaves: Sequence[Leaf]) -> tuple[Change, ...]:
        """What to change in the words of a query: the certain changes, or else those to offer."""
        words = (leaf for leaf in leaves if isinstance(leaf, WordLeaf) and not leaf.is_optional)
        self._sound = list(islice(filter(self._finds, words), _MOST_HEEDED))
        found = [change for leaf in leaves for change in self._changes_of(leaf)]
        certain = tuple(change for change in found if change.is_certain)
        return certain or tuple(found)

    def _changes_of(self, leaf: Leaf) -> Iterator[Change]:
        """Of a compound with a part that nothing holds: the whole changed, or else its parts."""
        if not isinstance(leaf, WordLeaf) or leaf.is_quoted or leaf.is_optional or not leaf.written:
            return
        tokens = list(islice(tokenize(leaf.written.text), MOST_CORRECTED + 1))
        if not tokens or (len(tokens) > 1 and self._finds(leaf)):
            return
        whole, *parts = tokens
        if not parts:
            change = self._change(leaf, whole, small_words=_SMALL_WORDS)
            if change:
                yield change
            return
        if all(self._holders(part.form) or part.form in STOP_WORDS["fr"] for part in parts):
            return
        at_once = self._change(leaf, whole, small_words=_NOTHING_KNOWN)
        if at_once:
            yield at_once
            return
        for part in parts:
            change = self._change(leaf, part, small_words=_NOTHING_KNOWN)
            if change:
                yield change

    def _change(
        self, leaf: WordLeaf, token: Token, *, small_words: Mapping[str, Word]
    ) -> Change | None:
        form = token.form
        is_word = is_spelt(form) and SHORTEST_ACRONYM <= len(form) <= LONGEST
        if not is_word or form in STOP_WORDS["fr"] or form in self._known or not leaf.written:
            return None
        held = self._holders(form)
        if held > _RARE or (not held and self._finds(leaf)) or self._looked >= MOST_CORRECTED:
            return None
        text = leaf.written.text[token.start : token.end]
        if len(form) < SHORTEST and not self._is_acronym(text):
            return None
        self._looked += 1
        typed = Written(text, leaf.written.start + token.start)
        best = self._best(typed, form, small_words)
        if best is None:
            return None
        meant, frequency = best
        if held and (_is_relative(form, meant.form) or frequency < held * _FAR_MORE):
            return None
        return Change(typed, self._written_alike(typed.text, meant), is_certain=not held)

    def _written_alike(self, typed: str, meant: Word) -> str:
        """The way to write a word, among those seen, that keeps most of the accents typed."""
        if not _accents_lost(typed, meant.written):
            return meant.written
        ways = [
            (_accents_lost(typed, word.written), -frequency, word.written)
            for word in spellings(self._dictionary, meant.form)
            if word.is_acronym == meant.is_acronym
            and (frequency := self._dictionary.visible_frequency(word))
        ]
        return min(ways)[2] if ways else meant.written

    def _holders(self, form: str) -> int:
        """How many visible documents hold a folded form, at most."""
        return sum(map(self._dictionary.visible_frequency, spellings(self._dictionary, form)))

    def _best(
        self, typed: Written, form: str, small_words: Mapping[str, Word]
    ) -> tuple[Word, int] | None:
        """The likeliest word near `form` that the reader may see, and its frequency."""
        wants_acronym = self._is_acronym(typed.text)
        for near in (
            self._one_step(form, small_words),
            self._one_step_and_plural(form),
            self._further(form),
        ):
            scored = [
                (
                    math.log(_SMALL + frequency)
                    - _STEP * cost
                    - _accents_lost(typed.text, word.written),
                    word.key,
                    word,
                    frequency,
                )
                for word, cost, frequency in near
                if frequency
                and (word.is_acronym or not wants_acronym)
                and (not self._is_public(word) or self._leads(Change(typed, word.written, False)))
            ]
            if scored:
                return self._best_here(sorted(scored, key=lambda one: one[:2], reverse=True))
        return None

    def _best_here(self, scored: Sequence[tuple[float, str, Word, int]]) -> tuple[Word, int]:
        """Of the likeliest words, the one that best goes with the others of the query."""
        likely = scored[:_MOST_WEIGHED]
        if len(likely) > 1 and self._sound:
            likely = [
                (likelihood + _CONTEXT * self._support(word), key, word, frequency)
                for likelihood, key, word, frequency in likely
            ]
        _, _, word, frequency = max(likely, key=lambda one: one[:2])
        return word, frequency

    def _support(self, word: Word) -> float:
        leaves = read_words(word.written)
        return self._supports(leaves[0], self._sound) if leaves else 0.0

    def _one_step(
        self, form: str, small_words: Mapping[str, Word]
    ) -> Iterator[tuple[Word, float, int]]:
        near = neighbours(form) if len(form) >= SHORTEST else (*swaps(form), *longer(form))
        others = [
            other for other in dict.fromkeys(near) if other != form and len(other) >= SHORTEST - 1
        ]
        for other in others:
            public = small_words.get(other) or self._known.get(other)
            if public and not (other in small_words and _is_relative(form, other)):
                yield public, cost_of(form, other), public.frequency
        for other in self._dictionary.known_among(others):
            if other not in small_words:
                yield from self._held(other, cost_of(form, other))

    def _one_step_and_plural(self, form: str) -> Iterator[tuple[Word, float, int]]:
        """What lies one step away in the other number: `lzeçon` where only `leçons` is held."""
        if len(form) >= SHORTEST_PLURAL:
            singular = form.removesuffix("s")
            ending = "" if singular != form else "s"
            others = [near + ending for near in dict.fromkeys(neighbours(singular))]
            for other in self._dictionary.known_among(others):
                yield from self._held(other, cost_of(singular, other.removesuffix(ending)))

    def _held(self, form: str, cost: float) -> Iterator[tuple[Word, float, int]]:
        for word in spellings(self._dictionary, form):
            yield word, cost, self._dictionary.visible_frequency(word)

    def _is_public(self, word: Word) -> bool:
        """Whether it stands in no document, maybe: a small word or one of the vocabulary."""
        return _SMALL_WORDS.get(word.form) is word or self._known.get(word.form) is word

    def _is_acronym(self, typed: str) -> bool:
        """Whether it was typed as an acronym is: in capitals, or too short without a vowel."""
        if len(typed) < SHORTEST and not any(letter in "aeiouy" for letter in fold(typed)):
            return True
        return self._capitals_count and typed.isupper() and len(typed) <= LONGEST_ACRONYM

    def _further(self, form: str) -> Iterator[tuple[Word, float, int]]:
        """What sounds alike, as near as one step; of long words, what lies two steps away."""
        if len(form) < SHORTEST_SOUND:
            return
        head, sound, letters = form[:_SHARED], sound_of(form), set(form)
        begun = chain.from_iterable(map(self._dictionary.words, (head, *beginnings(head))))
        for word in (*islice(begun, _MOST_SCANNED), *self._known.values()):
            if word.form == form:
                continue
            if sound_of(word.form) == sound:
                steps = 1
            elif len(form) < LONG or len(letters.symmetric_difference(word.form)) > 4:
                continue
            else:
                steps = distance(form, word.form, most=2)
                if steps > 2 and not word.form.startswith(head):
                    steps = 1 + distance(sound, sound_of(word.form), most=1)
            if steps <= 2:
                is_public = self._known.get(word.form) is word
                seen = word.frequency if is_public else self._dictionary.visible_frequency(word)
                yield word, float(steps), seen


def _accents_lost(typed: str, written: str) -> float:
    """Who types accents means them; who types none says nothing about them."""
    accents = [letter for letter in typed.lower() if not letter.isascii()]
    return 0.5 * sum(letter not in written for letter in accents)


def _is_relative(form: str, other: str) -> bool:
    """Whether they differ by a last -e or -s only, which the stemmer keeps apart on purpose.

    `médecin` is no slip for `médecine` once both are known; a last letter typed twice is one.
    """
    longer, shorter = sorted((form, other), key=len, reverse=True)
    if longer[:-1] != shorter or longer[-1] not in "esx":
        return False
    return longer == other or longer[-1] != shorter[-1]
