"""Domains of addresses: written by the content importer, and by whoever coordinates."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.errors import DomainError, NotAllowed
from inters4.core.i18n import _
from inters4.members.models import (
    DomainPolicy,
    EmailDomain,
    EmailDomainOrganisation,
    Organisation,
    PresortRule,
)
from inters4.members.queries.domains import load_domain
from inters4.members.services.people import OPERATOR

_NAME = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_OF_NOBODY = frozenset(
    {
        "aol.com",
        "bell.net",
        "gmail.com",
        "hotmail.ca",
        "hotmail.com",
        "icloud.com",
        "live.ca",
        "live.com",
        "me.com",
        "msn.com",
        "outlook.com",
        "proton.me",
        "protonmail.com",
        "sympatico.ca",
        "videotron.ca",
        "yahoo.ca",
        "yahoo.com",
    }
)
"""Anyone opens an address there."""
_OF_MANY = frozenset({"gouv.qc.ca", "msss.gouv.qc.ca", "ssss.gouv.qc.ca"})
"""Many organisations use them, whichever the portal knows."""
_PATTERN = re.compile(r"[a-z0-9._*-]{2,64}")


def save_domain(
    session: Session,
    domain: str,
    *,
    policy: DomainPolicy,
    organisations: Iterable[int],
    rules: Mapping[str, int],
    by: Viewer,
) -> EmailDomain:
    """Make the domain be exactly this; `rules` gives the organisation of each pattern.

    Raises:
        NotAllowed: `by` neither coordinates nor administers.
        DomainError: the name or a pattern cannot be read, a shared domain would be `auto`, or a
            rule leads to an organisation that does not use the domain.
    """
    if not by.is_staff:
        raise NotAllowed(_("Seule la coordination change les domaines de courriel."))
    wanted = set(organisations)
    check_domain(domain, policy=policy, organisations=wanted, rules=rules)
    row = load_domain(session, domain)
    if row is None:
        row = EmailDomain(domain=domain, organisations=[], rules=[])
        session.add(row)
    row.policy = policy
    kept = [one for one in row.organisations if one.organisation_id in wanted]
    missing = wanted - {one.organisation_id for one in kept}
    row.organisations = [
        *kept,
        *(EmailDomainOrganisation(organisation_id=one) for one in sorted(missing)),
    ]
    held = {(rule.pattern, rule.organisation_id): rule for rule in row.rules}
    row.rules = [rule for key, rule in held.items() if key in rules.items()]
    session.flush()  # a pattern that changes hands is deleted before it is written again
    row.rules += [
        PresortRule(pattern=pattern, organisation_id=number)
        for pattern, number in rules.items()
        if (pattern, number) not in held
    ]
    session.flush()
    audit.record(
        session, "members.domain_saved", by=by, subject=f"domain:{domain}", policy=policy.value
    )
    return row


def delete_domain(session: Session, domain: str, *, by: Viewer) -> bool:
    """Forget a domain; its addresses are then those of nobody known. False when there is none.

    Raises:
        NotAllowed: `by` neither coordinates nor administers.
    """
    if not by.is_staff:
        raise NotAllowed(_("Seule la coordination change les domaines de courriel."))
    row = load_domain(session, domain)
    if row is None:
        return False
    session.delete(row)
    audit.record(session, "members.domain_deleted", by=by, subject=f"domain:{domain}")
    return True


def check_domain(
    domain: str,
    *,
    policy: DomainPolicy,
    organisations: Iterable[int],
    rules: Mapping[str, int],
) -> None:
    """Refuse what would let people in who were vouched for by nobody.

    Raises:
        DomainError: says what to change.
    """
    used_by = set(organisations)
    if not _NAME.fullmatch(domain):
        raise DomainError(
            _("Écrivez le domaine seul, comme « exemple.ca », en minuscules."), about="domain"
        )
    if policy is DomainPolicy.AUTO and len(used_by) != 1:
        raise DomainError(
            _(
                "Un domaine que plusieurs organisations partagent ne peut pas ouvrir seul un "
                "compte : choisissez l’approbation."
            ),
            about="policy",
        )
    if policy is DomainPolicy.AUTO and domain in _OF_NOBODY | _OF_MANY:
        raise DomainError(
            _(
                "Des personnes de partout ont une adresse dans ce domaine, qui ne prouve rien "
                "seul : choisissez l’approbation."
            ),
            about="policy",
        )
    for pattern, number in rules.items():
        if not _PATTERN.fullmatch(pattern) or not pattern.strip("*"):
            raise DomainError(
                _(
                    "La règle « %(pattern)s » ne peut pas être lue : des lettres minuscules, des "
                    "chiffres, et « * » pour n’importe quoi.",
                    pattern=pattern,
                ),
                about="rules",
            )
        if number not in used_by:
            raise DomainError(
                _(
                    "La règle « %(pattern)s » mène hors de ce domaine : cochez son organisation, "
                    "ou retirez-la.",
                    pattern=pattern,
                ),
                about="rules",
            )


def import_domain(session: Session, values: Mapping[str, Any]) -> EmailDomain:
    """Make a domain be what its file says; organisations are cited by their permanent ids."""
    slugs = {*values["organisations"], *(rule["organisation"] for rule in values["rules"])}
    numbers = {
        row.slug: row.id
        for row in session.execute(
            select(Organisation.slug, Organisation.id).where(Organisation.slug.in_(slugs))
        )
    }
    return save_domain(
        session,
        values["id"],
        policy=values["policy"],
        organisations=[numbers[slug] for slug in values["organisations"]],
        rules={rule["pattern"]: numbers[rule["organisation"]] for rule in values["rules"]},
        by=OPERATOR,
    )
