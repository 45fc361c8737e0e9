"""`content/facts.yaml`: what the fields of a figure are, and figures written that way."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.content.exporting import as_yaml
from inters4.core.content.scalars import Choice, Identifier, Text
from inters4.core.content.schema import Rows, Schema
from inters4.core.frontmatter import Plain, dump
from inters4.indicators.models import Counted, Fact, Topic
from inters4.indicators.queries import facts_of, list_facts

FILE = "facts.yaml"
FACT = Schema(
    (
        Identifier("id", required=True),
        Choice("topic", Topic, required=True),
        Text("organisation", required=True, limit=120),
        Text("category", required=True, limit=120),
        Text("label", required=True, limit=200),
        Text("value", required=True, limit=120),
        Text("unit", limit=60),
        Text("period", limit=120),
        Text("source", required=True, limit=200),
        Text("quote", limit=400),
        Text("note", limit=400),
        Choice("counted_as", Counted),
    )
)
DOCUMENT = Schema((Rows("facts", FACT, unique="id", required=True),))


def write_fact(values: Mapping[str, Any], position: int) -> str:
    """The canonical text of one figure, its place included."""
    written = {**FACT.write(values), "position": str(position)}
    return dump(written, "", key_order=FACT.keys)


def fact_texts(session: Session, ids: Sequence[str]) -> Mapping[str, str]:
    """The canonical text of each figure that the database holds."""
    return {fact.id: write_fact(_values(fact), fact.position) for fact in facts_of(session, ids)}


def export_facts(session: Session) -> Iterator[tuple[str, str]]:
    """The one file, in the order of the figures."""
    rows: list[Plain] = [FACT.write(_values(fact)) for fact in list_facts(session)]
    if rows:
        yield FILE, as_yaml(dump({"facts": rows}, "", key_order=DOCUMENT.keys))


def _values(fact: Fact) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in FACT.keys}
