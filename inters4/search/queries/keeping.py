"""What a member keeps."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.search.models import KeptDocument


def kept_keys(session: Session, member_id: int) -> Sequence[str]:
    """The keys a member keeps, the latest first."""
    return session.scalars(
        select(KeptDocument.key)
        .where(KeptDocument.member_id == member_id)
        .order_by(KeptDocument.kept_at.desc(), KeptDocument.key)
    ).all()


def kept_documents(session: Session, member_id: int) -> Sequence[KeptDocument]:
    """The rows of a member, the oldest first."""
    return session.scalars(
        select(KeptDocument)
        .where(KeptDocument.member_id == member_id)
        .order_by(KeptDocument.kept_at, KeptDocument.key)
    ).all()
