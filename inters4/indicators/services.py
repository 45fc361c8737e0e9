"""Changes to figures and plans: what a file of `content/` brings."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from inters4.indicators.models import DigitalPlan, Fact


def save_fact(session: Session, values: Mapping[str, Any], *, position: int) -> Fact:
    """Make a figure be exactly what its file says."""
    fact = session.get(Fact, values["id"])
    if fact is None:
        fact = Fact(id=values["id"])
        session.add(fact)
    fact.position = position
    for name, value in values.items():
        setattr(fact, name, value)
    return fact


def save_plan(session: Session, values: Mapping[str, Any]) -> DigitalPlan:
    """Make a plan be exactly what its file says."""
    plan = session.get(DigitalPlan, values["id"])
    if plan is None:
        plan = DigitalPlan(id=values["id"])
        session.add(plan)
    for name, value in values.items():
        setattr(plan, name, list(value) if isinstance(value, tuple) else value)
    return plan
