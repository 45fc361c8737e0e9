"""A light English stemmer: the plural of nouns, nothing else."""

from functools import lru_cache

__all__ = ["stem_english"]

_SHORTEST = 4


@lru_cache(maxsize=50_000)
def stem_english(word: str) -> str:
    """The singular of a folded word; acronyms and short words are left alone."""
    if len(word) < _SHORTEST or not word.isalpha() or not word.endswith("s"):
        return word
    if not any(letter in "aeiouy" for letter in word):
        return word
    if word.endswith("ies") and len(word) > _SHORTEST:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith(("ss", "us", "is")):
        return word
    return word[:-1]
