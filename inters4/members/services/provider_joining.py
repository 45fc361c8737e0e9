"""An account made without a password: the provider proved the address, the rules stay the same."""

import secrets
from datetime import timedelta

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.members.models import Registration
from inters4.members.queries.registrations import find_invitation
from inters4.members.services.arrivals import Arrived
from inters4.members.services.entry import Arrival, Outcome, settle
from inters4.members.services.identities import attach
from inters4.members.services.registration import Said, keep_said
from inters4.members.services.sessions import digest

SOURCE = "/connexion/organisation/compte"


def join_by_provider(
    session: Session, found: Arrived, said: Said, *, network: str, request_id: str = ""
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
        email=found.email,
        password_hash="",
        invitation_id=invitation.id if invitation and invitation.is_live(moment) else None,
        network=network,
        token_hash=digest(secrets.token_urlsafe(32)),
        created_at=moment,
        expires_at=moment + timedelta(hours=1),
    )
    keep_said(row, said)
    session.add(row)
    session.flush()
    arrival = settle(session, row, source=SOURCE)
    if arrival.member is not None and arrival.outcome in {Outcome.OPEN, Outcome.WAITING}:
        by = Viewer(member_id=arrival.member.id)
        attach(session, found, arrival.member, by=by, request_id=request_id)
    return arrival
