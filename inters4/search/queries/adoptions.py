"""Adoptions that sources report, by organisation and by region."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from inters4.core.values import dataclass
from inters4.members.models import Organisation, OrganisationRegion
from inters4.practices.models import READABLE, Practice, PracticeAdopter, without_citations


@dataclass(frozen=True, slots=True)
class Reported:
    """Someone took up a practice, as a source of its sheet reports.

    Attributes:
        language: of the sheet, and of what it says of the adoption.
    """

    practice_id: str
    slug: str
    title: str
    language: str
    adopter: str
    since: str


def adoptions_by(session: Session, organisation_id: int) -> Sequence[Reported]:
    """What an organisation took up, by title of the practice."""
    return _adoptions(session, _by_organisation(), organisation_id)


def adoptions_in(session: Session, region: str) -> Sequence[Reported]:
    """What was taken up in a region: the source names it, or the organisation serves it."""
    return _adoptions(session, _in_region(), region)


def _adoptions(
    session: Session, statement: Select[*tuple[Any, ...]], sought: int | str
) -> Sequence[Reported]:
    rows = session.execute(statement, {"sought": sought})
    return [
        Reported(
            practice_id=row.practice_id,
            slug=row.slug,
            title=row.title,
            language=row.language,
            adopter=row.name or row.organisation or "",
            since=without_citations(row.since),
        )
        for row in rows
    ]


@cache
def _by_organisation() -> Select[*tuple[Any, ...]]:
    """Made once: making a statement anew costs as much as running it."""
    return _rows(PracticeAdopter.organisation_id == bindparam("sought"))


@cache
def _in_region() -> Select[*tuple[Any, ...]]:
    region: BindParameter[str] = bindparam("sought")
    serves = select(OrganisationRegion.organisation_id).where(OrganisationRegion.region == region)
    return _rows(
        or_(
            PracticeAdopter.region == region,
            and_(PracticeAdopter.region == "", PracticeAdopter.organisation_id.in_(serves)),
        )
    )


def _rows(which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Sheets that everyone may read, each in its first language."""
    return (
        select(
            PracticeAdopter.practice_id,
            PracticeAdopter.name,
            PracticeAdopter.since,
            Practice.slug,
            Practice.title,
            Practice.language,
            Organisation.name.label("organisation"),
        )
        .join(Practice, Practice.id == PracticeAdopter.practice_id)
        .outerjoin(Organisation, Organisation.id == PracticeAdopter.organisation_id)
        .where(which, Practice.state.in_(READABLE), Practice.translation_of.is_(None))
        .order_by(Practice.title, PracticeAdopter.position)
    )
