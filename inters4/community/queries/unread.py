"""What a person has not read: counted for all of their spaces at once, listed by thread.

A thread is unread when its newest post comes, among those of the space, after what the person has
read there and after the watermark of « tout marquer comme lu ». Nothing ages out of it: what came
during a year away is still there. Threads that are muted, and those of muted spaces, are left out.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from inters4.community.models import (
    Level,
    Post,
    PostState,
    Space,
    SpaceReading,
    Thread,
    ThreadReading,
)
from inters4.community.queries.visibility import readable_thread
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.paging import PAGE_SIZE, Page, nearest_page, page_start
from inters4.core.values import dataclass

VISIT_NOTED_EVERY = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class News:
    """What a thread has that a person did not read.

    Attributes:
        count: how many posts.
        first: number of the first of them.
    """

    count: int
    first: int


@dataclass(frozen=True, slots=True)
class Marker:
    """How far a person has read a thread.

    Attributes:
        number: the highest number read; 0 when they never opened it.
        seq: every post of the thread up to this one of the space is read.
    """

    number: int = 0
    seq: int = 0
    level: Level | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A person opened a page: what is to be noted of it.

    Attributes:
        space_id: the space that they visit; None when they do not belong to it.
        thread_id: the thread that they read, up to `number`; None for the page of the space.
    """

    member_id: int
    space_id: int | None = None
    thread_id: int | None = None
    number: int = 0


def unread_counts(session: Session, viewer: Viewer) -> dict[int, int]:
    """How many threads await `viewer` in each of their spaces that has any: one statement."""
    if viewer.member_id is None or not viewer.spaces:
        return {}
    statement = _unread(viewer, viewer.spaces).with_only_columns(Thread.space_id, func.count())
    return {row[0]: row[1] for row in session.execute(statement.group_by(Thread.space_id))}


def unread_threads(
    session: Session,
    viewer: Viewer,
    *,
    space_id: int | None = None,
    is_since_visit: bool = False,
    page: int = 1,
    total: int | None = None,
) -> Page[Thread]:
    """Threads, with their spaces, that await `viewer`, the latest first.

    Of one space when `space_id` is given; of what came since the visit before this one when
    `is_since_visit`. `total` is how many there are, for who has counted already.
    """
    spaces = viewer.spaces if space_id is None else viewer.spaces & {space_id}
    if viewer.member_id is None or not spaces:
        return Page((), 1, 0)
    statement = _unread(viewer, spaces)
    if is_since_visit:
        statement = statement.where(Thread.last_seq > func.coalesce(SpaceReading.visited_seq, 0))
        total = None
    if total is None:
        total = session.scalar(statement.with_only_columns(func.count())) or 0
    number = nearest_page(page, total)
    ids = session.scalars(  # thousands of rows are sorted: they must be narrow
        statement.with_only_columns(Thread.id)
        .order_by(Thread.last_post_at.desc(), Thread.id.desc())
        .offset(page_start(number))
        .limit(PAGE_SIZE)
    ).all()
    rows = session.scalars(
        select(Thread).options(joinedload(Thread.space)).where(Thread.id.in_(ids))
    )
    found = {thread.id: thread for thread in rows}
    return Page([found[one] for one in ids], number, total)


def own_spaces(session: Session, viewer: Viewer) -> list[Space]:
    """The spaces that `viewer` belongs to, by name: one statement."""
    if not viewer.spaces:
        return []
    rows = session.scalars(select(Space).where(Space.id.in_(viewer.spaces)))
    return sorted(rows, key=lambda one: one.name.casefold())


def news_of(session: Session, viewer: Viewer, threads: Collection[Thread]) -> Mapping[int, News]:
    """What each of these threads has that `viewer` did not read, by thread: one statement.

    For lists of threads: the muted ones are counted too, and those of spaces that they only read.
    """
    if viewer.member_id is None or not threads:
        return {}
    others = or_(Post.author_id.is_(None), Post.author_id != viewer.member_id)
    rows = session.execute(
        select(Post.thread_id, func.count(), func.min(Post.number))
        .outerjoin(SpaceReading, _own_space(viewer, Post.space_id))
        .outerjoin(ThreadReading, _own_thread(viewer, Post.thread_id))
        .where(
            Post.thread_id.in_([thread.id for thread in threads]),
            Post.state == PostState.PUBLISHED,
            others,
            _is_after_marks(Post.seq),
        )
        .group_by(Post.thread_id)
    )
    return {thread: News(count, first) for thread, count, first in rows}


