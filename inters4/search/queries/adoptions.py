"""Adoptions that sources report, by organisation and by region."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from inters4.members.models import OrganisationRegion
from inters4.practices.models import READABLE, Practice, PracticeAdopter, without_citations


@dataclass(frozen=True, slots=True)
class Adoption:
    """Someone took up a practice, as a source of its sheet reports."""

    practice_id: str
    slug: str
    title: str
    adopter: str
    since: str


def adoptions_by(session: Session, organisation_id: int) -> Sequence[Adoption]:
    """What an organisation took up, by title of the practice."""
    return _adoptions(session, PracticeAdopter.organisation_id == organisation_id)


def adoptions_in(session: Session, region: str) -> Sequence[Adoption]:
    """What was taken up in a region: the source names it, or the organisation serves it."""
    serves = select(OrganisationRegion.organisation_id).where(OrganisationRegion.region == region)
    return _adoptions(
        session,
        or_(
            PracticeAdopter.region == region,
            and_(PracticeAdopter.region == "", PracticeAdopter.organisation_id.in_(serves)),
        ),
    )


def _adoptions(session: Session, which: ColumnElement[bool]) -> Sequence[Adoption]:
    """Sheets that everyone may read, each in its first language."""
    rows = session.execute(
        select(PracticeAdopter, Practice.slug, Practice.title)
        .join(Practice, Practice.id == PracticeAdopter.practice_id)
        .where(which, Practice.state.in_(READABLE), Practice.translation_of.is_(None))
        .options(joinedload(PracticeAdopter.organisation))
        .order_by(Practice.title, PracticeAdopter.position)
    )
    return [
        Adoption(row.practice_id, slug, title, row.label, without_citations(row.since))
        for row, slug, title in rows
    ]
