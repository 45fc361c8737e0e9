"""What « Mes données » holds of joining: one file for each kind of row about a person."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from inters4.members.models import (
    ApprovalRequest,
    Consent,
    DirectoryListing,
    Invitation,
    InvitationUse,
    Member,
    MemberPreference,
    ProfileField,
    Registration,
    StateChange,
)

Rows = Iterable[Mapping[str, Any]]


def when(moment: datetime | None) -> str | None:
    """An instant as the files of « Mes données » hold it."""
    return moment.isoformat() if moment else None


def states(session: Session, member_id: int) -> Rows:
    """How the account came to stand where it stands."""
    for row in session.scalars(
        select(StateChange).where(StateChange.member_id == member_id).order_by(StateChange.at)
    ):
        yield {
            "at": when(row.at),
            "from": row.from_state.value if row.from_state else None,
            "to": row.to_state.value,
            "reason": row.reason,
        }


def consents(session: Session, member_id: int) -> Rows:
    """What the person agreed to, in the exact words."""
    for row in session.scalars(
        select(Consent)
        .options(joinedload(Consent.text))
        .where(Consent.member_id == member_id)
        .order_by(Consent.at)
    ):
        yield {
            "at": when(row.at),
            "purpose": row.text.purpose.value,
            "text": row.text.text,
            "is_given": row.is_given,
            "source": row.source,
        }


def profile(session: Session, member_id: int) -> Rows:
    """What the person says of themselves, and to whom."""
    for row in session.scalars(
        select(ProfileField).where(ProfileField.member_id == member_id).order_by(ProfileField.key)
    ):
        yield {
            "field": row.key.value,
            "value": row.value,
            "visibility": row.visibility.value,
        }
    listing = session.get(DirectoryListing, member_id)
    if listing is not None:
        yield {"field": "directory", "since": when(listing.since)}


def preferences(session: Session, member_id: int) -> Rows:
    """What the person chose about the portal."""
    for row in session.scalars(
        select(MemberPreference)
        .where(MemberPreference.member_id == member_id)
        .order_by(MemberPreference.name)
    ):
        yield {"name": row.name, "value": row.value, "set_at": when(row.set_at)}


def requests(session: Session, member_id: int) -> Rows:
    """What the person asked organisations, and what they answered."""
    for row in session.scalars(
        select(ApprovalRequest)
        .options(joinedload(ApprovalRequest.organisation))
        .where(ApprovalRequest.member_id == member_id)
        .order_by(ApprovalRequest.created_at)
    ):
        yield {
            "asked_at": when(row.created_at),
            "organisation": row.organisation.name if row.organisation else row.other_organisation,
            "decided_at": when(row.decided_at),
            "decision": row.decision.value if row.decision else None,
            "reason": row.reason,
        }
    for form in session.scalars(select(Registration).where(Registration.member_id == member_id)):
        yield {"registered_at": when(form.created_at), "name": form.name, "email": form.email}


def invitations(session: Session, member_id: int) -> Rows:
    """Invitations that the person made, received or used."""
    email = session.scalar(select(Member.email).where(Member.id == member_id))
    used = select(InvitationUse.invitation_id).where(InvitationUse.member_id == member_id)
    for row in session.scalars(
        select(Invitation)
        .where(
            or_(
                Invitation.invited_by_id == member_id,
                Invitation.email == (email or "-"),
                Invitation.id.in_(used),
            )
        )
        .order_by(Invitation.created_at)
    ):
        yield {
            "created_at": when(row.created_at),
            "is_mine": row.invited_by_id == member_id,
            "email": row.email,
            "role": row.role.value if row.role else None,
            "uses": row.uses,
        }


OWN_DATA: Mapping[str, Callable[[Session, int], Rows]] = {
    "etats": states,
    "consentements": consents,
    "profil": profile,
    "preferences": preferences,
    "demandes": requests,
    "invitations": invitations,
}
