"""Telling people of posts: those whom a post addresses at once, those who follow a little later.

Whoever is named, answered or quoted is told in the transaction of the post. Those who follow the
thread or its space may be thousands: a row says that they are still to be told, and the worker
does it; posting costs the same whoever follows.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, contains_eager

from inters4.community.models import (
    Post,
    PostState,
    PostTelling,
    Space,
    SpaceReading,
    Thread,
    ThreadKind,
    ThreadReading,
)
from inters4.community.queries.following import aware_of, followers_of, listeners_of, not_muted
from inters4.community.queries.reading_rights import may_read
from inters4.community.queries.telling import (
    MENTION_KIND,
    REPLY_KIND,
    SPACE_KIND,
    THREAD_KIND,
    about_post,
    about_thread,
)
from inters4.community.services.following import follow_own
from inters4.community.services.quoting import numbers_quoted
from inters4.community.services.reading import advance
from inters4.core.db import after_commit
from inters4.core.hooks import hooks
from inters4.core.jobs import jobs

TELL_JOB = "community.tell"
_MOST_QUOTED = 20
_BATCH = 1_000
"""People a statement names: databases take so many parameters and no more."""


def tell_posted(
    session: Session,
    *,
    post: Post,
    thread: Thread,
    space: Space,
    mentioned: Collection[int] = (),
    **_more: Any,
) -> None:
    """A post is published: its author follows, those it addresses are told, the others will be."""
    if post.author_id is not None:
        follow_own(session, thread, post.author_id)
        _read_own(session, post, thread)
    named = _readers(session, space, mentioned, but=post)
    addressed = {thread.author_id, *_quoted(session, post)} - named - {None, post.author_id}
    people = not_muted(session, thread, [one for one in addressed if one is not None])
    answered = _readers(session, space, people, but=post)
    for kind, people in ((MENTION_KIND, named), (REPLY_KIND, answered)):
        if people:
            _tell_about(session, kind, people, post=post, thread=thread)
    session.add(PostTelling(post_id=post.id, told=sorted(named | answered)))
    session.flush()
    after_commit(session, lambda: jobs.nudge(TELL_JOB))


def tell_edited(
    session: Session,
    *,
    post: Post,
    thread: Thread,
    space: Space,
    mentioned: Collection[int] = (),
    **_more: Any,
) -> None:
    """An edit names more people: those who were not told of this post are."""
    named = _readers(session, space, mentioned, but=post)
    if named:
        _tell_about(session, MENTION_KIND, named, post=post, thread=thread)


def tell_followers(session: Session, *, most: int = 50) -> int:
    """Tell those who follow of the posts that wait for it; say how many posts there were."""
    waiting = session.scalars(
        select(PostTelling)
        .order_by(PostTelling.post_id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    told = {row.post_id: frozenset(row.told) for row in waiting}
    posts = session.scalars(
        select(Post)
        .join(Post.thread)
        .join(Thread.space)
        .options(contains_eager(Post.thread).contains_eager(Thread.space))
        .where(Post.id.in_(told), Post.state == PostState.PUBLISHED, Thread.is_removed.is_(False))
        .order_by(Post.seq)
    ).all()
    for post in posts:
        _tell_of(session, post, told[post.id])
    for row in waiting:
        session.delete(row)
    session.flush()
    return len(waiting)


def _tell_about(
    session: Session, kind: str, people: Collection[int], *, post: Post, thread: Thread
) -> None:
    subject = about_post(post.id)
    group = about_thread(thread.id)
    hooks.notifier.notify(session, kind, people, subject=subject, group=group, once=subject)


def _tell_of(session: Session, post: Post, told: frozenset[int]) -> None:
    thread, space = post.thread, post.thread.space
    found = followers_of(session, thread)
    of_space = found.of_space
    if thread.kind is ThreadKind.ANNOUNCEMENT and post.number == 1:
        of_space |= listeners_of(session, thread) - found.of_thread
    for kind, people in ((THREAD_KIND, found.of_thread), (SPACE_KIND, of_space)):
        for some in _batches(people - told):
            readers = _readers(session, space, some, but=post)
            readers -= aware_of(session, post, readers)
            hooks.notifier.notify(
                session,
                kind,
                readers,
                subject=about_thread(thread.id),
                facts={"post": post.id},
                is_gathered=True,
            )


def _quoted(session: Session, post: Post) -> frozenset[int | None]:
    """Who wrote what `post` quotes of its thread."""
    numbers = numbers_quoted(post.source)
    if not numbers:
        return frozenset()
    return frozenset(
        session.scalars(
            select(Post.author_id).where(
                Post.thread_id == post.thread_id,
                Post.number.in_(sorted(numbers)[:_MOST_QUOTED]),
                Post.state == PostState.PUBLISHED,
            )
        )
    )


def _batches(people: Iterable[int]) -> Iterator[list[int]]:
    ids = sorted(people)
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]


def _readers(session: Session, space: Space, people: Iterable[int], *, but: Post) -> frozenset[int]:
    """Those of `people` who read `space`, its author left out."""
    wanted = frozenset(people) - {but.author_id}
    return frozenset(one for _space, one in may_read(session, [space], wanted))


def _read_own(session: Session, post: Post, thread: Thread) -> None:
    """The author has read their own post, when nothing of others awaits before it."""
    assert post.author_id is not None  # noqa: S101  (the caller looked)
    marked = (
        select(ThreadReading.last_seq)
        .where(ThreadReading.member_id == post.author_id, ThreadReading.thread_id == thread.id)
        .scalar_subquery()
    )
    watermark = (
        select(SpaceReading.read_seq)
        .where(SpaceReading.member_id == post.author_id, SpaceReading.space_id == thread.space_id)
        .scalar_subquery()
    )
    awaits = session.scalar(
        select(Post.id)
        .where(
            Post.thread_id == thread.id,
            Post.state == PostState.PUBLISHED,
            Post.seq > func.coalesce(marked, 0),
            Post.seq > func.coalesce(watermark, 0),
            Post.id != post.id,
            or_(Post.author_id.is_(None), Post.author_id != post.author_id),
        )
        .limit(1)
    )
    if awaits is None:
        advance(session, post.author_id, thread.id, post.number)
