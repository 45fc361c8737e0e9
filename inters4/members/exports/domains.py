"""`content/email-domains.yaml`: what its fields are, and domains written that way."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.content.exporting import as_yaml
from inters4.core.content.scalars import Choice, Identifier, Known, Text
from inters4.core.content.schema import Many, Rows, Schema
from inters4.core.frontmatter import Plain, dump
from inters4.members.models import DomainPolicy, EmailDomain
from inters4.members.queries.domains import list_domains

FILE = "email-domains.yaml"
RULE = Schema(
    (
        Text("pattern", required=True, limit=64),
        Known("organisation", among="organisations", required=True),
    )
)
DOMAIN = Schema(
    (
        Identifier("id", required=True),
        Choice("policy", DomainPolicy, required=True),
        Many(Known("organisations", among="organisations")),
        Rows("rules", RULE, unique="pattern"),
    )
)
DOCUMENT = Schema((Rows("domains", DOMAIN, unique="id", required=True),))


def domain_values(domain: EmailDomain) -> dict[str, Any]:
    """The fields of a domain; needs its organisations and rules loaded."""
    return {
        "id": domain.domain,
        "policy": domain.policy,
        "organisations": tuple(sorted(row.organisation.slug for row in domain.organisations)),
        "rules": tuple(
            {"pattern": rule.pattern, "organisation": rule.organisation.slug}
            for rule in sorted(domain.rules, key=lambda rule: rule.pattern)
        ),
    }


def write_domain(values: Mapping[str, Any]) -> str:
    """The canonical text of one domain."""
    return dump(DOMAIN.write(values), "", key_order=DOMAIN.keys)


def domain_texts(session: Session, names: Sequence[str]) -> Mapping[str, str]:
    """The canonical text of each domain that the database holds."""
    return {
        found.domain: write_domain(domain_values(found))
        for found in list_domains(session)
        if found.domain in names
    }


def export_domains(session: Session) -> Iterator[tuple[str, str]]:
    """The one file, in the order of the names."""
    rows: list[Plain] = [DOMAIN.write(domain_values(found)) for found in list_domains(session)]
    if rows:
        yield FILE, as_yaml(dump({"domains": rows}, "", key_order=DOCUMENT.keys))
