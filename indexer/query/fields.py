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

_YEARS = re.compile(r"([0-9]{4})(?:(?:-|\.\.)([0-9]{4}))?")


def read_years(value: str) -> YearLeaf | None:
    """`2020`, `2018-2020` or `2018..2020`; None for anything else."""
    match = _YEARS.fullmatch(fold(value))
    if not match:
        return None
    first, last = int(match[1]), int(match[2] or match[1])
    return YearLeaf(min(first, last), max(first, last))
