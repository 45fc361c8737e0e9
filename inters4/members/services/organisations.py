"""Organisations: written by the content importer and, later, by coordination."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from inters4.members.models import (
    Organisation,
    OrganisationKind,
    OrganisationName,
    OrganisationRegion,
)
from inters4.members.queries import find_organisation


@dataclass(frozen=True, slots=True)
class DatedName:
    """A name an organisation bore, from one day to another, both included."""

    name: str
    valid_from: date | None = None
    valid_to: date | None = None


def upsert_organisation(
    session: Session,
    *,
    slug: str,
    name: str,
    kind: OrganisationKind,
    short_name: str = "",
    name_en: str | None = None,
    website: str = "",
    is_consortium_member: bool = False,
    regions: Iterable[str] = (),
    names: Iterable[DatedName] = (),
) -> Organisation:
    """Make the organisation `slug` be exactly this, and give it back.

    Nothing is written when nothing differs. `regions` are vocabulary ids; `names` its dated names.
    """
    organisation = find_organisation(session, slug)
    if organisation is None:
        organisation = Organisation(slug=slug, names=[], regions=[])
        session.add(organisation)
    organisation.name = name
    organisation.kind = kind
    organisation.short_name = short_name
    organisation.name_en = name_en
    organisation.website = website
    organisation.is_consortium_member = is_consortium_member
    _set_regions(organisation, set(regions))
    _set_names(organisation, set(names))
    session.flush()
    return organisation


def _set_regions(organisation: Organisation, wanted: set[str]) -> None:
    kept = [row for row in organisation.regions if row.region in wanted]
    missing = wanted - {row.region for row in kept}
    organisation.regions = [*kept, *(OrganisationRegion(region=one) for one in sorted(missing))]


def _set_names(organisation: Organisation, wanted: set[DatedName]) -> None:
    present = {DatedName(row.name, row.valid_from, row.valid_to): row for row in organisation.names}
    kept = [row for key, row in present.items() if key in wanted]
    added = [
        OrganisationName(name=one.name, valid_from=one.valid_from, valid_to=one.valid_to)
        for one in wanted - set(present)
    ]
    organisation.names = [*kept, *added]
