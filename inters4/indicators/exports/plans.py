"""`content/digital-plan.yaml`: what its fields are, and a plan written that way."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.content.exporting import as_yaml
from inters4.core.content.quantities import Whole
from inters4.core.content.scalars import Identifier, Text
from inters4.core.content.schema import Many, Rows, Schema
from inters4.core.frontmatter import dump
from inters4.indicators.models import DigitalPlan
from inters4.indicators.queries import find_plan, plans_of

FILE = "digital-plan.yaml"
TARGET = Schema(
    (
        Text("year", required=True, limit=20),
        Text("target", required=True, limit=200),
        Whole("rate", 0, 100),
    )
)
OBJECTIVE = Schema(
    (
        Identifier("id", required=True),
        Text("orientation", required=True, limit=300),
        Text("title", required=True, limit=300),
        Text("indicator", required=True, limit=300),
        Many(Text("audiences", limit=100)),
        Text("baseline", limit=200),
        Rows("targets", TARGET, unique="year"),
    )
)
CONDITION = Schema(
    (Text("lever", required=True, limit=200), Text("condition", required=True, limit=300))
)
RISK = Schema(
    (
        Text("kind", required=True, limit=60),
        Text("title", required=True, limit=200),
        Text("description", limit=1000),
        Many(Text("mitigation", limit=400)),
    )
)
RELATED = Schema(
    (
        Text("carrier", required=True, limit=100),
        Text("title", required=True, limit=300),
        Text("note", limit=200),
    )
)
PLAN = Schema(
    (
        Identifier("id", required=True),
        Text("title", required=True, limit=200),
        Text("source", required=True, limit=200),
        Rows("objectives", OBJECTIVE, unique="id", required=True),
        Rows("conditions", CONDITION),
        Rows("risks", RISK, unique="title"),
        Rows("related", RELATED, unique="title"),
        Text("related_source", limit=200),
    )
)


def write_plan(values: Mapping[str, Any]) -> str:
    """The canonical text of a plan."""
    return dump(PLAN.write(values), "", key_order=PLAN.keys)


def plan_texts(session: Session, ids: Sequence[str]) -> Mapping[str, str]:
    """The canonical text of each plan that the database holds."""
    return {plan.id: write_plan(_values(plan)) for plan in plans_of(session, ids)}


def export_plan(session: Session) -> Iterator[tuple[str, str]]:
    """The plan in force."""
    plan = find_plan(session)
    if plan is not None:
        yield FILE, as_yaml(write_plan(_values(plan)))


def _values(plan: DigitalPlan) -> dict[str, Any]:
    return {name: _frozen(getattr(plan, name)) for name in PLAN.keys}


def _frozen(value: Any) -> Any:
    """JSON gives lists where schemas give tuples."""
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, dict):
        return {name: _frozen(item) for name, item in value.items()}
    return value
