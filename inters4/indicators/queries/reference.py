"""Reads of the figures that others published, and of the plan."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.indicators.models import DigitalPlan, Fact, Topic


def list_facts(session: Session, *, topic: Topic | None = None) -> Sequence[Fact]:
    """The figures of one page, or all of them, in the order of their file."""
    statement = select(Fact).order_by(Fact.position, Fact.id)
    if topic is not None:
        statement = statement.where(Fact.topic == topic)
    return session.scalars(statement).all()


def facts_of(session: Session, ids: Sequence[str]) -> Sequence[Fact]:
    """Those of `ids` that exist."""
    return session.scalars(select(Fact).where(Fact.id.in_(ids))).all()


def lock_facts(session: Session, ids: Sequence[str]) -> None:
    """Keep others from changing these figures until the transaction ends."""
    session.execute(select(Fact.id).where(Fact.id.in_(ids)).with_for_update())


def find_plan(session: Session) -> DigitalPlan | None:
    """The plan in force: the last one by its id, which ends with its years."""
    return session.scalars(select(DigitalPlan).order_by(DigitalPlan.id.desc())).first()


def plans_of(session: Session, ids: Sequence[str]) -> Sequence[DigitalPlan]:
    """Those of `ids` that exist."""
    return session.scalars(select(DigitalPlan).where(DigitalPlan.id.in_(ids))).all()


def lock_plans(session: Session, ids: Sequence[str]) -> None:
    """Keep others from changing these plans until the transaction ends."""
    session.execute(select(DigitalPlan.id).where(DigitalPlan.id.in_(ids)).with_for_update())
