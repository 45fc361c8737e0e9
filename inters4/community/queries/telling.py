"""What notices of posts are about, by name; and which of them reading answers."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from inters4.community.models import Post, Thread, ThreadReading
from inters4.core.paging import PAGE_SIZE
from inters4.notices.models import Notice

MENTION_KIND, REPLY_KIND = "community.mention", "community.reply"
THREAD_KIND, SPACE_KIND = "community.thread", "community.space"
READ_BY_READING = (MENTION_KIND, REPLY_KIND, THREAD_KIND, SPACE_KIND)
"""Kinds that have nothing more to say to whoever has read the posts."""
FOLLOWED_KINDS = (THREAD_KIND, SPACE_KIND)
"""Kinds that have nothing more to say to whoever follows no more."""
MANY = 2**31 - 1
"""A number that no post reaches."""
UNANSWERED_KIND = "community.unanswered"
_POST, _THREAD = "message:", "fil:"


def about_post(post_id: int) -> str:
    """The subject of notices about one post."""
    return f"{_POST}{post_id}"


def about_thread(thread_id: int) -> str:
    """The subject, and the group, of notices about what is new in a thread."""
    return f"{_THREAD}{thread_id}"


def number_in(subject: str) -> int:
    """The number that a subject names; 0 for what is none of ours."""
    tail = subject.partition(":")[2]
    return int(tail) if tail.isascii() and tail.isdigit() else 0


def subjects_read(thread_id: int, number: int, *, by: int | None = None) -> Select[str]:
    """Subjects that whoever read this thread up to `number` has nothing to be told of.

    Without what was published since on a page that the person `by` had read, and did not open
    again: a first post, approved late, has the number that it was given when it was written.
    """
    posts = select(_named(_POST, Post.id)).where(Post.thread_id == thread_id, Post.number <= number)
    whole = select(_named(_THREAD, Thread.id)).where(
        Thread.id == thread_id, Thread.last_number <= number
    )
    if by is not None:
        read = (
            select(ThreadReading.last_seq)
            .where(ThreadReading.thread_id == thread_id, ThreadReading.member_id == by)
            .scalar_subquery()
        )
        posts = posts.where(
            or_(Post.number >= page_start_of(number), Post.seq <= func.coalesce(read, 0))
        )
        whole = whole.where(Thread.last_seq <= func.coalesce(read, 0))
    return _either(posts, whole)


def page_start_of(number: int) -> int:
    """The first number of the page where a post stands."""
    return (max(number, 1) - 1) // PAGE_SIZE * PAGE_SIZE + 1


def subjects_under(space_id: int, seq: int) -> Select[str]:
    """Subjects of a space that whoever marked all as read, up to `seq`, knows."""
    posts = select(_named(_POST, Post.id)).where(
        Post.space_id == space_id, Post.seq <= seq, Post.seq > 0
    )
    whole = select(_named(_THREAD, Thread.id)).where(
        Thread.space_id == space_id, Thread.last_seq <= seq
    )
    return _either(posts, whole)


def awaited_by(session: Session, kinds: Collection[str], thread_id: int) -> frozenset[int]:
    """Who has something of these kinds left to read about a thread, or about one of its posts."""
    return frozenset(
        session.scalars(
            select(Notice.member_id)
            .where(
                Notice.read_at.is_(None),
                Notice.kind.in_(kinds),
                Notice.subject.in_(subjects_read(thread_id, MANY)),
            )
            .distinct()
        )
    )


def _named(prefix: str, number: Any) -> ColumnElement[str]:
    return literal(prefix, String).concat(cast(number, String))


def _either(posts: Select[str], threads: Select[str]) -> Select[str]:
    found = union_all(posts, threads).subquery()
    return select(found.c[0])
