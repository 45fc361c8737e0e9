"""`content/organisations.yaml`: what its fields are, and organisations written that way."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.content.exporting import as_yaml
from inters4.core.content.quantities import Day
from inters4.core.content.scalars import Address, Choice, Flag, Identifier, Known, Text
from inters4.core.content.schema import Many, Rows, Schema
from inters4.core.frontmatter import Plain, dump
from inters4.members.models import Organisation, OrganisationKind
from inters4.members.queries import list_organisations

FILE = "organisations.yaml"
NAME = Schema((Text("name", required=True, limit=200), Day("from"), Day("to")))
ORGANISATION = Schema(
    (
        Identifier("id", required=True),
        Text("name", required=True, limit=200),
        Text("short_name", limit=60),
        Text("name_en", limit=200),
        Choice("kind", OrganisationKind, required=True),
        Address("website"),
        Flag("is_consortium_member"),
        Many(Known("regions", among="regions")),
        Rows("names", NAME),
    )
)
DOCUMENT = Schema((Rows("organisations", ORGANISATION, unique="id", required=True),))


def organisation_values(organisation: Organisation) -> dict[str, Any]:
    """The fields of an organisation; needs its regions and names loaded."""
    return {
        "id": organisation.slug,
        "name": organisation.name,
        "short_name": organisation.short_name,
        "name_en": organisation.name_en or "",
        "kind": organisation.kind,
        "website": organisation.website,
        "is_consortium_member": organisation.is_consortium_member,
        "regions": tuple(sorted(organisation.region_ids)),
        "names": in_time(
            {"name": row.name, "from": row.valid_from, "to": row.valid_to}
            for row in organisation.names
        ),
    }


def in_time(names: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """Dated names, the oldest first; databases do not agree on where an unknown day goes."""
    return tuple(sorted(names, key=lambda row: (row["from"] or date.min, row["name"])))


def write_organisation(values: Mapping[str, Any]) -> str:
    """The canonical text of one organisation."""
    return dump(ORGANISATION.write(values), "", key_order=ORGANISATION.keys)


def organisation_texts(session: Session, slugs: Sequence[str]) -> Mapping[str, str]:
    """The canonical text of each organisation that the database holds."""
    return {
        found.slug: write_organisation(organisation_values(found))
        for found in list_organisations(session)
        if found.slug in slugs
    }


def export_organisations(session: Session) -> Iterator[tuple[str, str]]:
    """The one file, in the order of the ids."""
    found = sorted(list_organisations(session), key=lambda item: item.slug)
    rows: list[Plain] = [ORGANISATION.write(organisation_values(item)) for item in found]
    if rows:
        yield FILE, as_yaml(dump({"organisations": rows}, "", key_order=DOCUMENT.keys))
