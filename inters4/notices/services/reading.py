"""What a person has read; reading a notice reads its group, so that the next may be mailed."""

from collections.abc import Callable, Collection

from sqlalchemy import Select, bindparam, delete, exists, select, update
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.notices.models import Notice, NoticeLetter

_SETTLED = (
    update(Notice)
    .where(
        Notice.read_at.is_(None),
        Notice.subject == bindparam("about"),
        Notice.kind.in_(bindparam("kinds", expanding=True)),
    )
    .values(read_at=bindparam("moment"))
    .returning(Notice.member_id)
)
"""Written once: each move of a sheet asks it several times."""


def mark_read(session: Session, notice: Notice) -> None:
    """The person has read `notice` and those of its group told before; read twice is read once."""
    session.execute(
        update(Notice)
        .where(
            Notice.member_id == notice.member_id,
            Notice.kind == notice.kind,
            Notice.group_key == notice.group_key,
            Notice.id <= notice.id,
            Notice.read_at.is_(None),
        )
        .values(read_at=now())
    )
    _forget_letters(session, notice.member_id)


def mark_all_read(session: Session, member_id: int, *, until: str) -> int:
    """Everything up to the notice `until`, named by its public id; what came since stays unread."""
    last = session.scalar(
        select(Notice.id).where(Notice.public_id == until, Notice.member_id == member_id)
    )
    if last is None:
        return 0
    found = session.scalars(
        update(Notice)
        .where(Notice.member_id == member_id, Notice.id <= last, Notice.read_at.is_(None))
        .values(read_at=now())
        .returning(Notice.id)
    ).all()
    _forget_letters(session, member_id)
    return len(found)


def mark_seen(
    session: Session, member_id: int, kinds: Collection[str], *, subjects: Callable[[], Select[str]]
) -> None:
    """What these kinds told the person of `subjects` was read where it stands.

    Most of the time nothing waits, and nothing is looked for.
    """
    waits = (
        Notice.member_id == member_id,
        Notice.read_at.is_(None),
        Notice.kind.in_(kinds),
    )
    if session.scalar(select(Notice.id).where(*waits).limit(1)) is None:
        return
    found = session.scalars(
        update(Notice)
        .where(*waits, Notice.subject.in_(subjects()))
        .values(read_at=now())
        .returning(Notice.id),
        execution_options={"synchronize_session": False},
    ).all()
    if found:
        _forget_letters(session, member_id)


def mark_settled(session: Session, kinds: Collection[str], *, subject: str) -> None:
    """Whoever was told of `subject` has nothing left to do about it: it awaits nobody."""
    settled = session.scalars(
        _SETTLED,
        {"about": subject, "kinds": list(kinds), "moment": now()},
        execution_options={"synchronize_session": False},
    ).all()
    for member_id in sorted(set(settled)):
        _forget_letters(session, member_id)


def _forget_letters(session: Session, member_id: int) -> None:
    """Where nothing is unread, the next notice is the first again, and its mail may leave."""
    unread = exists().where(
        Notice.member_id == NoticeLetter.member_id,
        Notice.kind == NoticeLetter.kind,
        Notice.group_key == NoticeLetter.group_key,
        Notice.read_at.is_(None),
    )
    session.execute(delete(NoticeLetter).where(NoticeLetter.member_id == member_id, ~unread))
