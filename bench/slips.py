"""How people mistype a query: one deterministic change a query, drawn from its text and id.

`noaccent` and `upper` change all of it; `typo` drops, doubles, swaps or replaces one letter inside
one word, `ending` drops or replaces the last one; `elision` puts typographic apostrophes and elides
one word that begins with a vowel.
"""

import hashlib
import random
import re
import unicodedata
from collections.abc import Callable, Mapping

__all__ = ["VARIANTS"]

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"})
_LONG_WORD = re.compile(r"[^\W\d_]{5,}")
_WORD = re.compile(r"[^\W\d_]{3,}")
_VOWEL_WORD = re.compile(r"(?<![\w’])[aeéèêiîoôuyhAEÉÈÊIÎOÔUH][^\W\d_]{4,}")

_NEAR_KEYS = {
    "a": "zq", "b": "vn", "c": "xv", "d": "sf", "e": "zr", "f": "dg", "g": "fh", "h": "gj",
    "i": "uo", "j": "hk", "k": "jl", "l": "km", "m": "l", "n": "b", "o": "ip", "p": "o",
    "q": "sa", "r": "et", "s": "qd", "t": "ry", "u": "yi", "v": "cb", "w": "x", "x": "wc",
    "y": "tu", "z": "ae",
}  # fmt: skip


def without_accents(text: str) -> str:
    """`text` in plain letters."""
    letters = unicodedata.normalize("NFD", text.translate(_LIGATURES))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _typo(text: str, seed: str) -> str:
    chance = _chance(text, seed)
    words = list(_LONG_WORD.finditer(text)) or list(_WORD.finditer(text))
    if not words:
        return text
    match = chance.choice(words)
    word = match.group()
    at = chance.randrange(1, len(word) - 1)
    slip = chance.choice("dits")
    near = chance.choice(_NEAR_KEYS.get(without_accents(word[at].lower()), "e"))
    match slip:
        case "d":
            changed = word[:at] + word[at + 1 :]
        case "i":
            changed = word[:at] + near + word[at:]
        case "t":
            changed = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case _:
            changed = word[:at] + near + word[at + 1 :]
    return text[: match.start()] + changed + text[match.end() :]


def _ending(text: str, seed: str) -> str:
    chance = _chance(text, seed)
    words = list(_LONG_WORD.finditer(text)) or list(_WORD.finditer(text))
    if not words:
        return text
    match = chance.choice(words)
    head, last = match.group()[:-1], match.group()[-1]
    near = chance.choice(_NEAR_KEYS.get(without_accents(last.lower()), "e"))
    return text[: match.start()] + head + chance.choice(("", near)) + text[match.end() :]


def _elision(text: str, seed: str) -> str:
    text = text.replace("'", "’")
    words = list(_VOWEL_WORD.finditer(text))
    if not words:
        return text
    start = _chance(text, seed).choice(words).start()
    return f"{text[:start]}l’{text[start].lower()}{text[start + 1 :]}"


def _chance(text: str, seed: str) -> random.Random:
    digest = hashlib.md5((seed + text).encode(), usedforsecurity=False).hexdigest()
    return random.Random(int(digest, 16))  # noqa: S311 - no secret, the same draw each time


VARIANTS: Mapping[str, Callable[[str, str], str]] = {
    "orig": lambda text, _: text,
    "noaccent": lambda text, _: without_accents(text),
    "upper": lambda text, _: text.upper(),
    "elision": _elision,
    "typo": _typo,
    "ending": _ending,
}
"""By name: the query and its id to the query as typed."""
