"""Reads of registrations and invitations, by the secret that a message carried."""

import hashlib
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from inters4.members.models import Invitation, Member, MemberState, Registration, StateChange

AGAIN_AFTER = timedelta(days=30)
"""Who was refused may apply again."""


def find_registration(
    session: Session, secret: str, *, for_update: bool = False
) -> Registration | None:
    """The registration of a secret, used or not."""
    statement = select(Registration).where(Registration.token_hash == _digest(secret))
    if for_update:
        statement = statement.with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).first()


def find_invitation(
    session: Session, secret: str, *, for_update: bool = False
) -> Invitation | None:
    """The invitation of a secret, live or not, with its organisation and who invites."""
    digest = _digest(secret)
    if for_update:
        session.scalars(
            select(Invitation.id).where(Invitation.token_hash == digest).with_for_update()
        ).first()
    return session.scalars(
        select(Invitation)
        .options(joinedload(Invitation.organisation), joinedload(Invitation.invited_by))
        .where(Invitation.token_hash == digest)
        .execution_options(populate_existing=True)
    ).first()


def load_invitation(session: Session, number: int) -> Invitation | None:
    """One invitation, with its organisation and who invites."""
    return session.scalars(
        select(Invitation)
        .options(joinedload(Invitation.organisation), joinedload(Invitation.invited_by))
        .where(Invitation.id == number)
    ).first()


def list_invitations(
    session: Session, *, invited_by: int | None, limit: int = 100
) -> list[Invitation]:
    """The latest invitations of one person, or of everybody when nobody is named."""
    statement = select(Invitation).options(
        joinedload(Invitation.organisation), joinedload(Invitation.invited_by)
    )
    if invited_by is not None:
        statement = statement.where(Invitation.invited_by_id == invited_by)
    return list(
        session.scalars(
            statement.order_by(Invitation.created_at.desc(), Invitation.id.desc()).limit(limit)
        )
    )


def refused_at(session: Session, member: Member) -> StateChange | None:
    """The latest refusal of this account, when it stands refused."""
    if member.state is not MemberState.REFUSED:
        return None
    return session.scalars(
        select(StateChange)
        .where(StateChange.member_id == member.id, StateChange.to_state == MemberState.REFUSED)
        .order_by(StateChange.at.desc())
        .limit(1)
    ).first()


def count_waiting_registrations(session: Session) -> int:
    """How many forms wait for their link to be used."""
    statement = select(func.count()).select_from(Registration)
    return session.scalar(statement.where(Registration.used_at.is_(None))) or 0


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
