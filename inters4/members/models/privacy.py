"""What the law asks to write down: who left, and what went wrong with people's data."""

import secrets
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, event
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, UOWTransaction, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey


class Erasure(Model):
    """A person asked to be erased. They are gone at once; the files follow within a day.

    Attributes:
        keeps_posts: what they wrote stays, as that of « Personne retirée ».
        rounds: how many times the index was written anew since.
        scrubbed_at: when nothing of them was left in the files.
    """

    __tablename__ = "erasures"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    requested_at: Mapped[Moment] = mapped_column(default=now)
    keeps_posts: Mapped[bool]
    rounds: Mapped[int] = mapped_column(default=0)
    scrubbed_at: Mapped[Moment | None] = mapped_column(index=True)


class FormerAddress(Model):
    """An address that a person had here, kept until they are erased: all of it goes with them."""

    __tablename__ = "former_addresses"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    email: Mapped[str] = mapped_column(primary_key=True)
    left_at: Mapped[Moment] = mapped_column(default=now)


class Incident(Model):
    """A confidentiality incident, as it was first written down: its row never changes.

    Attributes:
        noticed_on: the day the organisation knew of it.
        people: how many people it is about; None while nobody knows.
        is_serious: it may cause serious injury: the Commission and the people are told.
        reported_by_id: id of the member who wrote it, kept as a number.
    """

    __tablename__ = "incidents"

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_hex(6))
    title: Mapped[str]
    noticed_on: Mapped[date]
    happened: Mapped[str] = mapped_column(default="")
    circumstances: Mapped[str]
    data: Mapped[str]
    people: Mapped[int | None]
    is_serious: Mapped[bool]
    assessment: Mapped[str] = mapped_column(default="")
    reported_at: Mapped[Moment] = mapped_column(default=now, index=True)
    reported_by_id: Mapped[int | None]


class IncidentStep(StrEnum):
    """What was done about an incident."""

    NOTE = "note"
    MEASURE = "measure"
    COMMISSION_TOLD = "commission_told"
    PEOPLE_TOLD = "people_told"
    REASSESSED = "reassessed"
    CLOSED = "closed"


class IncidentEntry(Model):
    """What was learned or done since; rows are only ever added."""

    __tablename__ = "incident_entries"

    id: Mapped[PrimaryKey]
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id"), index=True)
    at: Mapped[Moment] = mapped_column(default=now)
    by_id: Mapped[int | None]
    step: Mapped[IncidentStep]
    text: Mapped[str]


_KEPT: tuple[type[Any], ...] = (Incident, IncidentEntry)
_REFUSAL = "the register of incidents is append-only"


@event.listens_for(Session, "before_flush")
def _append_only(session: Session, _context: UOWTransaction, _instances: object) -> None:
    for row in [*session.dirty, *session.deleted]:
        if isinstance(row, _KEPT) and (row in session.deleted or session.is_modified(row)):
            raise RuntimeError(_REFUSAL)


@event.listens_for(Session, "do_orm_execute")
def _no_bulk_change(state: ORMExecuteState) -> None:
    mapper = state.bind_mapper
    is_change = state.is_update or state.is_delete
    if is_change and mapper is not None and issubclass(mapper.class_, _KEPT):
        raise RuntimeError(_REFUSAL)
