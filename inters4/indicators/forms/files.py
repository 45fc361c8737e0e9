"""Reads `content/facts.yaml` and `content/digital-plan.yaml`, with a line for every mistake."""

from typing import Any

from inters4.core.content.reading import row_lines
from inters4.core.frontmatter import FrontMatter, Reading
from inters4.indicators.exports import facts, plans


def read_facts(document: FrontMatter) -> list[tuple[int, dict[str, Any]]]:
    """Each figure with its line.

    Raises:
        ContentErrors: with every mistake.
    """
    reading = Reading(document.path)
    rows = facts.DOCUMENT.read(document.entries, reading)["facts"]
    reading.stop_if_any()
    return list(zip(row_lines(document.entries["facts"]), rows, strict=True))


def read_plan(document: FrontMatter) -> dict[str, Any]:
    """The plan.

    Raises:
        ContentErrors: with every mistake.
    """
    reading = Reading(document.path)
    values = plans.PLAN.read(document.entries, reading)
    reading.stop_if_any()
    return values
