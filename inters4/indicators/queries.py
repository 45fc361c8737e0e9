"""Reads of figures, and what the portal counts of itself."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.hooks import hooks
from inters4.indicators.models import Counted, DigitalPlan, Fact, Topic
from inters4.members.queries import list_organisations
from inters4.practices.queries.adoptions import count_public


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


def present_counts(session: Session) -> Mapping[Counted, int]:
    """What everyone can find in the portal now, for each thing that it counts.

    A kind of document that no domain registers is absent, not zero. Of adoptions, those that teams
    declare to everyone are counted, never what sources report.
    """
    counts = {
        counted: sum(1 for _id in hooks.document_kinds[counted].every_id(session))
        for counted in Counted
        if counted in hooks.document_kinds
    }
    counts[Counted.ADOPTION] = count_public(session)
    counts[Counted.ORGANISATION] = len(list_organisations(session, only_consortium=True))
    return counts
