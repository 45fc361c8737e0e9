"""Reads of organisations."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from indexer.analysis import fold
from inters4.members.models import Organisation, OrganisationName


def find_organisation(session: Session, slug: str) -> Organisation | None:
    """The organisation of this permanent id, its names and regions loaded."""
    return session.scalars(
        select(Organisation).options(*_WHOLE).where(Organisation.slug == slug)
    ).first()


def list_organisations(session: Session, *, only_consortium: bool = False) -> list[Organisation]:
    """Every organisation, in the order of a French dictionary, names and regions loaded."""
    statement = select(Organisation).options(*_WHOLE)
    if only_consortium:
        statement = statement.where(Organisation.is_consortium_member)
    return sorted(session.scalars(statement), key=lambda found: fold(found.name))


def former_names(organisation: Organisation, *, on: date) -> list[OrganisationName]:
    """The names it no longer bears on that day, the latest first; needs `names` loaded."""
    past = [row for row in organisation.names if row.valid_to is not None and row.valid_to < on]
    return sorted(past, key=lambda row: row.valid_to or on, reverse=True)


_WHOLE = (selectinload(Organisation.names), selectinload(Organisation.regions))
