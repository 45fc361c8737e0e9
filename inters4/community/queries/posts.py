"""The posts of a thread, page by page, with what goes with each: a fixed number of statements.

A page holds twenty numbers, not twenty posts: a post stands on the same page for whoever reads,
whatever was hidden or removed before it, and a link to it is made from its number alone.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field

from markupsafe import Markup
from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager

from inters4.community.models import (
    Appreciation,
    Post,
    PostFile,
    PostMention,
    PostReaction,
    PostState,
    PostVersion,
    Space,
    Thread,
    ThreadSummary,
)
from inters4.community.queries.visibility import readable_post, readable_thread
from inters4.core.access import Viewer
from inters4.core.files import StoredFile
from inters4.core.paging import PAGE_SIZE, page_count
from inters4.core.richtext import with_people
from inters4.core.values import dataclass
from inters4.members.models import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class PostLine:
    """A post as a page shows it.

    Attributes:
        author: empty for a person who was erased.
        remover: who removed it, the same.
        files: attached, in the order of their deposit.
        counts: how many found it useful, how many gave thanks.
        own: what the viewer said of it.
        named: those whom it mentions.
    """

    post: Post
    author: str = ""
    remover: str = ""
    files: Sequence[StoredFile] = ()
    counts: Mapping[Appreciation, int] = field(default_factory=dict)
    own: frozenset[Appreciation] = frozenset()
    named: Sequence[str] = ()

    @property
    def markup(self) -> Markup:
        """The HTML to show, the people whom it mentions told apart."""
        return with_people(self.post.markup, self.named)

    @property
    def is_removed(self) -> bool:
        """True when only a mark is left."""
        return self.post.state is PostState.REMOVED


def page_of(number: int) -> int:
    """The page of a thread on which a post stands."""
    return (max(number, 1) - 1) // PAGE_SIZE + 1


def pages_of(thread: Thread) -> int:
    """How many pages a thread has."""
    return max(1, page_count(thread.last_number))


def read_posts(
    session: Session, thread: Thread, page: int, *, viewer: Viewer
) -> Sequence[PostLine]:
    """The posts of a page that `viewer` reads, and the marks of those removed: four statements."""
    first = (page - 1) * PAGE_SIZE + 1
    writer, remover = aliased(Member), aliased(Member)
    rows = session.execute(
        select(Post, func.coalesce(writer.name, ""), func.coalesce(remover.name, ""))
        .outerjoin(writer, writer.id == Post.author_id)
        .outerjoin(remover, remover.id == Post.removed_by_id)
        .where(
            Post.thread_id == thread.id,
            Post.number.between(first, first + PAGE_SIZE - 1),
            or_(readable_post(viewer), Post.state == PostState.REMOVED),
        )
        .order_by(Post.number)
    ).all()
    read = [post.id for post, *_names in rows if post.state is not PostState.REMOVED]
    files = files_of(session, read)
    counts, own = _reactions(session, read, viewer=viewer)
    named = _named_in(session, read)
    return [
        PostLine(
            post=post,
            author=author,
            remover=remover_name,
            files=files.get(post.id, ()),
            counts=counts.get(post.id, {}),
            own=own.get(post.id, frozenset()),
            named=named.get(post.id, ()),
        )
        for post, author, remover_name in rows
    ]


def files_of(session: Session, post_ids: Collection[int]) -> dict[int, list[StoredFile]]:
    """What is attached to each of these posts: one statement."""
    found: dict[int, list[StoredFile]] = {}
    for link in session.scalars(
        select(PostFile)
        .join(PostFile.stored)
        .options(contains_eager(PostFile.stored))
        .where(PostFile.post_id.in_(post_ids))
        .order_by(PostFile.file_id)
    ):
        found.setdefault(link.post_id, []).append(link.stored)
    return found


def _named_in(session: Session, post_ids: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for post_id, name in session.execute(
        select(PostMention.post_id, Member.name)
        .join(Member, Member.id == PostMention.member_id)
        .where(PostMention.post_id.in_(post_ids))
    ):
        found.setdefault(post_id, []).append(name)
    return found


def _reactions(
    session: Session, post_ids: Collection[int], *, viewer: Viewer
) -> tuple[dict[int, dict[Appreciation, int]], dict[int, frozenset[Appreciation]]]:
    own_row = case((PostReaction.member_id == (viewer.member_id or 0), 1), else_=0)
    counts: dict[int, dict[Appreciation, int]] = {}
    own: dict[int, frozenset[Appreciation]] = {}
    for post_id, kind, number, mine in session.execute(
        select(PostReaction.post_id, PostReaction.kind, func.count(), func.max(own_row))
        .where(PostReaction.post_id.in_(post_ids))
        .group_by(PostReaction.post_id, PostReaction.kind)
    ):
        counts.setdefault(post_id, {})[kind] = number
        if mine:
            own[post_id] = own.get(post_id, frozenset()) | {kind}
    return counts, own


def find_post(
    session: Session,
    slug: str,
    thread_id: int,
    number: int,
    *,
    viewer: Viewer,
) -> tuple[Post, Thread] | None:
    """A post whose text `viewer` reads, with its thread and its space."""
    statement = (
        select(Post, Thread)
        .join(Post.thread)
        .join(Thread.space)
        .options(contains_eager(Post.thread).contains_eager(Thread.space))
        .where(
            Thread.id == thread_id,
            Space.slug == slug,
            Post.number == number,
            readable_thread(viewer),
            readable_post(viewer),
        )
    )
    row = session.execute(statement).one_or_none()
    return (row[0], row[1]) if row else None


def find_merged(session: Session, slug: str, thread_id: int, *, viewer: Viewer) -> Thread | None:
    """The thread, with its space, that took the posts of this one, or that changed spaces.

    `slug` is that of the space where it was; whoever reads it where it is now is led there.
    """
    former = aliased(Thread)
    left = select(former.merged_into_id).where(
        former.id == thread_id, former.merged_into_id.is_not(None)
    )
    return session.scalars(
        select(Thread)
        .join(Thread.space)
        .options(contains_eager(Thread.space))
        .where(
            or_(
                Thread.id.in_(left),
                and_(Thread.id == thread_id, Space.slug != slug),
            ),
            Thread.merged_into_id.is_(None),
            readable_thread(viewer),
        )
        .order_by(Thread.id)
    ).first()


def find_accepted(session: Session, thread: Thread, *, viewer: Viewer) -> tuple[Post, str] | None:
    """The post that answers the question and its author's name, if `viewer` reads it."""
    if thread.accepted_id is None:
        return None
    row = session.execute(
        select(Post, func.coalesce(Member.name, ""))
        .outerjoin(Member, Member.id == Post.author_id)
        .where(
            Post.id == thread.accepted_id,
            Post.thread_id == thread.id,
            readable_post(viewer),
            Post.state != PostState.REMOVED,
        )
    ).one_or_none()
    return (row[0], row[1]) if row else None


def find_summary(session: Session, thread: Thread) -> tuple[ThreadSummary, str] | None:
    """What was said in the thread, and the name of who wrote it."""
    row = session.execute(
        select(ThreadSummary, func.coalesce(Member.name, ""))
        .outerjoin(Member, Member.id == ThreadSummary.by_id)
        .where(ThreadSummary.thread_id == thread.id)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def versions_of(session: Session, post: Post) -> Sequence[tuple[PostVersion, str]]:
    """The texts that a post had, the latest first, and who replaced each."""
    rows = session.execute(
        select(PostVersion, func.coalesce(Member.name, ""))
        .outerjoin(Member, Member.id == PostVersion.replaced_by_id)
        .where(PostVersion.post_id == post.id)
        .order_by(PostVersion.id.desc())
    )
    return [(version, name) for version, name in rows]


def name_of(session: Session, member_id: int | None) -> str:
    """How a person is called; empty for nobody."""
    if member_id is None:
        return ""
    return session.scalar(select(Member.name).where(Member.id == member_id)) or ""


def first_post(session: Session, thread: Thread) -> Post:
    """The post that a thread began with."""
    return session.scalars(
        select(Post).where(Post.thread_id == thread.id).order_by(Post.number).limit(1)
    ).one()
