"""Reads of flags: the queue of who moderates, and what is said of one post."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from inters4.community.models import (
    Flag,
    FlagReason,
    FlagState,
    Post,
    PostState,
    Space,
    Thread,
)
from inters4.community.queries.visibility import moderated, readable_post, readable_thread
from inters4.core.access import Viewer
from inters4.core.paging import PAGE_SIZE, Page, nearest_page, page_start
from inters4.core.values import dataclass
from inters4.members.models import Member

UNSETTLED = (FlagState.OPEN, FlagState.IN_PROGRESS)
SETTLED = (FlagState.UPHELD, FlagState.REJECTED)


@dataclass(frozen=True, slots=True)
class Flagged:
    """A post of the queue: itself, in its thread, and what is said of it."""

    post: Post
    thread: Thread
    flags: Sequence[Flag]

    @property
    def since(self) -> datetime:
        """When it was first flagged."""
        return min(flag.at for flag in self.flags)

    @property
    def reasons(self) -> Sequence[FlagReason]:
        """Each reason once, personal data first."""
        held = {flag.reason for flag in self.flags}
        return [one for one in _BY_WEIGHT if one in held]


@dataclass(frozen=True, slots=True)
class Counts:
    """How much awaits who moderates a space; `posts` counts once what is flagged and waits."""

    flagged: int = 0
    waiting: int = 0
    posts: int = 0


NOTHING_AWAITS = Counts()
_BY_WEIGHT = (
    FlagReason.PERSONAL,
    FlagReason.INAPPROPRIATE,
    FlagReason.OFF_TOPIC,
    FlagReason.OTHER,
)


def find_post(
    session: Session,
    slug: str,
    thread_id: int,
    number: int,
    *,
    viewer: Viewer,
) -> Post | None:
    """A post whose text `viewer` reads, with its thread and space.

    Who moderates finds a removed one too: what it holds may have to be erased.
    """
    statement = (
        select(Post)
        .join(Post.thread)
        .join(Thread.space)
        .options(contains_eager(Post.thread).contains_eager(Thread.space))
        .where(
            Thread.id == thread_id,
            Post.number == number,
            Space.slug == slug,
            readable_thread(viewer),
            or_(readable_post(viewer), Post.space_id.in_(moderated(viewer))),
        )
    )
    return session.scalars(statement).one_or_none()


def flags_of(
    session: Session, post_id: int, *, states: Collection[FlagState] = UNSETTLED
) -> Sequence[Flag]:
    """Flags of a post in these states, the oldest first."""
    return session.scalars(
        select(Flag).where(Flag.post_id == post_id, Flag.state.in_(states)).order_by(Flag.id)
    ).all()


def list_flagged(
    session: Session,
    space_id: int,
    *,
    viewer: Viewer,
    is_settled: bool = False,
    page: int = 1,
) -> Page[Flagged]:
    """Posts of a space with flags to settle, personal data first, then the oldest; or settled.

    Empty for whoever does not moderate the space. Four statements at most.
    """
    states = SETTLED if is_settled else UNSETTLED
    grouped = _flagged_ids(space_id, viewer, states)
    total = session.scalar(select(func.count()).select_from(grouped.subquery())) or 0
    number = nearest_page(page, total)
    is_personal = func.max(case((Flag.reason == FlagReason.PERSONAL, 1), else_=0))
    order = (
        (func.max(Flag.decided_at).desc(), Flag.post_id.desc())
        if is_settled
        else (is_personal.desc(), func.min(Flag.at), Flag.post_id)
    )
    ids = list(
        session.scalars(grouped.order_by(*order).offset(page_start(number)).limit(PAGE_SIZE))
    )
    posts = {
        post.id: post
        for post in session.scalars(
            select(Post)
            .join(Post.thread)
            .options(contains_eager(Post.thread))
            .where(Post.id.in_(ids))
        )
    }
    flags: dict[int, list[Flag]] = {one: [] for one in ids}
    for flag in session.scalars(
        select(Flag).where(Flag.post_id.in_(ids), Flag.state.in_(states)).order_by(Flag.id)
    ):
        flags[flag.post_id].append(flag)
    rows = [Flagged(posts[one], posts[one].thread, flags[one]) for one in ids]
    return Page(rows, number, total)


def list_waiting(session: Session, space_id: int, *, viewer: Viewer, page: int = 1) -> Page[Post]:
    """First posts of newcomers that wait for approval, the oldest first, with their threads."""
    statement = (
        select(Post)
        .join(Post.thread)
        .options(contains_eager(Post.thread))
        .where(
            Post.space_id == space_id,
            Post.space_id.in_(moderated(viewer)),
            Post.state == PostState.WAITING,
            Thread.is_removed.is_(False),
        )
        .order_by(Post.id)
    )
    counted = select(func.count()).select_from(statement.order_by(None).subquery())
    total = session.scalar(counted) or 0
    number = nearest_page(page, total)
    found = session.scalars(statement.offset(page_start(number)).limit(PAGE_SIZE)).all()
    return Page(found, number, total)


def count_awaiting(session: Session, space_id: int, *, viewer: Viewer) -> Counts:
    """Posts flagged and posts waiting, in one statement, by way of what alone can await."""
    flagged = _flagged_ids(space_id, viewer, UNSETTLED)
    waiting = (
        select(Post.id)
        .join(Post.thread)
        .where(
            Post.space_id == space_id,
            Post.space_id.in_(moderated(viewer)),
            Post.seq == 0,
            Post.state == PostState.WAITING,
            Thread.is_removed.is_(False),
        )
    )
    counted = (
        select(func.count()).select_from(one.subquery()).scalar_subquery()
        for one in (flagged, waiting, waiting.where(Post.id.not_in(flagged)))
    )
    row = session.execute(select(*counted)).one()
    return Counts(flagged=row[0], waiting=row[1], posts=row[0] + row[2])


def flagged_in(session: Session, thread: Thread, *, viewer: Viewer) -> frozenset[int]:
    """Ids of the posts of a thread with flags to settle; none for who does not moderate."""
    ids = _flagged_ids(thread.space_id, viewer, UNSETTLED)
    return frozenset(session.scalars(ids.where(Post.thread_id == thread.id)))


def awaiting_by_space(session: Session, *, viewer: Viewer) -> Sequence[tuple[Space, int]]:
    """Spaces that `viewer` moderates where posts await a decision, with how many: one statement."""
    spaces = moderated(viewer)
    if not spaces:
        return []
    awaiting = (
        select(Post.space_id, func.count(Post.id.distinct()).label("number"))
        .join(Post.thread)
        .outerjoin(Flag, and_(Flag.post_id == Post.id, Flag.state.in_(UNSETTLED)))
        .where(
            Post.space_id.in_(spaces),
            or_(
                Flag.id.is_not(None),
                and_(Post.state == PostState.WAITING, Thread.is_removed.is_(False)),
            ),
        )
        .group_by(Post.space_id)
        .subquery()
    )
    rows = session.execute(
        select(Space, awaiting.c.number)
        .join(awaiting, awaiting.c.space_id == Space.id)
        .order_by(Space.name)
    )
    return [(row[0], row[1]) for row in rows]


def names_of(session: Session, ids: Collection[int | None]) -> Mapping[int, tuple[str, str]]:
    """Name and public id of people, by number: one statement."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    rows = session.execute(
        select(Member.id, Member.name, Member.public_id).where(Member.id.in_(wanted))
    )
    return {row.id: (row.name, row.public_id) for row in rows}


def _flagged_ids(space_id: int, viewer: Viewer, states: Collection[FlagState]) -> Select[int]:
    return (
        select(Flag.post_id)
        .join(Post, Post.id == Flag.post_id)
        .where(
            Post.space_id == space_id,
            Post.space_id.in_(moderated(viewer)),
            Flag.state.in_(states),
        )
        .group_by(Flag.post_id)
    )
