"""The latest posts of a space, for who follows it from elsewhere."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.community.models import Post, PostState, Space, Thread
from inters4.community.queries.visibility import readable_thread
from inters4.core.access import Viewer
from inters4.members.models import Member

SHOWN = 30


class LatestPost(NamedTuple):
    """A post with its thread; `author` is empty for a person who was erased."""

    post: Post
    thread: Thread
    author: str


def latest_posts(session: Session, space: Space, *, viewer: Viewer) -> Sequence[LatestPost]:
    """The newest published posts of `space` that `viewer` reads: one statement."""
    rows = session.execute(
        select(Post, Thread, func.coalesce(Member.name, ""))
        .join(Thread, Thread.id == Post.thread_id)
        .join(Space, Space.id == Thread.space_id)
        .outerjoin(Member, Member.id == Post.author_id)
        .where(
            Post.space_id == space.id,
            Post.state == PostState.PUBLISHED,
            Post.seq > 0,
            Thread.is_removed.is_(False),
            readable_thread(viewer),
        )
        .order_by(Post.seq.desc())
        .limit(SHOWN)
    )
    return [LatestPost(*row) for row in rows]
