"""What a finding says, out of everything that sources say of it: the first to speak is believed."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from inters4.veille.models import OpenAccess
from inters4.veille.services.entries import Entry
from inters4.veille.services.identity import folded

_FILLED = (
    *("authors", "journal", "published_on", "year", "volume", "number", "pages", "doi", "pmid"),
    *("url", "language", "abstract", "open_access", "design", "country"),
)
"""Columns that a later source may fill; the title is there from the start."""
_SILENCES: tuple[Any, ...] = ("", (), [], None, OpenAccess.UNKNOWN)


def columns_of(entries: Sequence[Entry]) -> dict[str, Any]:
    """Columns of a new finding that `entries` show together."""
    first = entries[0]
    said = {name: _first_said(entries, name) for name in _FILLED} | {"title": first.title}
    said["authors"] = list(said["authors"])
    return said | {"search_text": search_text_of(said)}


def gains(row: Row[Any], entries: Sequence[Entry]) -> dict[str, Any]:
    """Columns that a known finding gains from `entries`: those that it lacked."""
    gained = {
        name: said
        for name in _FILLED
        if _is_silent(row, name) and (said := _first_said(entries, name)) not in _SILENCES
    }
    if "authors" in gained:
        gained["authors"] = list(gained["authors"])
    if gained.keys() & {"authors", "journal", "doi", "pmid"}:
        gained["search_text"] = search_text_of(dict(row._mapping) | gained)  # noqa: SLF001
    return gained


def search_text_of(said: Mapping[str, Any]) -> str:
    """What the box of the desk searches: words folded, identifiers as they are."""
    words = folded(" ".join((said["title"], *said["authors"], said["journal"])))
    return " ".join(part for part in (words, said["doi"], said["pmid"]) if part)


def _is_silent(row: Row[Any], name: str) -> bool:
    return not row.has_abstract if name == "abstract" else getattr(row, name) in _SILENCES


def _first_said(entries: Sequence[Entry], name: str) -> Any:
    found = [getattr(entry, name) for entry in entries]
    return next((said for said in found if said not in _SILENCES), found[0])
