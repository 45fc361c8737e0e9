"""Reads `content/organisations.yaml`."""

from collections.abc import Container, Mapping, Sequence
from typing import Any

from inters4.core.content.reading import row_lines
from inters4.core.frontmatter import FrontMatter, Group, Items, Reading
from inters4.core.i18n import _
from inters4.practices.exports.organisations import DOCUMENT, in_time


def read_organisations(
    document: FrontMatter, *, known: Mapping[str, Container[str]]
) -> list[tuple[int, dict[str, Any]]]:
    """Each organisation with its line.

    Raises:
        ContentErrors: with every mistake.
    """
    reading = Reading(document.path, known)
    rows = DOCUMENT.read(document.entries, reading)["organisations"]
    items = document.entries.get("organisations")
    given = items.values if isinstance(items, Items) else ()
    for item, row in zip(given, rows, strict=False):
        if isinstance(item, Group):
            _check_names(row["names"], row_lines(item.entries.get("names")), reading)
    reading.stop_if_any()
    return [
        (
            item.line,
            {**row, "regions": tuple(sorted(row["regions"])), "names": in_time(row["names"])},
        )
        for item, row in zip(given, rows, strict=True)
    ]


def _check_names(
    names: Sequence[Mapping[str, Any]], lines: Sequence[int], reading: Reading
) -> None:
    """Days in order, and no name twice from the same day."""
    seen = set()
    for row, line in zip(names, lines, strict=False):
        if row["from"] and row["to"] and row["to"] < row["from"]:
            reading.note(line, _("Le dernier jour de ce nom précède le premier."))
        if (row["name"], row["from"]) in seen:
            reading.note(line, _("« %(value)s » est donné deux fois.", value=row["name"]))
        seen.add((row["name"], row["from"]))
