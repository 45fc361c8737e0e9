"""What the balance sheet counts of sheets: what readers were given, adoptions, readings.

A sheet that is withdrawn later stays counted when it was published. Of adoptions, those that teams
declare to everyone are counted: one that is made private, or hidden, leaves every count at once.
"""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from inters4.core.access import ANONYMOUS
from inters4.core.figures import FIRST, LAST, UNTIL, Rows, during
from inters4.members.models import Organisation
from inters4.practices.models import (
    READABLE,
    TOMBSTONES,
    Adoption,
    AdoptionEntry,
    AdoptionStep,
    Practice,
    PracticeStep,
    PracticeVersion,
)
from inters4.practices.models.readership import PracticeReading
from inters4.practices.queries.adoptions import visible_adoptions

_First = aliased(PracticeVersion)
_FIRST_AT = func.coalesce(_First.published_at, Practice.published_at)
"""A new edition dates the sheet anew: its first version says since when readers have it."""


@cache
def published() -> Rows:
    """Sheets first given to readers in the period."""
    return _sheets().where(during(_FIRST_AT))


@cache
def renewed() -> Rows:
    """New versions of sheets in the period, one line each."""
    return (
        select(
            PracticeVersion.published_at.label("at"),
            PracticeVersion.number,
            PracticeVersion.is_minor,
            Practice.slug,
            Practice.title,
            Practice.state,
            Practice.origin,
        )
        .join(Practice, Practice.id == PracticeVersion.practice_id)
        .where(PracticeVersion.number > 1, during(PracticeVersion.published_at), *_shown())
        .order_by(PracticeVersion.published_at.desc(), Practice.id, PracticeVersion.number.desc())
    )


@cache
def withdrawn() -> Rows:
    """Sheets withdrawn or replaced in the period."""
    return (
        select(
            PracticeStep.at,
            PracticeStep.to_state.label("state"),
            Practice.slug,
            Practice.title,
            Practice.origin,
        )
        .join(Practice, Practice.id == PracticeStep.practice_id)
        .where(PracticeStep.to_state.in_(TOMBSTONES), during(PracticeStep.at), *_shown())
        .order_by(PracticeStep.at.desc(), PracticeStep.id.desc())
    )


@cache
def readable() -> Rows:
    """Sheets that everyone could read when the period ended."""
    return _sheets().where(
        _FIRST_AT < UNTIL,
        or_(
            Practice.state.in_(READABLE),
            _ended(PracticeStep.at >= UNTIL) & ~_ended(PracticeStep.at < UNTIL),
        ),
    )


@cache
def declared() -> Rows:
    """Adoptions declared in the period."""
    return _adoptions(during(Adoption.created_at))


@cache
def followed() -> Rows:
    """Adoptions of which the team said something in the period: a step, or an entry."""
    step = exists().where(AdoptionStep.adoption_id == Adoption.id, during(AdoptionStep.at))
    entry = exists().where(
        AdoptionEntry.adoption_id == Adoption.id, during(AdoptionEntry.created_at)
    )
    return _adoptions(or_(step, entry))


@cache
def declared_in_all() -> Rows:
    """Adoptions declared before the period ended."""
    return _adoptions(Adoption.created_at < UNTIL)


@cache
def read() -> Rows:
    """Sheets read in the period, and how many times: `amount`.

    Each sheet adds up its own days by their key: a million days are read many times faster
    so than sorted.
    """
    times = (
        select(func.sum(PracticeReading.number))
        .where(
            PracticeReading.practice_id == Practice.id,
            PracticeReading.on_day.between(FIRST, LAST),
        )
        .scalar_subquery()
    )
    sheets = select(
        Practice.id,
        Practice.slug,
        Practice.title,
        Practice.state,
        Practice.origin,
        times.label("amount"),
    ).subquery()
    return (
        select(sheets)
        .where(sheets.c.amount.is_not(None))
        .order_by(sheets.c.amount.desc(), sheets.c.id)
    )


def _shown() -> tuple[ColumnElement[bool], ...]:
    """What everyone reads, or reads to be gone; a translation is no other sheet."""
    return (Practice.state.in_(READABLE | TOMBSTONES), Practice.translation_of.is_(None))


def _sheets() -> Rows:
    first: Any = and_(_First.practice_id == Practice.id, _First.number == 1)
    return (
        select(
            _FIRST_AT.label("at"), Practice.slug, Practice.title, Practice.state, Practice.origin
        )
        .outerjoin(_First, first)
        .where(*_shown())
        .order_by(_FIRST_AT.desc(), Practice.id)
    )


def _ended(when: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        PracticeStep.practice_id == Practice.id, PracticeStep.to_state.in_(TOMBSTONES), when
    )


def _adoptions(which: ColumnElement[bool]) -> Rows:
    return (
        select(
            Adoption.created_at.label("at"),
            Adoption.public_id,
            Adoption.team,
            Adoption.state,
            Practice.slug,
            Practice.title,
            Organisation.name.label("organisation"),
        )
        .join(Practice, Practice.id == Adoption.practice_id)
        .join(Organisation, Organisation.id == Adoption.organisation_id)
        .where(visible_adoptions(ANONYMOUS), which)
        .order_by(Adoption.created_at.desc(), Adoption.id.desc())
    )
