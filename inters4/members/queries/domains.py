"""Which organisation an address speaks for, and how far it is believed."""

from collections.abc import Iterable
from functools import cache
from re import Pattern, escape
from re import compile as pattern_of

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from inters4.members.models import (
    DomainPolicy,
    EmailDomain,
    EmailDomainOrganisation,
    PresortRule,
    normalise_email,
)

_WHOLE = (
    selectinload(EmailDomain.organisations).joinedload(EmailDomainOrganisation.organisation),
    selectinload(EmailDomain.rules).joinedload(PresortRule.organisation),
)


def domain_of(email: str) -> str:
    """What follows the `@`, whole: a longer name that ends or begins the same is another."""
    return normalise_email(email).rpartition("@")[2]


def find_domain(session: Session, email: str) -> EmailDomain | None:
    """The domain of this address, its organisations and rules loaded."""
    return session.scalars(
        select(EmailDomain).options(*_WHOLE).where(EmailDomain.domain == domain_of(email))
    ).first()


def load_domain(session: Session, domain: str) -> EmailDomain | None:
    """The domain of this name, its organisations and rules loaded."""
    return session.scalars(
        select(EmailDomain).options(*_WHOLE).where(EmailDomain.domain == domain)
    ).first()


def list_domains(session: Session) -> list[EmailDomain]:
    """Every domain, by name, its organisations and rules loaded."""
    return list(session.scalars(select(EmailDomain).options(*_WHOLE).order_by(EmailDomain.domain)))


def policy_for(domain: EmailDomain | None, organisation_id: int | None) -> DomainPolicy:
    """What an address of `domain` is worth for whoever names that organisation.

    `auto` needs a domain of that organisation alone: a shared one proves only that the person is
    in the network.
    """
    if domain is None:
        return DomainPolicy.QUEUE
    if domain.policy is DomainPolicy.REFUSE:
        return DomainPolicy.REFUSE
    if domain.policy is DomainPolicy.AUTO and domain.organisation_ids == {organisation_id}:
        return DomainPolicy.AUTO
    return DomainPolicy.QUEUE


def hinted_organisation(domain: EmailDomain | None, email: str) -> int | None:
    """The organisation that the address suggests: the only one, else that of the longest rule."""
    if domain is None:
        return None
    if len(domain.organisations) == 1:
        return domain.organisations[0].organisation_id
    local = normalise_email(email).rpartition("@")[0]
    fitting = [rule for rule in domain.rules if fits(rule.pattern, local)]
    best = max(fitting, key=lambda rule: len(rule.pattern), default=None)
    return best.organisation_id if best else None


def fits(pattern: str, local: str) -> bool:
    """True when `local` is `pattern`, whose `*` stands for anything."""
    return _compiled(pattern).fullmatch(local) is not None


@cache
def _compiled(pattern: str) -> Pattern[str]:
    return pattern_of(".*".join(escape(part) for part in _parts(pattern)))


def _parts(pattern: str) -> Iterable[str]:
    return pattern.lower().split("*")


def lock_domains(session: Session, domains: Iterable[str]) -> None:
    """Keep others from changing these domains until the transaction ends."""
    session.execute(
        select(EmailDomain.id).where(EmailDomain.domain.in_(list(domains))).with_for_update()
    )
