"""What joining left of a person goes with them; the journals keep what says nobody."""

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.members.models import (
    ApprovalRequest,
    ApproverNotice,
    Consent,
    Decision,
    DirectoryListing,
    FormerAddress,
    Invitation,
    MemberPreference,
    MemberToken,
    ProfileField,
    ProviderIdentity,
    Registration,
)
from inters4.members.queries.leaving import addresses_of
from inters4.members.queries.people import find_member_by_email

_OWN = (
    MemberToken,
    ProfileField,
    DirectoryListing,
    MemberPreference,
    ApproverNotice,
    ProviderIdentity,
)


def remember_former(session: Session, *, former: str, email: str) -> None:
    """Keep the address that whoever is now at `email` left, so that it is forgotten with them."""
    member = find_member_by_email(session, email)
    if member is not None:
        session.merge(FormerAddress(member_id=member.id, email=former, left_at=now()))


def forget_member(session: Session, member_id: int) -> None:
    """Forget what a person typed and received; called while their address is still known.

    Consents stay under a keyed digest, requests and uses of invitations as numbers without words.
    """
    emails = addresses_of(session, member_id)
    for model in _OWN:
        session.execute(delete(model).where(model.member_id == member_id))
    session.execute(
        delete(Registration).where(
            or_(Registration.member_id == member_id, Registration.email.in_(emails))
        )
    )
    session.execute(
        update(ApprovalRequest)
        .where(ApprovalRequest.member_id == member_id, ApprovalRequest.decided_at.is_(None))
        .values(decided_at=now(), decision=Decision.WITHDRAWN)
    )
    session.execute(
        update(ApprovalRequest)
        .where(ApprovalRequest.member_id == member_id)
        .values(other_organisation="", reason="")
    )
    session.execute(
        update(Invitation)
        .where(
            or_(Invitation.invited_by_id == member_id, Invitation.email.in_(emails)),
            Invitation.revoked_at.is_(None),
        )
        .values(revoked_at=now())
    )
    session.execute(update(Invitation).where(Invitation.email.in_(emails)).values(email=""))
    session.execute(update(Consent).where(Consent.member_id == member_id).values(member_id=None))
