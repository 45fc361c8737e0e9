r"""The words of the index as they are written: for exact forms, correction and suggestions.

A word is kept under its folded form, with its accents when it has any, in one key: `soin`, but
`infirmiere\tinfirmière`. Keys sort by folded form, so that all the spellings of a word, and all
the words that begin alike, lie side by side. An acronym keeps its capitals (`gap\tGAP`).
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from indexer.analysis.fold import APOSTROPHES, HYPHENS

__all__ = [
    "SPELT",
    "accents_of",
    "has_accents",
    "is_spelt",
    "join_spelling",
    "numbers_of",
    "split_spelling",
    "write",
]

SPELT = "\t"
"""Between the folded form and the word as written."""

_PLAIN = str.maketrans(
    {
        **dict.fromkeys(APOSTROPHES, "’"),
        **dict.fromkeys(HYPHENS, "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None),
    }
)


def is_spelt(form: str) -> bool:
    """Whether a folded form belongs to the dictionary: letters only, two at least."""
    return len(form) > 1 and form.isalpha()


@lru_cache(maxsize=50_000)
def write(found: str, *, is_acronym: bool) -> str:
    """A word of a text as the dictionary writes it."""
    plain = unicodedata.normalize("NFC", found).translate(_PLAIN)
    return plain if is_acronym else plain.lower()


def join_spelling(form: str, written: str) -> str:
    """The key of a word."""
    return form if form == written else f"{form}{SPELT}{written}"


def split_spelling(key: str) -> tuple[str, str]:
    """The folded form and the word as written behind a key."""
    form, _, written = key.partition(SPELT)
    return form, written or form


_SAME_WORD = str.maketrans({"î": "i", "û": "u", "è": "é", "œ": "oe", "æ": "ae"})
"""What may be written either way (`coût`, `évènement`)."""


def accents_of(written: str) -> str:
    """A word with the accents that tell it from others; empty when it bears none."""
    plain = unicodedata.normalize("NFC", written).lower().translate(_SAME_WORD)
    return "" if plain.isascii() else plain


def numbers_of(form: str, accents: str) -> Iterator[tuple[str, str]]:
    """A folded word and the same with its accents, in both numbers."""
    yield form, accents
    if form.endswith("aux"):
        yield form[:-2] + "l", accents[:-2] + "l"
    if form.endswith(("s", "x")):
        yield form[:-1], accents[:-1]
        return
    yield form + "s", accents + "s"
    if form.endswith("al"):
        yield form[:-1] + "ux", accents[:-1] + "ux"
    elif form.endswith(("au", "eu")):
        yield form + "x", accents + "x"


def has_accents(key: str, accents: str) -> bool | None:
    """Whether the word of a key bears these very accents; None for capitals that bear none."""
    _, written = split_spelling(key)
    if written.isupper() and written.isascii():
        return None
    return accents_of(written) == accents
