"""A light French stemmer: number and gender, nothing else.

It works on folded words. Light on purpose: on the vocabulary of health services a Snowball stemmer
merges words that differ (`organe`, `organisation`). Words of three letters or fewer, words without
a vowel and words ending in -ss are left alone: they are acronyms (IPS, TS, CRDS, CISSS).
"""

from functools import lru_cache

__all__ = ["stem_french"]

_SHORTEST = 4
_INVARIABLE_WORDS = """
bois bras corps cours doux faux fois gens index mois paix pays prix sens suis taux temps toux vers
virus voix choix
"""
_INVARIABLE = frozenset(_INVARIABLE_WORDS.split())
_IRREGULAR = {
    "travaux": "travail",
    "baux": "bail",
    "vitraux": "vitrail",
    "yeux": "oeil",
    "maux": "mal",
    "vieille": "vieux",
    "vieil": "vieux",
    "vieilles": "vieux",
    "nouvelle": "nouveau",
    "nouvelles": "nouveau",
    "nouvel": "nouveau",
    "belle": "beau",
    "belles": "beau",
    "bel": "beau",
    "mesdames": "madame",
    "messieurs": "monsieur",
    "vieux": "vieux",
}

# Ending, what replaces it, fewest letters left. The masculine in -eur loses its r (below), so that
# chercheur, chercheuse and infectieux, infectieuse each meet.
_FEMININES = (
    ("trice", "teu", 5),
    ("euse", "eu", 5),
    ("eure", "eu", 5),
    ("iere", "ier", 5),
    ("enne", "en", 5),
    ("elle", "el", 5),
    ("ante", "ant", 6),
    ("ente", "ent", 6),
    ("aine", "ain", 5),
    ("aise", "ai", 5),
    ("oise", "oi", 6),
    ("ete", "et", 6),
    ("ale", "al", 5),
    ("ive", "if", 4),
    ("eur", "eu", 5),
    ("ee", "e", 3),
)


@lru_cache(maxsize=50_000)
def stem_french(word: str) -> str:
    """The common form of the inflections of a folded word."""
    if len(word) < _SHORTEST or word in _INVARIABLE or not word.isalpha():
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if not any(letter in "aeiouy" for letter in word) or word.endswith("ss"):
        return word
    return _masculine(_singular(word))


def _singular(word: str) -> str:
    if word.endswith("eaux"):
        return word[:-1]
    if word.endswith("aux"):
        return word[:-2] + "l"
    if word.endswith(("eux", "oux")):
        return word[:-1]
    return word.removesuffix("s")


def _masculine(word: str) -> str:
    for ending, replacement, shortest in _FEMININES:
        if word.endswith(ending):
            stem = word.removesuffix(ending) + replacement
            return stem if len(stem) >= shortest else word
    return word
