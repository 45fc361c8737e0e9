"""Published figures put under the headings of their sources."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from inters4.core.values import dataclass
from inters4.indicators.models import Fact

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of one source, under their headings."""

    source: str
    categories: Sequence[tuple[str, Sequence[Fact]]]


def tables_of(facts: Sequence[Fact]) -> list[Table]:
    """The figures by source, then by category, each in the order of its first figure."""
    return [
        Table(source, in_groups(of_source, lambda fact: fact.category))
        for source, of_source in in_groups(facts, lambda fact: fact.source)
    ]


def in_groups(rows: Iterable[Row], key: Callable[[Row], str]) -> list[tuple[str, list[Row]]]:
    """`rows` by `key`, the groups in the order in which they first appear."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return list(found.items())
