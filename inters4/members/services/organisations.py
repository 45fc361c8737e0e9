"""Organisations: written by the content importer and by the coordination."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import local, now
from inters4.core.errors import DomainError, NotAllowed
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.members.models import (
    Organisation,
    OrganisationKind,
    OrganisationName,
    OrganisationRegion,
)
from inters4.members.queries import find_organisation

ORGANISATION_RENAMED = "members.organisation_renamed"
_LONGEST_NAME, _LONGEST_SHORT_NAME = 200, 60
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+){0,9}")
_SITE = re.compile(r"https?://[^\s<>\"]{3,400}")


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
    is_renamed = organisation is not None and organisation.name != name
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
    if is_renamed:
        hooks.emit(ORGANISATION_RENAMED, session, organisation_id=organisation.id)
    return organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What the coordination says of an organisation.

    Attributes:
        keeps_former_name: the name changed for good: documents of before bear the old one.
    """

    name: str
    short_name: str
    kind: OrganisationKind
    website: str
    is_consortium_member: bool
    regions: frozenset[str]
    keeps_former_name: bool = False


def describe_organisation(
    session: Session, slug: str, said: Description, *, by: Viewer
) -> Organisation:
    """Add an organisation, or change what is said of one.

    Raises:
        NotAllowed: `by` neither coordinates nor administers.
        DomainError: the id, the name or the address of its site cannot be read.
    """
    if not by.is_staff:
        raise NotAllowed(_("Seule la coordination change les organisations."))
    _check(slug, said)
    known = find_organisation(session, slug)
    names = (
        [DatedName(row.name, row.valid_from, row.valid_to) for row in known.names] if known else []
    )
    if known is not None and said.keeps_former_name and known.name != said.name:
        names.append(DatedName(known.name, None, local(now()).date() - timedelta(days=1)))
    found = upsert_organisation(
        session,
        slug=slug,
        name=said.name,
        kind=said.kind,
        short_name=said.short_name,
        name_en=known.name_en if known else None,
        website=said.website,
        is_consortium_member=said.is_consortium_member,
        regions=said.regions,
        names=names,
    )
    audit.record(session, "members.organisation_saved", by=by, subject=f"organisation:{slug}")
    return found


def _check(slug: str, said: Description) -> None:
    if not _SLUG.fullmatch(slug):
        raise DomainError(
            _("Donnez un identifiant court, comme « cisss-bsl » : minuscules, chiffres, tirets."),
            about="slug",
        )
    if not (1 <= len(said.name) <= _LONGEST_NAME and said.name.isprintable()):
        raise DomainError(
            _("Donnez un nom de %(count)s caractères au plus.", count=_LONGEST_NAME), about="name"
        )
    if len(said.short_name) > _LONGEST_SHORT_NAME:
        raise DomainError(
            _("Donnez un nom court de %(count)s caractères au plus.", count=_LONGEST_SHORT_NAME),
            about="short_name",
        )
    if said.website and not _SITE.fullmatch(said.website):
        raise DomainError(_("L’adresse du site commence par https:// ou http://."), about="website")


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
