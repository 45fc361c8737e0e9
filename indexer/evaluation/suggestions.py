"""Completions of what is being typed, from the titles a reader may see.

Plain: looks through all titles. Word order, accents and case do not matter; the last word is the
one being typed, the others must be there.
"""

import datetime
from collections.abc import Iterable
from typing import Protocol

from indexer.analysis import tokenize
from indexer.model import Suggestion

__all__ = ["Titled", "suggest"]

TITLE = "title"


class Titled(Protocol):
    """What a suggestion needs of a document."""

    @property
    def key(self) -> str:
        """Its key."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def sort_title(self) -> str:
        """Its title, folded."""

    @property
    def date(self) -> datetime.date | None:
        """Its date."""


def suggest(text: str, visible: Iterable[Titled], *, limit: int) -> tuple[Suggestion, ...]:
    """Titles holding every word typed, those that begin alike first, then the newest."""
    words = [token.form for token in tokenize(text[:200])]
    if not words or limit <= 0:
        return ()
    found = [card for card in visible if _matches(card, words)]
    found.sort(key=lambda card: card.key)
    found.sort(key=lambda card: card.date.toordinal() if card.date else 0, reverse=True)
    found.sort(key=lambda card: not card.sort_title.startswith(words[0]))
    return tuple(Suggestion(card.title, TITLE, card.key) for card in found[:limit])


def _matches(card: Titled, words: list[str]) -> bool:
    letters = card.sort_title.replace("-", "").replace("'", "")
    if not all(word in letters for word in words):
        return False
    held = [token.form for token in tokenize(card.title)]
    return set(words[:-1]) <= set(held) and any(form.startswith(words[-1]) for form in held)
