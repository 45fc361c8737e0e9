"""Registering: the same work and the same answer whether the address is known or not.

The form is kept as it is, one letter is queued, and that is all: what the letter says, and whether
it leaves, is decided later. The account is made when its link is used. Nobody stops another from
registering, a neighbour of the same network neither: forms are refused to a network that floods,
whatever the addresses, and letters alone are counted by address.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.errors import DomainError, TooMany
from inters4.core.i18n import _, current_locale, ngettext
from inters4.core.mail import enqueue
from inters4.core.turns import Turn, wait_for_turn
from inters4.core.values import dataclass
from inters4.members.exports.letters import REGISTRATION
from inters4.members.models import (
    DomainPolicy,
    Member,
    MemberOrganisation,
    MemberState,
    MemberToken,
    ProviderIdentity,
    Registration,
    StateChange,
    normalise_email,
)
from inters4.members.queries.domains import find_domain, policy_for
from inters4.members.queries.tokens import secret_of_seed
from inters4.members.services.sessions import digest

LINK_LIFETIME = timedelta(hours=48)
KEPT_DAYS = 14
MOST_FORMS = 60
"""Forms an hour from one network."""
_WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What whoever joins says of themselves, checked.

    Attributes:
        organisation_id: None for « autre », whose name is `other_organisation`.
        consent_text: the words beside the box, when it was ticked.
    """

    name: str
    organisation_id: int | None = None
    other_organisation: str = ""
    consent_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What the form holds, checked; the password is a hash already."""

    said: Said
    email: str
    password_hash: str
    invitation_id: int | None = None


def keep_said(row: Registration, said: Said) -> None:
    """Write in a form what the person says of themselves."""
    row.name, row.locale = said.name, current_locale()
    row.organisation_id = said.organisation_id
    row.other_organisation = said.other_organisation
    row.consent_text, row.wants_newsletter = said.consent_text, bool(said.consent_text)


def refuse_flood(session: Session, *, network: str) -> None:
    """Stop before the hash is computed: it costs much, and whoever floods must not make us pay.

    Raises:
        TooMany: this network sent too many forms.
    """
    _admit(session, network=network, moment=now())


def register(session: Session, typed: Typed, *, network: str) -> Registration:
    """Keep the form and queue its letter.

    Raises:
        TooMany: this network sent too many forms; nothing is kept.
        DomainError: no address of this domain opens an account.
    """
    wait_for_turn(session, Turn.REGISTRATION)
    email, moment = normalise_email(typed.email), now()
    _admit(session, network=network, moment=moment)
    if policy_for(find_domain(session, email), typed.said.organisation_id) is DomainPolicy.REFUSE:
        raise DomainError(_("Les adresses de ce domaine n’ouvrent pas de compte."))
    seed = secrets.token_bytes(32)
    row = Registration(
        email=email,
        password_hash=typed.password_hash,
        invitation_id=typed.invitation_id,
        network=network,
        seed=seed,
        token_hash=digest(secret_of_seed(seed)),
        created_at=moment,
        expires_at=moment + LINK_LIFETIME,
    )
    keep_said(row, typed.said)
    session.add(row)
    session.flush()
    enqueue(
        session,
        kind=REGISTRATION,
        template=REGISTRATION,
        recipient=email,
        locale=row.locale,
        parameters={"registration": row.id},
    )
    return row


def purge_registrations(session: Session, before: datetime) -> int:
    """Forget the forms of before that instant, and accounts that were never verified."""
    statement = delete(Registration).where(Registration.created_at < before)
    count = len(session.scalars(statement.returning(Registration.id)).all())
    unverified = session.scalars(
        select(Member).where(Member.state == MemberState.UNVERIFIED, Member.created_at < before)
    ).all()
    for member in unverified:
        for model in (MemberToken, StateChange, MemberOrganisation, ProviderIdentity):
            session.execute(delete(model).where(model.member_id == member.id))
        session.execute(delete(Member).where(Member.id == member.id))
    return count + len(unverified)


def _admit(session: Session, *, network: str, moment: datetime) -> None:
    """Counted whatever the address: the same statements for all."""
    row = session.execute(
        select(
            func.count().label("number"), func.min(Registration.created_at).label("first")
        ).where(Registration.network == network, Registration.created_at > moment - _WINDOW)
    ).one()
    if row.number >= MOST_FORMS:
        wait = int((row.first + _WINDOW - moment).total_seconds()) + 1
        minutes = wait // 60 + 1
        raise TooMany(
            ngettext(
                "Trop d’inscriptions en peu de temps. Réessayez dans %(num)s minute.",
                "Trop d’inscriptions en peu de temps. Réessayez dans %(num)s minutes.",
                minutes,
            ),
            retry_after=wait,
        )
