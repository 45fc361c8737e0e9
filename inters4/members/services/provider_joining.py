"""An account made without a password: the provider proved the address, the rules stay the same."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.i18n import current_locale
from inters4.members.models import Registration
from inters4.members.queries.registrations import find_invitation
from inters4.members.services.arrivals import Arrived
from inters4.members.services.entry import Arrival, Outcome, settle
from inters4.members.services.identities import attach
from inters4.members.services.sessions import digest

SOURCE = "/connexion/organisation/compte"


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """What the person typed.

    Attributes:
        organisation_id: None for « autre », whose name is `other_organisation`.
        consent_text: the words beside the box, when it was ticked.
    """

    name: str
    organisation_id: int | None
    other_organisation: str = ""
    consent_text: str = ""


def join_by_provider(
    session: Session, found: Arrived, typed: Joining, *, network: str, request_id: str = ""
) -> Arrival:
    """Make the account, link the identity to it, let the person in or make them wait.

    The form is kept as any other, used at once: no letter leaves, for the provider answers for
    the address. An account that appeared meanwhile is not touched.

    Raises:
        DomainError: no address of this domain opens an account.
        Conflict: the identity, or the address, has an account since.
    """
    if not found.is_proved:
        raise ValueError("the provider does not answer for this address")
    moment = now()
    invitation = find_invitation(session, found.invitation) if found.invitation else None
    row = Registration(
        name=typed.name,
        email=found.email,
        password_hash="",
        organisation_id=typed.organisation_id,
        other_organisation=typed.other_organisation,
        wants_newsletter=bool(typed.consent_text),
        consent_text=typed.consent_text,
        locale=current_locale(),
        invitation_id=invitation.id if invitation and invitation.is_live(moment) else None,
        network=network,
        token_hash=digest(secrets.token_urlsafe(32)),
        created_at=moment,
        expires_at=moment + timedelta(hours=1),
    )
    session.add(row)
    session.flush()
    arrival = settle(session, row, source=SOURCE)
    if arrival.member is not None and arrival.outcome in {Outcome.OPEN, Outcome.WAITING}:
        by = Viewer(member_id=arrival.member.id)
        attach(session, found, arrival.member, by=by, request_id=request_id)
    return arrival
