"""Rows held while something is decided of them, always in one order: space, thread, post.

Two who took them in two orders would wait for each other for ever. Several spaces are taken by
their numbers.
"""

from collections.abc import Iterable
from functools import cache

from sqlalchemy import Integer, Select, bindparam, select
from sqlalchemy.orm import Session, contains_eager

from inters4.community.models import Post, Space, Thread
from inters4.community.services.publishing import lock_space
from inters4.core.errors import NotFound
from inters4.core.i18n import _


def hold_spaces(session: Session, ids: Iterable[int]) -> dict[int, Space]:
    """These spaces as they are now; who would change one of them waits."""
    return {number: lock_space(session, number) for number in sorted(set(ids))}


def hold_thread(session: Session, thread: Thread) -> Space:
    """Read `thread` again, held after its space, which is given back.

    Raises:
        NotFound: it went to another space meanwhile.
    """
    stood = thread.space_id
    space = lock_space(session, stood)
    session.scalars(_held_thread(), {"thread": thread.id}).one()
    if thread.space_id != stood:
        raise NotFound(_("Ce fil n’est plus là : il a été retiré, ou réuni à un autre."))
    return space


@cache
def _held_thread() -> Select[Thread]:
    return (
        select(Thread)
        .join(Thread.space)
        .options(contains_eager(Thread.space))
        .where(Thread.id == bindparam("thread", type_=Integer()))
        .with_for_update(of=Thread, key_share=True)
        .execution_options(populate_existing=True)
    )


def hold_post(session: Session, post: Post) -> Space:
    """Read `post` and its thread again, held after their space, which is given back.

    Raises:
        NotFound: it went to another thread or another space meanwhile.
    """
    stood = post.space_id, post.thread_id
    space = lock_space(session, post.space_id)
    session.scalars(
        select(Post)
        .join(Post.thread)
        .join(Thread.space)
        .options(contains_eager(Post.thread).contains_eager(Thread.space))
        .where(Post.id == post.id)
        .with_for_update(of=[Thread, Post], key_share=True)
        .execution_options(populate_existing=True)
    ).one()
    if (post.space_id, post.thread_id) != stood:
        raise NotFound(_("Ce fil n’est plus là : il a été retiré, ou réuni à un autre."))
    return space
