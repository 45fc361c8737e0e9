"""Reads `content/organisations.yaml`."""

from collections.abc import Container, Mapping
from typing import Any

from inters4.core.frontmatter import FrontMatter, Items, Reading
from inters4.practices.exports.organisations import DOCUMENT


def read_organisations(
    document: FrontMatter, *, known: Mapping[str, Container[str]]
) -> list[tuple[int, dict[str, Any]]]:
    """Each organisation with its line.

    Raises:
        ContentErrors: with every mistake.
    """
    reading = Reading(document.path, known)
    rows = DOCUMENT.read(document.entries, reading)["organisations"]
    reading.stop_if_any()
    items = document.entries["organisations"]
    assert isinstance(items, Items)  # noqa: S101  (the schema has read it as one)
    return [
        (item.line, {**row, "regions": tuple(sorted(row["regions"]))})
        for item, row in zip(items.values, rows, strict=True)
    ]
