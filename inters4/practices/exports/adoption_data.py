"""What « Mes données » holds of adoptions: what a person answers for, wrote, assessed."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from inters4.practices.models import (
    Adoption,
    AdoptionEntry,
    AdoptionHolder,
    AdoptionStep,
    TransferAssessment,
)


def adoptions_held(session: Session, member_id: int) -> Iterable[Mapping[str, Any]]:
    """The adoptions that a person answers for."""
    rows = session.execute(
        select(Adoption, AdoptionHolder.joined_at)
        .join(AdoptionHolder, AdoptionHolder.adoption_id == Adoption.id)
        .where(AdoptionHolder.member_id == member_id)
        .options(joinedload(Adoption.organisation))
        .order_by(AdoptionHolder.joined_at)
    )
    for adoption, joined_at in rows:
        yield {
            "adoption": adoption.public_id,
            "practice": adoption.practice_id,
            "organisation": adoption.organisation.name,
            "team": adoption.team,
            "state": adoption.state.value,
            "joined_at": joined_at.isoformat(),
        }


def adoption_steps_by(session: Session, member_id: int) -> Iterable[Mapping[str, Any]]:
    """The changes of state that a person made, with what they wrote then."""
    rows = session.execute(
        select(AdoptionStep, Adoption.public_id)
        .join(Adoption, Adoption.id == AdoptionStep.adoption_id)
        .where(AdoptionStep.by_id == member_id)
        .order_by(AdoptionStep.id)
    )
    for step, public_id in rows:
        yield {
            "adoption": public_id,
            "state": step.to_state.value,
            "at": step.at.isoformat(),
            "reason": step.reason,
        }


def entries_by(session: Session, member_id: int) -> Iterable[Mapping[str, Any]]:
    """The entries of journals that a person wrote last, with their figures."""
    rows = session.execute(
        select(AdoptionEntry, Adoption.public_id)
        .join(Adoption, Adoption.id == AdoptionEntry.adoption_id)
        .where(AdoptionEntry.written_by_id == member_id)
        .options(selectinload(AdoptionEntry.results))
        .order_by(AdoptionEntry.id)
    )
    for entry, public_id in rows:
        yield {
            "adoption": public_id,
            "aspect": entry.aspect.value,
            "on_day": entry.on_day.isoformat(),
            "text": entry.source,
            "results": [
                {"indicator": row.indicator, "before": row.before, "after": row.after}
                | {"value": row.value, "unit": row.unit, "n": row.n, "period": row.period}
                for row in entry.results
            ],
        }


def assessments_by(session: Session, member_id: int) -> Iterable[Mapping[str, Any]]:
    """The answers to « Est-ce que ça marcherait ici? » that a person wrote last."""
    for row in session.scalars(
        select(TransferAssessment)
        .where(TransferAssessment.written_by_id == member_id)
        .order_by(TransferAssessment.id)
    ):
        yield {
            "practice": row.practice_id,
            "team": row.team,
            "fit": row.fit,
            "worth": row.worth,
            "feasible": row.feasible,
            "how": row.how,
            "updated_at": row.updated_at.isoformat(),
        }


OWN_DATA = {
    "adoptions": adoptions_held,
    "adoption_steps": adoption_steps_by,
    "adoption_entries": entries_by,
    "transfer_assessments": assessments_by,
}
