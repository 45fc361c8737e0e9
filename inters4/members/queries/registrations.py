"""Reads of registrations and invitations, by the secret that a message carried."""

import hashlib
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from inters4.core.access import Viewer
from inters4.core.paging import Page, read_page
from inters4.members.models import Invitation, Member, MemberState, Registration, StateChange

AGAIN_AFTER = timedelta(days=30)
"""Who was refused may apply again."""
LETTERS_OF_NETWORK, LETTERS_OF_ADDRESS = 4, 12
"""How many letters an address gets in a day for the forms of one network, but one more that is the
reader's, and of all, before it gets one an hour."""


class Letter(StrEnum):
    """What leaves for a form: its own link, a link that is the reader's, or nothing."""

    OF_FORM = "form"
    OF_READER = "reader"
    NONE = "none"


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


def find_own_invitation(session: Session, public_id: str, *, by: Viewer) -> Invitation | None:
    """An invitation that `by` may take back: theirs, or anyone's for the coordination."""
    found = session.scalars(select(Invitation).where(Invitation.public_id == public_id)).first()
    is_staff = by.is_staff
    return found if found and (is_staff or found.invited_by_id == by.member_id) else None


def list_invitations(
    session: Session, *, invited_by: int | None, page: int = 1
) -> Page[Invitation]:
    """A page of the invitations of one person, or of everybody; the latest first."""
    statement = select(Invitation).options(
        joinedload(Invitation.organisation), joinedload(Invitation.invited_by)
    )
    if invited_by is not None:
        statement = statement.where(Invitation.invited_by_id == invited_by)
    latest = statement.order_by(Invitation.created_at.desc(), Invitation.id.desc())
    return read_page(session, latest, page)


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


def letter_due(session: Session, row: Registration) -> Letter:
    """What leaves for this form, as those before it and nothing else decide.

    A stranger may use up the day's letters of an address, never silence it: the last of a network
    and, past them, the first form of each hour still bring one. As it may be the stranger's, its
    link is good to whoever reads it: what the form says, its password too, is typed again.
    """
    hour = row.created_at.replace(minute=0, second=0, microsecond=0)
    day = select(
        func.count(case((Registration.network == row.network, 1))).label("of_network"),
        func.count(case((Registration.created_at >= hour, 1))).label("of_hour"),
        func.count().label("of_all"),
    ).where(
        Registration.email == row.email,
        Registration.id < row.id,
        Registration.created_at > row.created_at - timedelta(days=1),
    )
    earlier = session.execute(day).one()
    if earlier.of_network <= LETTERS_OF_NETWORK and earlier.of_all < LETTERS_OF_ADDRESS:
        is_last = earlier.of_network == LETTERS_OF_NETWORK
        return Letter.OF_READER if is_last else Letter.OF_FORM
    return Letter.NONE if earlier.of_hour else Letter.OF_READER


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
