"""Words of a query to be written otherwise, and the query once they are."""

from collections.abc import Iterable
from dataclasses import dataclass

from indexer.query import Written

__all__ = ["Change", "apply_changes"]


@dataclass(frozen=True, slots=True)
class Change:
    """A word of the query and what to write in its place; `is_certain` when none holds it."""

    typed: Written
    meant: str
    is_certain: bool


def apply_changes(text: str, changes: Iterable[Change]) -> str:
    """The query with the words changed; capitals stay where they were typed."""
    for change in sorted(changes, key=lambda change: -change.typed.start):
        meant = change.meant
        if change.typed.text.isupper():
            meant = meant.upper()
        elif change.typed.text[:1].isupper():
            meant = meant[:1].upper() + meant[1:]
        text = text[: change.typed.start] + meant + text[change.typed.end :]
    return text
