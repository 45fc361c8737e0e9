"""What joining left of a person goes with them; the journals keep what says nobody."""

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.members.models import (
    ApprovalRequest,
    ApproverNotice,
    Consent,
    Decision,
    DirectoryListing,
    Invitation,
    Member,
    MemberPreference,
    MemberToken,
    ProfileField,
    ProviderIdentity,
    Registration,
)

_OWN = (
    MemberToken,
    ProfileField,
    DirectoryListing,
    MemberPreference,
    ApproverNotice,
    ProviderIdentity,
)


def forget_member(session: Session, member_id: int) -> None:
    """Forget what a person typed and received; called while their address is still known.

    Consents stay under a keyed digest, requests and uses of invitations as numbers without words.
    """
    email = session.scalar(select(Member.email).where(Member.id == member_id)) or ""
    for model in _OWN:
        session.execute(delete(model).where(model.member_id == member_id))
    session.execute(
        delete(Registration).where(
            or_(Registration.member_id == member_id, Registration.email == email)
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
            or_(Invitation.invited_by_id == member_id, Invitation.email == email),
            Invitation.revoked_at.is_(None),
        )
        .values(revoked_at=now())
    )
    session.execute(update(Invitation).where(Invitation.email == email).values(email=""))
    session.execute(update(Consent).where(Consent.member_id == member_id).values(member_id=None))
