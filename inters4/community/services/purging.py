"""What communities keep for a time only."""

from datetime import datetime

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from inters4.community.models import (
    Flag,
    FlagState,
    JoinRequest,
    PostDraft,
    RequestState,
    Sanction,
    SanctionKind,
    SpaceInvitation,
)
from inters4.community.services.forgetting import forget_drafts

DRAFT_DAYS = 365
REQUEST_DAYS = 365
INVITATION_DAYS = 180
FLAG_DAYS = 730
SANCTION_DAYS = 730


def purge_drafts(session: Session, before: datetime) -> int:
    """Drafts that nobody has touched since, with their files."""
    return forget_drafts(session, PostDraft.updated_at < before)


def purge_requests(session: Session, before: datetime) -> int:
    """Requests to join that were settled before; those that wait are kept."""
    settled = (JoinRequest.state != RequestState.PENDING, JoinRequest.decided_at < before)
    return len(session.scalars(delete(JoinRequest).where(*settled).returning(JoinRequest.id)).all())


def purge_invitations(session: Session, before: datetime) -> int:
    """Invitations that nobody answered."""
    old = delete(SpaceInvitation).where(SpaceInvitation.invited_at < before)
    return len(session.scalars(old.returning(SpaceInvitation.id)).all())


def purge_flags(session: Session, before: datetime) -> int:
    """Flags that were settled before."""
    settled = (Flag.state.in_((FlagState.UPHELD, FlagState.REJECTED)), Flag.decided_at < before)
    return len(session.scalars(delete(Flag).where(*settled).returning(Flag.id)).all())


def purge_sanctions(session: Session, before: datetime) -> int:
    """Warnings, and measures that ended or were lifted, before; a ban in force stays."""
    over = or_(
        Sanction.kind == SanctionKind.WARNING,
        Sanction.until < before,
        Sanction.lifted_at < before,
    )
    old = delete(Sanction).where(Sanction.at < before, over)
    return len(session.scalars(old.returning(Sanction.id)).all())