def marker(session: Session, viewer: Viewer, thread: Thread) -> Marker:
    """How far `viewer` has read `thread`, watermark included: one statement."""
    if viewer.member_id is None:
        return Marker()
    row = session.execute(
        select(
            ThreadReading.last_number,
            ThreadReading.last_seq,
            ThreadReading.level,
            SpaceReading.read_seq,
        )
        .select_from(Thread)
        .outerjoin(SpaceReading, _own_space(viewer, Thread.space_id))
        .outerjoin(ThreadReading, _own_thread(viewer, Thread.id))
        .where(Thread.id == thread.id)
    ).first()
    if row is None:
        return Marker()
    return Marker(row.last_number or 0, max(row.last_seq or 0, row.read_seq or 0), row.level)


def is_behind(session: Session, mark: Mark) -> bool:
    """True when the rows do not say yet what `mark` says: at most two statements."""
    if mark.space_id is not None:
        visit = session.execute(
            select(SpaceReading.visited_at, SpaceReading.seen_seq, Space.last_seq)
            .join(Space, Space.id == SpaceReading.space_id)
            .where(SpaceReading.space_id == mark.space_id, SpaceReading.member_id == mark.member_id)
        ).first()
        if visit is None or visit.seen_seq < visit.last_seq:
            return True
        if now() - visit.visited_at > VISIT_NOTED_EVERY:
            return True
    if mark.thread_id is None:
        return False
    read = session.execute(
        select(ThreadReading.last_number, ThreadReading.last_seq, Thread.last_seq.label("seq"))
        .join(Thread, Thread.id == ThreadReading.thread_id)
        .where(
            ThreadReading.thread_id == mark.thread_id,
            ThreadReading.member_id == mark.member_id,
        )
    ).first()
    return read is None or read.last_number < mark.number or read.last_seq < read.seq


def first_unread(session: Session, viewer: Viewer, thread: Thread) -> int | None:
    """The number of the first post that `viewer` did not read; None when all is read."""
    found = news_of(session, viewer, [thread]).get(thread.id)
    return found.first if found else None


def _unread(viewer: Viewer, spaces: Collection[int]) -> Select[Thread]:
    """Unread threads of spaces that `viewer` belongs to, from the space to its newest threads."""
    level = func.coalesce(ThreadReading.level, SpaceReading.level, Level.NORMAL)
    return (
        select(Thread)
        .select_from(Space)
        .outerjoin(SpaceReading, _own_space(viewer, Space.id))
        .join(
            Thread,
            and_(
                Thread.space_id == Space.id,
                Thread.last_seq > func.coalesce(SpaceReading.read_seq, 0),
            ),
        )
        .outerjoin(ThreadReading, _own_thread(viewer, Thread.id))
        .where(
            Space.id.in_(spaces),
            Thread.is_removed.is_(False),
            Thread.last_seq > func.coalesce(ThreadReading.last_seq, 0),
            level != Level.MUTED,
            readable_thread(viewer),
        )
    )


def _is_after_marks(seq: Any) -> ColumnElement[bool]:
    return and_(
        seq > func.coalesce(SpaceReading.read_seq, 0),
        seq > func.coalesce(ThreadReading.last_seq, 0),
    )


def _own_space(viewer: Viewer, space: Any) -> ColumnElement[bool]:
    return and_(SpaceReading.space_id == space, SpaceReading.member_id == viewer.member_id)


def _own_thread(viewer: Viewer, thread: Any) -> ColumnElement[bool]:
    return and_(ThreadReading.thread_id == thread, ThreadReading.member_id == viewer.member_id)
