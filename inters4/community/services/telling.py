"""Telling people of posts: the worker does it, seconds after the post.

The transaction of the post leaves a row that says whom nobody told yet: posting costs the same
whoever is addressed, and however many follow. The worker tells first those whom the post names,
answers or quotes, then those who follow its thread or its space, as rights stand by then.
"""

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from inters4.community.models import (
    Post,
    PostMention,
    PostState,
    PostTelling,
    Space,
    SpaceReading,
    Thread,
    ThreadKind,
    ThreadReading,
)
from inters4.community.queries.following import (
    aware_of,
    followers_of,
    have_read,
    listeners_of,
    not_muted,
)
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


def tell_posted(session: Session, *, post: Post, thread: Thread, **_more: Any) -> None:
    """A post is published: its author follows it and has read it; the worker tells the others."""
    if post.author_id is not None:
        follow_own(session, thread, post.author_id)
        _read_own(session, post, thread)
    session.add(PostTelling(post_id=post.id))
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


def tell_waiting(session: Session, *, most: int = 50) -> int:
    """Tell people of the posts that wait for it; say how many posts there were."""
    waiting = session.scalars(
        select(PostTelling)
        .order_by(PostTelling.post_id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    posts = session.scalars(
        select(Post)
        .join(Post.thread)
        .join(Thread.space)
        .options(contains_eager(Post.thread).contains_eager(Thread.space))
        .where(
            Post.id.in_([row.post_id for row in waiting]),
            Post.state == PostState.PUBLISHED,
            Thread.is_removed.is_(False),
        )
        .order_by(Post.seq)
    ).all()
    for post in posts:
        _tell_followers(session, post, but=_tell_addressed(session, post))
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


def _tell_addressed(session: Session, post: Post) -> frozenset[int]:
    """Tell those whom `post` names, answers or quotes; say who they are, told or aware of it."""
    thread, space = post.thread, post.thread.space
    named = _readers(session, space, _named(session, post), but=post)
    addressed = {thread.author_id, *_quoted(session, post)} - named - {None, post.author_id}
    unmuted = not_muted(session, thread, [one for one in addressed if one is not None])
    answered = _readers(session, space, unmuted, but=post)
    know = have_read(session, post, named | answered)
    for kind, people in ((MENTION_KIND, named - know), (REPLY_KIND, answered - know)):
        if people:
            _tell_about(session, kind, people, post=post, thread=thread)
    return named | answered


def _tell_followers(session: Session, post: Post, *, but: frozenset[int]) -> None:
    thread, space = post.thread, post.thread.space
    found = followers_of(session, thread)
    of_space = found.of_space
    if thread.kind is ThreadKind.ANNOUNCEMENT and post.number == 1:
        of_space |= listeners_of(session, thread) - found.of_thread
    for kind, people in ((THREAD_KIND, found.of_thread), (SPACE_KIND, of_space)):
        for some in _batches(people - but):
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


def _named(session: Session, post: Post) -> frozenset[int]:
    """Whom `post` names, as it reads now."""
    return frozenset(
        session.scalars(select(PostMention.member_id).where(PostMention.post_id == post.id))
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
    awaits = session.scalar(
        _others_awaiting(),
        {
            "author": post.author_id,
            "thread": thread.id,
            "space": thread.space_id,
            "post": post.id,
        },
    )
    if awaits is None:
        advance(session, post.author_id, thread.id, post.number)


@cache
def _others_awaiting() -> Select[int]:
    """The statement of `_read_own`, made once: a post of another that the author did not read."""
    author, thread = bindparam("author", type_=Integer()), bindparam("thread", type_=Integer())
    marked = (
        select(ThreadReading.last_seq)
        .where(ThreadReading.member_id == author, ThreadReading.thread_id == thread)
        .scalar_subquery()
    )
    watermark = (
        select(SpaceReading.read_seq)
        .where(
            SpaceReading.member_id == author,
            SpaceReading.space_id == bindparam("space", type_=Integer()),
        )
        .scalar_subquery()
    )
    return (
        select(Post.id)
        .where(
            Post.thread_id == thread,
            Post.state == PostState.PUBLISHED,
            Post.seq > func.coalesce(marked, 0),
            Post.seq > func.coalesce(watermark, 0),
            Post.id != bindparam("post", type_=Integer()),
            or_(Post.author_id.is_(None), Post.author_id != author),
        )
        .limit(1)
    )
