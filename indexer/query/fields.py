"""The closed list of fields one may type before a colon, and what each stands for."""

import re

from indexer.analysis import fold
from indexer.query.nodes import YearLeaf

__all__ = ["AUTHOR", "FIELDS", "TITLE", "YEAR", "read_years"]

TITLE = "title"
AUTHOR = "author"
YEAR = "year"

FIELDS = {
    "titre": TITLE,
    "title": TITLE,
    "auteur": AUTHOR,
    "autrice": AUTHOR,
    "author": AUTHOR,
    "theme": "theme",
    "region": "region",
    "type": "kind",
    "langue": "language",
    "language": "language",
    "annee": YEAR,
    "year": YEAR,
}
"""Folded name -> `title`, `year`, or the name of a facet."""

_YEARS = re.compile(r"([0-9]{4})?(-|\.\.)?([0-9]{4})?")
_FIRST, _LAST = 1, 9999


def read_years(value: str) -> YearLeaf | None:
    """`2020`, `2018-2020`, `2018..2020`, `2018-` or `-2020`; None for anything else."""
    match = _YEARS.fullmatch(fold(value).strip())
    if not match or not (match[1] or match[3]):
        return None
    if match[2] is None:
        return YearLeaf(int(match[1]), int(match[1])) if match[1] and not match[3] else None
    first, last = int(match[1] or _FIRST), int(match[3] or _LAST)
    return YearLeaf(min(first, last), max(first, last))
