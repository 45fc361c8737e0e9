"""A better spelling, from the words of the index that this reader may see.

A word that no visible document holds is replaced; a rare word beside a frequent one is only
offered, and so is what differs by a last -e or -s only. One step away, two for long words. Acronyms
are corrected to acronyms only. Never towards a word that the reader may not see: candidates come
from the whole index because that is fast, and each is counted among visible documents before it is
believed.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from indexer.analysis import ACCENTED, STOP_WORDS, is_spelt, tokenize
from indexer.dictionary import Dictionary, Word, spellings
from indexer.query import LONGEST_ACRONYM, Leaf, WordLeaf, Written
from indexer.words.distance import cost_of, distance, neighbours

__all__ = ["Change", "apply_changes", "find_changes"]

SHORTEST = 4
LONG = 8
"""Letters from which two steps are allowed."""
LONGEST = 32
MOST_CORRECTED = 6
"""Words looked at closely in one query: each costs some hundreds of look-ups."""
_SHARED = 3
"""First letters that a word two steps away must share."""
_MOST_SCANNED = 4_000
_RARE = 2
_FAR_MORE = 20
_STEP = 3.0
"""A step weighs as much as being twenty times less frequent."""

_SMALL_WORDS = {
    form: Word(form, ACCENTED.get(form, form), 200)
    for form in STOP_WORDS["fr"]
    if len(form) >= SHORTEST
}
"""Stop words are in no dictionary, but `quabd` is `quand`; each counts as a common word."""

Finds = Callable[[Leaf], bool]


@dataclass(frozen=True, slots=True)
class Change:
    """A word of the query and what to write in its place; `is_certain` when none holds it."""

    typed: Written
    meant: str
    is_certain: bool


def find_changes(
    leaves: Iterable[Leaf], *, dictionary: Dictionary, finds: Finds, capitals_count: bool
) -> tuple[Change, ...]:
    """What to change in the words of a query: the certain ones, or else those to offer."""
    certain: list[Change] = []
    offered: list[Change] = []
    looked = 0
    for leaf in leaves:
        for typed, form in _suspects(leaf):
            held = sum(dictionary.visible_frequency(word) for word in spellings(dictionary, form))
            if held > _RARE or (not held and finds(leaf)):
                continue
            looked += 1
            if looked > MOST_CORRECTED:
                return tuple(certain or offered)
            is_acronym = capitals_count and _is_acronym(typed.text)
            best = _best(typed.text, form, dictionary, is_acronym=is_acronym)
            if best is None:
                continue
            meant, frequency = best
            is_other_word = _is_relative(form, meant.form)
            if not held and not is_other_word:
                certain.append(Change(typed, meant.written, is_certain=True))
            elif not held or (frequency >= held * _FAR_MORE and not is_other_word):
                offered.append(Change(typed, meant.written, is_certain=False))
    return tuple(certain or offered)


def apply_changes(text: str, changes: Iterable[Change]) -> str:
    """The query with the words changed; what was typed in capitals stays so."""
    for change in sorted(changes, key=lambda change: -change.typed.start):
        meant = change.meant.upper() if change.typed.text.isupper() else change.meant
        text = text[: change.typed.start] + meant + text[change.typed.end :]
    return text


def _suspects(leaf: Leaf) -> Iterator[tuple[Written, str]]:
    """The words of a leaf that may be misspelt, each with its folded form."""
    if not isinstance(leaf, WordLeaf) or leaf.is_quoted or leaf.is_optional or not leaf.written:
        return
    tokens = list(tokenize(leaf.written.text))
    for token in tokens[1:] or tokens:
        form = token.form
        if is_spelt(form) and SHORTEST <= len(form) <= LONGEST and form not in STOP_WORDS["fr"]:
            text = leaf.written.text[token.start : token.end]
            yield Written(text, leaf.written.start + token.start), form


def _best(
    typed: str, form: str, dictionary: Dictionary, *, is_acronym: bool
) -> tuple[Word, int] | None:
    """The likeliest word near `form` that the reader may see, and its frequency."""
    for near in (_one_step, _two_steps):
        scored = [
            (math.log(frequency) - _STEP * steps - _accents_lost(typed, word.written), word)
            for word, steps in near(form, dictionary)
            if word.is_acronym or not is_acronym
            if (frequency := _frequency(word, dictionary))
        ]
        if scored:
            _, word = max(scored, key=lambda pair: (pair[0], pair[1].key))
            return word, _frequency(word, dictionary)
    return None


def _one_step(form: str, dictionary: Dictionary) -> Iterator[tuple[Word, float]]:
    for near in dict.fromkeys(neighbours(form)):
        if near in _SMALL_WORDS:
            yield _SMALL_WORDS[near], cost_of(form, near)
        elif len(near) >= SHORTEST - 1 and near != form and dictionary.knows(near):
            cost = cost_of(form, near)
            for word in spellings(dictionary, near):
                yield word, cost


def _two_steps(form: str, dictionary: Dictionary) -> Iterator[tuple[Word, float]]:
    if len(form) < LONG:
        return
    letters = set(form)
    for scanned, word in enumerate(dictionary.words(form[:_SHARED])):
        if scanned >= _MOST_SCANNED:
            return
        if abs(len(word.form) - len(form)) > 2 or len(letters.symmetric_difference(word.form)) > 4:
            continue
        steps = distance(form, word.form, most=2)
        if steps <= 2 and word.form != form:
            yield word, float(steps)


def _is_acronym(typed: str) -> bool:
    return typed.isupper() and len(typed) <= LONGEST_ACRONYM


def _frequency(word: Word, dictionary: Dictionary) -> int:
    is_small = word.form in _SMALL_WORDS
    return word.frequency if is_small else dictionary.visible_frequency(word)


def _accents_lost(typed: str, written: str) -> float:
    """Who types accents means them; who types none says nothing about them."""
    accents = [letter for letter in typed.lower() if not letter.isascii()]
    return 0.5 * sum(letter not in written for letter in accents)


def _is_relative(form: str, other: str) -> bool:
    """Whether they differ by a last -e or -s only, which the stemmer keeps apart on purpose.

    `médecin` is no slip for `médecine`; a last letter typed twice is one.
    """
    longer, shorter = sorted((form, other), key=len, reverse=True)
    if longer[:-1] != shorter or longer[-1] not in "esx":
        return False
    return longer == other or longer[-1] != shorter[-1]
