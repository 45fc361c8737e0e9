"""Reads for those who forget a person: their addresses, and what they want of what they wrote."""

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from inters4.members.models import Erasure, FormerAddress, Member


def addresses_of(session: Session, member_id: int) -> frozenset[str]:
    """The address of a person and those they had, but one that is somebody else's since."""
    other = aliased(Member)
    is_taken = select(other.id).where(other.email == FormerAddress.email).exists()
    former = select(FormerAddress.email).where(FormerAddress.member_id == member_id, ~is_taken)
    present = select(Member.email).where(Member.id == member_id)
    return frozenset(session.scalars(present.union(former)))


def keeps_posts(session: Session, member_id: int) -> bool:
    """True unless the person who is being erased wants what they wrote to go with them."""
    found = session.scalar(select(Erasure.keeps_posts).where(Erasure.member_id == member_id))
    return found is not False
