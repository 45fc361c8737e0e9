"""How a French word sounds, roughly, for those who write it as they hear it.

`fysiothérapie`, `skizophrénie`, `ortofoniste`: too many letters differ from the right ones, and the
first ones do, by which the dictionary is sorted. Consonants that are written in several ways count
as one, doubled letters as single, an `h` as nothing. Vowels written in several ways (`o`, `au`,
`eau`) are left to the steps of `distance`.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, product

__all__ = ["beginnings", "sound_of"]

MOST_BEGINNINGS = 48
"""Beginnings looked up for one word: each is a search in the dictionary."""

_SOUNDS = re.compile(
    r"(?P<f>ph|f)|(?P<s>sc(?=[eiy])|c(?=[eiy])|[sz])|(?P<k>ch|qu|[ckq])|(?P<i>[iy])"
    r"|(?P<none>h)|(?P<same>.)"
)
_WAYS = {
    "f": ("f", "ph", "ff"),
    "s": ("s", "c", "sc", "ss", "z"),
    "k": ("k", "c", "ch", "qu", "cc"),
    "i": ("i", "y"),
    "r": ("r", "rr", "rh"),
    "t": ("t", "tt", "th"),
    **{letter: (letter, letter * 2) for letter in "lmnp"},
}


@lru_cache(maxsize=20_000)
def sound_of(form: str) -> str:
    """What is left of a folded word once the ways to write a sound are one."""
    sounds: list[str] = []
    for sound in _sounds(form):
        if sounds[-1:] != [sound]:
            sounds.append(sound)
    return "".join(sounds)


def beginnings(head: str) -> Iterator[str]:
    """Other ways to write the first letters of a word, the likeliest first."""
    ways = [_WAYS.get(sound, (sound,)) for sound in _sounds(head)]
    spelt = ["".join(parts) for parts in product(*ways)]
    if head[0] in "aeiouy":
        spelt += ["h" + one for one in spelt]
    others = (one for one in dict.fromkeys(spelt) if not one.startswith(head))
    return islice(others, MOST_BEGINNINGS)


def _sounds(form: str) -> Iterator[str]:
    for match in _SOUNDS.finditer(form):
        if match.lastgroup != "none":
            yield match.group() if match.lastgroup == "same" else str(match.lastgroup)
