"""Registrations, requests and domains for tests; nothing here computes a hash."""

import itertools
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.i18n import use_locale
from inters4.core.jobs import jobs
from inters4.core.mail import QueuedMail, kinds
from inters4.core.mail.render import Rendered, render
from inters4.members.models import (
    ApprovalRequest,
    DomainPolicy,
    EmailDomain,
    Member,
    MemberState,
    Organisation,
    Registration,
)
from inters4.members.queries.tokens import secret_of_seed
from inters4.members.services.approvals import request_approval
from inters4.members.services.domains import save_domain
from inters4.members.services.passwords import hash_password
from inters4.members.services.people import OPERATOR, join_organisation
from inters4.members.services.registration import Said, Typed, register
from tests.builders.members import make_member

HASH = "$argon2id$v=19$m=47104,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA"
"""Looks like a password; none opens it."""
_numbers = itertools.count(1)


def make_domain(
    session: Session,
    domain: str,
    *organisations: Organisation,
    policy: DomainPolicy = DomainPolicy.QUEUE,
    rules: Mapping[str, int] | None = None,
) -> EmailDomain:
    """A domain that these organisations use."""
    return save_domain(
        session,
        domain,
        policy=policy,
        organisations=[one.id for one in organisations],
        rules=rules or {},
        by=OPERATOR,
    )


def make_registration(
    session: Session,
    *,
    email: str = "",
    name: str = "Ariane Essai",
    organisation: Organisation | None = None,
    other: str = "",
    consent: str = "",
    invitation: int | None = None,
    password: str = "",
    network: str = "",
) -> tuple[Registration, str]:
    """A form that was sent, and the secret of its letter."""
    number = next(_numbers)
    row = register(
        session,
        Typed(
            said=Said(
                name=name,
                organisation_id=organisation.id if organisation else None,
                other_organisation=other,
                consent_text=consent,
            ),
            email=email or f"inscription-{number}@exemple.ca",
            password_hash=hash_password(password) if password else HASH,
            invitation_id=invitation,
        ),
        network=network or f"network {number}",
    )
    return row, secret_of_seed(row.seed)


def past_the_letters(session: Session, email: str) -> str:
    """The secret of a stranger's form, first in its hour once the day's letters had left."""
    hour = now().replace(minute=0, second=0, microsecond=0)
    for number in range(12):
        row, _ = make_registration(session, email=email, network=f"ailleurs {number}")
        row.created_at = hour - timedelta(hours=1)
    _, secret = make_registration(session, email=email, network="encore", name="Autre Main")
    session.flush()
    return secret


def make_request(
    session: Session,
    *,
    organisation: Organisation | None = None,
    name: str = "Ariane Essai",
    other: str = "",
) -> ApprovalRequest:
    """Someone whose address is confirmed, and who waits."""
    member = make_member(session, name=name, password=None, state=MemberState.PENDING_APPROVAL)
    if organisation is not None:
        join_organisation(session, member, organisation, is_confirmed=False)
    request = request_approval(
        session,
        member,
        organisation_id=organisation.id if organisation else None,
        other_organisation=other,
        is_for_entry=True,
    )
    request.member = member
    return request


def queued(session: Session, kind: str) -> list[QueuedMail]:
    """What waits in the queue, of one kind."""
    return list(
        session.scalars(select(QueuedMail).where(QueuedMail.kind == kind).order_by(QueuedMail.id))
    )


def letter(session: Session, mail: QueuedMail) -> Rendered | None:
    """What would leave now; None when it would not."""
    with use_locale(mail.locale):
        context = kinds[mail.kind].context(session, mail)
        if context is None:
            return None
        return render(mail.template, {**mail.parameters, **context}, settings=jobs.settings)


def reloaded(session: Session, member: Member) -> Member:
    """The row as it is in the database now."""
    session.flush()
    session.refresh(member)
    return member
