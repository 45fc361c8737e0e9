"""How closely a person follows a thread or a space; it changes what they are told from then on."""

from functools import cache
from typing import Any

from sqlalchemy import Integer, bindparam, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from inters4.community.models import (
    CommunityPreference,
    Level,
    Space,
    SpaceReading,
    Thread,
    ThreadReading,
)
from inters4.community.queries.following import follows_own
from inters4.community.queries.telling import (
    FOLLOWED_KINDS,
    MANY,
    READ_BY_READING,
    subjects_read,
    subjects_under,
)
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.hooks import hooks


def follow_thread(session: Session, thread: Thread, level: Level | None, *, by: Viewer) -> None:
    """`by` follows `thread` so; None gives it back to how they follow the space."""
    if by.member_id is None:
        return
    row = {"member_id": by.member_id, "thread_id": thread.id, "level": level}
    _write(session, ThreadReading, {**row, "last_number": 0, "last_seq": 0}, "level")
    if level is Level.MUTED:
        hooks.notifier.seen(
            session, by.member_id, FOLLOWED_KINDS, subjects=lambda: subjects_read(thread.id, MANY)
        )


def follow_space(session: Session, space: Space, level: Level, *, by: Viewer) -> None:
    """`by`, who belongs to `space`, follows it so. Whoever does not belong follows nothing."""
    if by.member_id is None or space.id not in by.spaces:
        return
    row = {
        "member_id": by.member_id,
        "space_id": space.id,
        "level": level,
        "read_seq": 0,
        "visited_at": now(),
        "seen_seq": space.last_seq,
        "visited_seq": 0,
    }
    _write(session, SpaceReading, row, "level")
    if level is Level.MUTED:
        hooks.notifier.seen(
            session, by.member_id, FOLLOWED_KINDS, subjects=lambda: subjects_under(space.id, MANY)
        )


def prefer(session: Session, *, follows: bool, by: Viewer) -> None:
    """Whether the threads where `by` writes become followed."""
    if by.member_id is not None:
        row = {"member_id": by.member_id, "follows_own": follows}
        _write(session, CommunityPreference, row, "follows_own")


def follow_own(session: Session, thread: Thread, member_id: int) -> None:
    """Someone writes in `thread`: they follow it, unless they have said otherwise."""
    if not follows_own(session, member_id):
        return
    session.execute(
        _following(session.get_bind().dialect.name), {"member": member_id, "thread": thread.id}
    )


@cache
def _following(dialect: str) -> Any:
    """The statement of `follow_own`, made once."""
    table: Any = ThreadReading.__table__
    statement = _insert(dialect, table).values(
        member_id=bindparam("member", type_=Integer()),
        thread_id=bindparam("thread", type_=Integer()),
        last_number=0,
        last_seq=0,
        level=Level.FOLLOWED,
    )
    return statement.on_conflict_do_update(
        index_elements=["member_id", "thread_id"],
        set_={"level": func.coalesce(table.c.level, statement.excluded.level)},
    )


def forget_notices(session: Session, *, space: Space, member_id: int, **_more: Any) -> None:
    """Someone left `space`: what they were told of it awaits them no more."""
    hooks.notifier.seen(
        session, member_id, READ_BY_READING, subjects=lambda: subjects_under(space.id, MANY)
    )


def _write(session: Session, kind: Any, row: dict[str, Any], name: str) -> None:
    """Make the row, or change what `name` holds in it; what was read stays."""
    session.flush()
    table = kind.__table__
    statement = _insert(session.get_bind().dialect.name, table).values(**row)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[column.name for column in table.primary_key],
            set_={name: statement.excluded[name]},
        )
    )


def _insert(dialect: str, table: Any) -> Any:
    """An INSERT that may meet a row already there; both databases say it alike."""
    return (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)
