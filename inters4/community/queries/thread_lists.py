"""The threads of a space, page by page, with what each reader has not read."""

from collections.abc import Mapping

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from inters4.community.models import (
    Level,
    Post,
    PostState,
    Space,
    SpaceReading,
    Thread,
    ThreadKind,
    ThreadReading,
)
from inters4.community.queries.unread import News, news_of
from inters4.community.queries.visibility import readable_thread
from inters4.core.access import Viewer
from inters4.core.paging import PAGE_SIZE, Page, nearest_page, page_start
from inters4.core.values import dataclass
from inters4.members.models import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadsWanted:
    """Which threads are looked for.

    Attributes:
        is_unanswered: nobody wrote under the first post.
        is_unread: what the viewer has not read; means nothing for who does not belong.
    """

    kind: ThreadKind | None = None
    is_unanswered: bool = False
    is_unread: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadLine:
    """A thread in a list.

    Attributes:
        replies: numbers given after the first post.
        new: how many posts there the viewer, who belongs, has not read; muted threads count none.
    """

    thread: Thread
    author: str
    replies: int
    new: int = 0
    is_muted: bool = False

    @property
    def is_unread(self) -> bool:
        """True when something there is new."""
        return self.new > 0


def list_threads(
    session: Session, space: Space, wanted: ThreadsWanted, *, viewer: Viewer, page: int = 1
) -> Page[ThreadLine]:
    """Pinned ones first, then the latest written in: three statements."""
    statement = _wanted(space, wanted, viewer)
    counted = select(func.count()).select_from(statement.order_by(None).subquery())
    total = session.scalar(counted) or 0
    number = nearest_page(page, total)
    rows = session.execute(statement.offset(page_start(number)).limit(PAGE_SIZE)).all()
    belongs = space.id in viewer.spaces
    news = news_of(session, viewer, [row[0] for row in rows]) if belongs else {}
    return Page([_line(*row, news) for row in rows], number, total)


def _wanted(space: Space, wanted: ThreadsWanted, viewer: Viewer) -> Select[Thread, str, Level]:
    reader = viewer.member_id or 0
    level = func.coalesce(ThreadReading.level, SpaceReading.level, Level.NORMAL)
    found = (
        select(
            Thread,
            func.coalesce(Member.name, ""),
            level,
        )
        .join(Thread.space)
        .outerjoin(Member, Member.id == Thread.author_id)
        .outerjoin(
            SpaceReading,
            and_(SpaceReading.space_id == Thread.space_id, SpaceReading.member_id == reader),
        )
        .outerjoin(
            ThreadReading,
            and_(ThreadReading.thread_id == Thread.id, ThreadReading.member_id == reader),
        )
        .where(
            Thread.space_id == space.id,
            Thread.merged_into_id.is_(None),
            readable_thread(viewer),
        )
        .order_by(
            Thread.pinned_at.is_(None),
            Thread.pinned_at.desc(),
            Thread.last_post_at.desc(),
            Thread.id.desc(),
        )
    )
    if wanted.kind is not None:
        found = found.where(Thread.kind == wanted.kind)
    if wanted.is_unanswered:
        answer = aliased(Post)
        found = found.where(
            ~exists().where(
                answer.thread_id == Thread.id,
                answer.number > 1,
                answer.state == PostState.PUBLISHED,
            )
        )
    if wanted.is_unread and space.id in viewer.spaces:
        found = found.where(
            Thread.last_seq > func.coalesce(SpaceReading.read_seq, 0),
            Thread.last_seq > func.coalesce(ThreadReading.last_seq, 0),
            level != Level.MUTED,
        )
    return found


def _line(thread: Thread, author: str, level: Level, news: Mapping[int, News]) -> ThreadLine:
    is_muted = level is Level.MUTED
    found = None if is_muted else news.get(thread.id)
    return ThreadLine(
        thread=thread,
        author=author,
        replies=max(0, thread.last_number - 1),
        new=found.count if found else 0,
        is_muted=is_muted,
    )
