"""How far each person has read: markers that only move forward, whoever writes them and how often.

One statement writes a marker: two tabs, two machines, an answer that comes late, never take it
back. What was told of the posts read is read too, so that no mail leaves for it, and so that the
next post may send one.
"""

from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from inters4.community.models import (
    Post,
    PostState,
    Space,
    SpaceReading,
    Thread,
    ThreadReading,
)
from inters4.community.queries.telling import (
    MANY,
    READ_BY_READING,
    page_start_of,
    subjects_read,
    subjects_under,
)
from inters4.community.queries.unread import Mark
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.db import Instant
from inters4.core.hooks import hooks
from inters4.members.models import Member

VISIT_ENDS_AFTER = timedelta(minutes=30)


def mark_read(session: Session, viewer: Viewer, thread: Thread, number: int) -> None:
    """`viewer` has read `thread` up to the post `number`; a lower number changes nothing."""
    if viewer.member_id is not None:
        advance(session, viewer.member_id, thread.id, number)


def advance(session: Session, member_id: int, thread_id: int, number: int) -> None:
    """The same, of numbers alone; whoever, or whatever, is gone meanwhile has no marker.

    Of the posts that came since among those already read, only the ones of the page of `number`
    are read now: the others were not on it.
    """
    number = min(max(number, 0), MANY)
    session.execute(
        _advancing(session.get_bind().dialect.name),
        {
            "reader": member_id,
            "thread": thread_id,
            "upto": number,
            "start": page_start_of(number),
        },
    )
    hooks.notifier.seen(
        session,
        member_id,
        READ_BY_READING,
        subjects=lambda: subjects_read(thread_id, number, by=member_id),
    )


def mark_all_read(
    session: Session, viewer: Viewer, space: Space, *, seq: int | None = None
) -> None:
    """Everything in `space` up to `seq` counts as read; what comes after stays unread.

    `seq` is what the page knew when it was drawn; the newest post of the space without it.
    """
    if viewer.member_id is None:
        return
    known = space.last_seq if seq is None else min(max(seq, 0), space.last_seq)
    _write_place(session, viewer.member_id, space, read_seq=known)
    hooks.notifier.seen(
        session,
        viewer.member_id,
        READ_BY_READING,
        subjects=lambda: subjects_under(space.id, known),
    )


def write_marks(session: Session, marks: Iterable[Mark]) -> None:
    """Note what people opened, always in the same order: two writers wait, and never for ever."""
    rows = sorted(
        marks, key=lambda one: (one.member_id, one.space_id or 0, one.thread_id or 0, one.number)
    )
    for mark in rows:
        if mark.space_id is not None:
            note_visit(session, mark.member_id, mark.space_id)
        if mark.thread_id is not None:
            advance(session, mark.member_id, mark.thread_id, mark.number)


def note_visit(session: Session, member_id: int, space_id: int) -> None:
    """The person opened something of the space; after half an hour away, a new visit begins."""
    table, moment = SpaceReading.__table__, now()
    found = (
        select(
            literal(member_id), Space.id, literal(0), literal("normal"), literal(moment, Instant())
        )
        .add_columns(Space.last_seq, literal(0))
        .join(Member, Member.id == member_id)
        .where(Space.id == space_id)
    )
    statement = _insert(session.get_bind().dialect.name, table).from_select(
        ["member_id", "space_id", "read_seq", "level", "visited_at", "seen_seq", "visited_seq"],
        found,
    )
    is_new_visit = table.c.visited_at < moment - VISIT_ENDS_AFTER
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["member_id", "space_id"],
            set_={
                "visited_seq": case((is_new_visit, table.c.seen_seq), else_=table.c.visited_seq),
                "seen_seq": _most(table.c.seen_seq, statement.excluded.seen_seq),
                "visited_at": _most(table.c.visited_at, statement.excluded.visited_at),
            },
        )
    )


@cache
def _advancing(dialect: str) -> Any:
    """The statement of `advance`, made once: making it costs more than the database does."""
    member, upto = bindparam("reader", type_=Integer()), bindparam("upto", type_=Integer())
    table = ThreadReading.__table__
    earlier = func.coalesce(ThreadReading.last_number, 0)
    after = aliased(Post)
    came_late = exists().where(
        after.thread_id == Post.thread_id,
        after.number > Post.number,
        after.seq < Post.seq,
        after.seq > 0,
    )
    is_elsewhere = or_(Post.number < bindparam("start", type_=Integer()), Post.number > upto)
    beyond = (
        select(func.min(Post.seq))
        .where(
            Post.thread_id == Thread.id,
            or_(
                and_(Post.number > upto, Post.number > earlier),
                and_(is_elsewhere, Post.number <= earlier, came_late),
            ),
            Post.state == PostState.PUBLISHED,
            Post.seq > func.coalesce(ThreadReading.last_seq, 0),
            Post.seq > func.coalesce(SpaceReading.read_seq, 0),
        )
        .correlate(Thread, ThreadReading, SpaceReading)
        .scalar_subquery()
    )
    read = (
        select(
            member,
            Thread.id,
            _least(upto, Thread.last_number),
            func.coalesce(beyond - 1, Thread.last_seq),
        )
        .select_from(Thread)
        .join(Member, Member.id == member)
        .outerjoin(ThreadReading, _own(ThreadReading, member, Thread.id))
        .outerjoin(SpaceReading, _own(SpaceReading, member, Thread.space_id))
        .where(Thread.id == bindparam("thread", type_=Integer()))
    )
    statement = _insert(dialect, table).from_select(
        ["member_id", "thread_id", "last_number", "last_seq"], read
    )
    return statement.on_conflict_do_update(
        index_elements=["member_id", "thread_id"],
        set_={
            name: _most(table.c[name], statement.excluded[name])
            for name in ("last_number", "last_seq")
        },
    )


def _write_place(session: Session, member_id: int, space: Space, *, read_seq: int) -> None:
    """Raise the watermark of a person in a space, whose row is made when there is none."""
    table = SpaceReading.__table__
    statement = _insert(session.get_bind().dialect.name, table).values(
        member_id=member_id,
        space_id=space.id,
        read_seq=read_seq,
        level="normal",
        visited_at=now(),
        seen_seq=space.last_seq,
        visited_seq=read_seq,
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["member_id", "space_id"],
            set_={"read_seq": _most(table.c.read_seq, statement.excluded.read_seq)},
        )
    )


def _own(reading: Any, member_id: Any, place: Any) -> ColumnElement[bool]:
    where = reading.thread_id if reading is ThreadReading else reading.space_id
    return and_(where == place, reading.member_id == member_id)


def _most(present: Any, given: Any) -> ColumnElement[Any]:
    return case((present >= given, present), else_=given)


def _least(one: Any, other: Any) -> ColumnElement[Any]:
    return case((one <= other, one), else_=other)


def _insert(dialect: str, table: Any) -> Any:
    """An INSERT that may meet a row already there; both databases say it alike."""
    return (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)
