"""Who follows what, and what those who are told of it find there by then."""

from collections.abc import Collection, Mapping
from dataclasses import field

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from inters4.community.models import (
    CommunityPreference,
    Level,
    Membership,
    Post,
    PostState,
    SpaceReading,
    Thread,
    ThreadReading,
)
from inters4.core.values import dataclass
from inters4.members.models import Member


@dataclass(frozen=True, slots=True)
class Followers:
    """Those who are told of a new post: they follow its thread, or its space."""

    of_thread: frozenset[int] = field(default_factory=frozenset)
    of_space: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands in a thread.

    Attributes:
        count: posts of others that they did not read, from the number `first` on.
        level: how they follow the thread, its space or nothing in particular.
    """

    count: int = 0
    first: int = 0
    level: Level = Level.NORMAL


def followers_of(session: Session, thread: Thread) -> Followers:
    """Who follows `thread`, by themselves or because they follow its space: two statements."""
    own = session.execute(
        select(ThreadReading.member_id, ThreadReading.level).where(
            ThreadReading.thread_id == thread.id, ThreadReading.level.is_not(None)
        )
    ).all()
    of_thread = frozenset(row.member_id for row in own if row.level is Level.FOLLOWED)
    others = frozenset(row.member_id for row in own)
    of_space = session.scalars(
        select(SpaceReading.member_id).where(
            SpaceReading.space_id == thread.space_id, SpaceReading.level == Level.FOLLOWED
        )
    )
    return Followers(of_thread, frozenset(of_space) - others)


def listeners_of(session: Session, thread: Thread) -> frozenset[int]:
    """Everyone of the space but those who muted it, or the thread: who hears an announcement."""
    return frozenset(
        session.scalars(
            select(Membership.member_id)
            .outerjoin(SpaceReading, _place_of(Membership.member_id, Membership.space_id))
            .outerjoin(
                ThreadReading,
                and_(
                    ThreadReading.member_id == Membership.member_id,
                    ThreadReading.thread_id == thread.id,
                ),
            )
            .where(Membership.space_id == thread.space_id, _level() != Level.MUTED)
        )
    )


def aware_of(session: Session, post: Post, member_ids: Collection[int]) -> frozenset[int]:
    """Those of these people who have read `post`, or written since it was: two statements."""
    if not member_ids:
        return frozenset()
    wrote = session.scalars(
        select(Post.author_id)
        .where(
            Post.thread_id == post.thread_id,
            Post.seq > post.seq,
            Post.author_id.in_(member_ids),
        )
        .distinct()
    )
    return have_read(session, post, member_ids) | {one for one in wrote if one is not None}


def have_read(session: Session, post: Post, member_ids: Collection[int]) -> frozenset[int]:
    """Those of these people who have read `post`: one statement."""
    if not member_ids:
        return frozenset()
    return frozenset(
        session.scalars(
            select(Member.id)
            .outerjoin(
                ThreadReading,
                and_(
                    ThreadReading.member_id == Member.id,
                    ThreadReading.thread_id == post.thread_id,
                ),
            )
            .outerjoin(SpaceReading, _place_of(Member.id, post.space_id))
            .where(
                Member.id.in_(member_ids),
                or_(ThreadReading.last_seq >= post.seq, SpaceReading.read_seq >= post.seq),
            )
        )
    )


def not_muted(session: Session, thread: Thread, member_ids: Collection[int]) -> frozenset[int]:
    """Those of these people who muted neither `thread` nor its space: one statement."""
    if not member_ids:
        return frozenset()
    muted = session.scalars(
        select(Member.id)
        .outerjoin(
            SpaceReading,
            and_(
                SpaceReading.member_id == Member.id,
                SpaceReading.space_id == thread.space_id,
            ),
        )
        .outerjoin(
            ThreadReading,
            and_(ThreadReading.member_id == Member.id, ThreadReading.thread_id == thread.id),
        )
        .where(Member.id.in_(member_ids), _level() == Level.MUTED)
    )
    return frozenset(member_ids) - frozenset(muted)


def standings(
    session: Session, thread_ids: Collection[int], member_ids: Collection[int]
) -> Mapping[tuple[int, int], Standing]:
    """Where each of these people stands in each of these threads, by (thread, person).

    One statement; whoever follows nothing and has read everything is not in it.
    """
    if not thread_ids or not member_ids:
        return {}
    rows = session.execute(
        select(
            Thread.id,
            Member.id.label("member_id"),
            func.count(Post.id).label("awaiting"),
            func.coalesce(func.min(Post.number), 0).label("first"),
            _level().label("level"),
        )
        .select_from(Thread)
        .join(Member, Member.id.in_(member_ids))
        .outerjoin(SpaceReading, _place_of(Member.id, Thread.space_id))
        .outerjoin(
            ThreadReading,
            and_(ThreadReading.member_id == Member.id, ThreadReading.thread_id == Thread.id),
        )
        .outerjoin(
            Post,
            and_(
                Post.thread_id == Thread.id,
                Post.state == PostState.PUBLISHED,
                or_(Post.author_id.is_(None), Post.author_id != Member.id),
                Post.seq > func.coalesce(SpaceReading.read_seq, 0),
                Post.seq > func.coalesce(ThreadReading.last_seq, 0),
            ),
        )
        .where(Thread.id.in_(thread_ids))
        .group_by(Thread.id, Member.id, ThreadReading.level, SpaceReading.level)
    )
    return {
        (row.id, row.member_id): Standing(row.awaiting, row.first, Level(row.level)) for row in rows
    }


def threads_told(session: Session, ids: Collection[int]) -> Mapping[int, Thread]:
    """Threads that stand, with their spaces, by number: one statement."""
    if not ids:
        return {}
    rows = session.scalars(
        select(Thread)
        .join(Thread.space)
        .options(contains_eager(Thread.space))
        .where(
            Thread.id.in_(ids),
            Thread.is_removed.is_(False),
            Thread.merged_into_id.is_(None),
            Thread.last_seq > 0,
        )
    )
    return {thread.id: thread for thread in rows}


def posts_told(session: Session, ids: Collection[int]) -> Mapping[int, tuple[Post, str]]:
    """Published posts of threads that stand, with who wrote each, by number: one statement."""
    if not ids:
        return {}
    rows = session.execute(
        select(Post, Member.name)
        .join(Post.thread)
        .join(Thread.space)
        .outerjoin(Member, Member.id == Post.author_id)
        .options(contains_eager(Post.thread).contains_eager(Thread.space))
        .where(
            Post.id.in_(ids),
            Post.state == PostState.PUBLISHED,
            Thread.is_removed.is_(False),
        )
    )
    return {row.Post.id: (row.Post, row.name or "") for row in rows}


def posts_at(
    session: Session, places: Collection[tuple[int, int]]
) -> Mapping[tuple[int, int], tuple[Post, str]]:
    """Published posts by (thread, number), with who wrote each: one statement."""
    if not places:
        return {}
    rows = session.execute(
        select(Post, Member.name)
        .outerjoin(Member, Member.id == Post.author_id)
        .where(
            Post.thread_id.in_({thread for thread, _number in places}),
            Post.number.in_({number for _thread, number in places}),
            Post.state == PostState.PUBLISHED,
        )
    )
    return {(row.Post.thread_id, row.Post.number): (row.Post, row.name or "") for row in rows}


def follows_own(session: Session, member_id: int) -> bool:
    """True when a thread where this person writes becomes followed; so it is until they say."""
    found = session.scalar(
        select(CommunityPreference.follows_own).where(CommunityPreference.member_id == member_id)
    )
    return True if found is None else found


def _place_of(member_id: object, space_id: object) -> ColumnElement[bool]:
    return and_(SpaceReading.member_id == member_id, SpaceReading.space_id == space_id)


def _level() -> ColumnElement[Level]:
    return func.coalesce(ThreadReading.level, SpaceReading.level, Level.NORMAL)
