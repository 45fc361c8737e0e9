"""How long notices are kept, and how they are forgotten with a person."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from inters4.notices.models import (
    Notice,
    NoticeChoice,
    NoticeDigest,
    NoticeLetter,
    NoticeSettings,
)

_OWN = (Notice, NoticeLetter, NoticeDigest, NoticeChoice, NoticeSettings)


def purge_read(session: Session, before: datetime) -> int:
    """Forget what was read before that instant; say how many there were."""
    statement = delete(Notice).where(Notice.read_at < before)
    return len(session.scalars(statement.returning(Notice.id)).all())


def purge_unread(session: Session, before: datetime) -> int:
    """Forget what was told before that instant, and the traces of its mails."""
    found = session.scalars(
        delete(Notice).where(Notice.created_at < before).returning(Notice.id)
    ).all()
    session.execute(delete(NoticeLetter).where(NoticeLetter.created_at < before))
    session.execute(delete(NoticeDigest).where(NoticeDigest.made_at < before))
    return len(found)


def forget_member(session: Session, member_id: int) -> None:
    """Forget what a person was told, chose and was sent."""
    for model in _OWN:
        session.execute(delete(model).where(model.member_id == member_id))
