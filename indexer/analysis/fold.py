"""Folding: what two spellings of one word have in common.

Compatibility forms (NFKC), ligatures, accents, case, apostrophes and invisible characters are
undone here and nowhere else, so that documents, queries, facet values and sort keys agree.
"""

import unicodedata
from functools import lru_cache

__all__ = ["APOSTROPHES", "HYPHENS", "fold"]

APOSTROPHES = "'’‘ʼ‛′＇`´"
HYPHENS = "-‐‑‒–−"

_REPLACED = str.maketrans(
    {
        "œ": "oe",
        "Œ": "oe",
        "æ": "ae",
        "Æ": "ae",
        "ø": "o",
        "Ø": "o",
        "ł": "l",
        "Ł": "l",
        "đ": "d",
        "Đ": "d",
        "\u00ad": None,
        "\u200b": None,
        "\u200c": None,
        "\u200d": None,
        "\u2060": None,
        "\ufeff": None,
        **dict.fromkeys(APOSTROPHES, "'"),
        **dict.fromkeys(HYPHENS, "-"),
    }
)


@lru_cache(maxsize=50_000)
def _fold_short(text: str) -> str:
    return _fold(text)


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.translate(_REPLACED))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return letters.casefold().translate(_REPLACED)


def fold(text: str) -> str:
    """`text` without accents, ligatures or case: `Cœur À L’ÉCOUTE` -> `coeur a l'ecoute`."""
    return _fold_short(text) if len(text) <= 40 else _fold(text)
