"""An issue cut at its headings, as its page and its message show it."""

from collections.abc import Iterable
from dataclasses import field

from inters4.core.values import dataclass
from inters4.newsletters.models import IssueItem, ItemKind


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of an issue and what stands under it; the first section may have no heading."""

    anchor: str
    title: str
    items: list[IssueItem] = field(default_factory=list)


def sections_of(items: Iterable[IssueItem]) -> list[Section]:
    """The items cut at their headings; what comes before the first has none."""
    found: list[Section] = []
    for item in items:
        is_heading = item.kind is ItemKind.HEADING
        if is_heading or not found:
            title = item.title if is_heading else ""
            found.append(Section(f"section-{len(found) + 1}", title))
        if not is_heading:
            found[-1].items.append(item)
    return found
