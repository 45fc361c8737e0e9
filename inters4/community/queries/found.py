"""What search finds of communities: threads of which something is published, and their files."""

from collections.abc import Collection, Sequence
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased, contains_eager

from inters4.community.models import Post, PostFile, PostState, Thread
from inters4.community.queries.visibility import readable_thread
from inters4.core.access import Viewer
from inters4.core.files import StoredFile
from inters4.core.values import dataclass

POSTS_MAX = 2_000


@dataclass(frozen=True, slots=True)
class ThreadFile:
    """The words of a file attached to a post that stands."""

    name: str
    words: str


@cache
def standing() -> ColumnElement[bool]:
    """Threads of which something is published; a condition on `Thread`, written once."""
    written = aliased(Post)
    published = (
        select(written.id)
        .where(written.thread_id == Thread.id, written.state == PostState.PUBLISHED)
        .correlate(Thread)
    )
    return and_(Thread.is_removed.is_(False), Thread.merged_into_id.is_(None), published.exists())


def find_standing(session: Session, thread_id: int) -> Thread | None:
    """The thread with its space, whoever reads it, if something of it is published."""
    return session.scalars(
        select(Thread)
        .join(Thread.space)
        .options(contains_eager(Thread.space))
        .where(Thread.id == thread_id, standing())
    ).one_or_none()


def standing_threads(
    session: Session, ids: Collection[int], *, viewer: Viewer
) -> Sequence[tuple[Thread, Post]]:
    """Those that `viewer` reads, with their space and the first post that stands; one statement."""
    rows = session.execute(
        _with_first_post().where(Thread.id.in_(ids), readable_thread(viewer)).order_by(Thread.id)
    )
    return [(thread, post) for thread, post in rows]


@cache
def _with_first_post() -> Select[Thread, Post]:
    other = aliased(Post)
    first = (
        select(func.min(other.number))
        .where(other.thread_id == Thread.id, other.state == PostState.PUBLISHED)
        .correlate(Thread)
        .scalar_subquery()
    )
    return (
        select(Thread, Post)
        .join(Thread.space)
        .join(Post, and_(Post.thread_id == Thread.id, Post.number == first))
        .options(contains_eager(Thread.space))
        .where(standing())
    )


def newest_posts(session: Session, thread_id: int) -> Sequence[Post]:
    """The published posts, the newest first; of very many, the newest ones and the first."""
    published = (
        select(Post)
        .where(Post.thread_id == thread_id, Post.state == PostState.PUBLISHED)
        .order_by(Post.number.desc())
    )
    found = list(session.scalars(published.limit(POSTS_MAX)))
    if len(found) == POSTS_MAX:
        first = published.order_by(None).order_by(Post.number).limit(1)
        found[-1:] = session.scalars(first)
    return found


def files_of(session: Session, thread_id: int) -> Sequence[ThreadFile]:
    """What was read in the files of published posts, the newest first."""
    rows = session.execute(
        select(StoredFile.name, PostFile.words)
        .join(PostFile, PostFile.file_id == StoredFile.id)
        .join(Post, Post.id == PostFile.post_id)
        .where(
            Post.thread_id == thread_id,
            Post.state == PostState.PUBLISHED,
            PostFile.words != "",
            StoredFile.size > 0,
        )
        .order_by(Post.number.desc(), PostFile.file_id)
    )
    return [ThreadFile(name, words) for name, words in rows]
