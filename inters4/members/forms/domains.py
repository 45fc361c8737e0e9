"""Reads `content/email-domains.yaml`."""

from collections.abc import Container, Mapping
from typing import Any

from inters4.core.content.reading import row_lines
from inters4.core.errors import DomainError
from inters4.core.frontmatter import FrontMatter, Reading
from inters4.members.exports.domains import DOCUMENT
from inters4.members.services.domains import check_domain


def read_domains(
    document: FrontMatter, *, known: Mapping[str, Container[str]]
) -> list[tuple[int, dict[str, Any]]]:
    """Each domain with its line.

    Raises:
        ContentErrors: with every mistake.
    """
    reading = Reading(document.path, known)
    rows = DOCUMENT.read(document.entries, reading)["domains"]
    lines = row_lines(document.entries.get("domains"))
    reading.stop_if_any()
    found = []
    for line, row in zip(lines, rows, strict=True):
        values = {
            **row,
            "organisations": tuple(sorted(row["organisations"])),
            "rules": tuple(sorted(row["rules"], key=lambda rule: str(rule["pattern"]))),
        }
        _check(values, line, reading)
        found.append((line, values))
    reading.stop_if_any()
    return found


def _check(values: Mapping[str, Any], line: int, reading: Reading) -> None:
    """The rules of a domain, told with its line; ids stand in for numbers."""
    numbers = {slug: number for number, slug in enumerate(values["organisations"], 1)}
    try:
        check_domain(
            values["id"],
            policy=values["policy"],
            organisations=numbers.values(),
            rules={
                rule["pattern"]: numbers.get(rule["organisation"], 0) for rule in values["rules"]
            },
        )
    except DomainError as refusal:
        reading.note(line, refusal.message)
