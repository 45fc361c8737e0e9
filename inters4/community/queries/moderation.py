"""Reads for who moderates: threads with all their posts, the journal of a space, its measures.

Each takes a viewer and gives nothing to whoever does not moderate the space.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, contains_eager

from inters4.community.models import (
    Act,
    Membership,
    ModerationAct,
    Post,
    Sanction,
    SanctionKind,
    Space,
    SpaceStage,
    Thread,
)
from inters4.community.queries.visibility import moderated, readable_space
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.paging import PAGE_SIZE, Page, nearest_page, page_start, read_page
from inters4.core.values import dataclass
from inters4.members.models import Member

MOST_OFFERED = 50
_MOST_ACTS = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the journal, with what may be said of its place."""

    act: ModerationAct
    thread: Thread | None
    number: int | None


def find_to_moderate(
    session: Session, slug: str, thread_id: int, *, viewer: Viewer
) -> Thread | None:
    """A thread of a space that `viewer` moderates, removed or not, with its space."""
    statement = (
        select(Thread)
        .join(Thread.space)
        .options(contains_eager(Thread.space))
        .where(
            Thread.id == thread_id,
            Space.slug == slug,
            Space.id.in_(moderated(viewer)),
            readable_space(viewer),
        )
    )
    return session.scalars(statement).one_or_none()


def spaces_moderated(session: Session, *, viewer: Viewer) -> Sequence[Space]:
    """Spaces that `viewer` moderates and where something may be written, by name."""
    return session.scalars(
        select(Space)
        .where(Space.id.in_(moderated(viewer)), Space.stage != SpaceStage.CLOSED)
        .order_by(Space.name)
    ).all()


def other_threads(session: Session, thread: Thread, *, viewer: Viewer) -> Sequence[Thread]:
    """The newest threads of the same space, to merge into."""
    return session.scalars(
        select(Thread)
        .where(
            Thread.space_id == thread.space_id,
            Thread.space_id.in_(moderated(viewer)),
            Thread.id != thread.id,
            Thread.is_removed.is_(False),
        )
        .order_by(Thread.last_post_at.desc(), Thread.id.desc())
        .limit(MOST_OFFERED)
    ).all()


def posts_to_split(
    session: Session, thread: Thread, *, viewer: Viewer, page: int = 1
) -> Page[Post]:
    """A page of the posts of a thread, whatever their state, in their order."""
    statement = (
        select(Post)
        .where(Post.thread_id == thread.id, Post.space_id.in_(moderated(viewer)))
        .order_by(Post.number)
    )
    return read_page(session, statement, page)


def acts_about(session: Session, post: Post, *, viewer: Viewer) -> Sequence[ModerationAct]:
    """What was done to a post in this space, the latest first."""
    return session.scalars(
        select(ModerationAct)
        .where(
            ModerationAct.post_id == post.id,
            ModerationAct.space_id == post.space_id,
            ModerationAct.space_id.in_(moderated(viewer)),
        )
        .order_by(ModerationAct.id.desc())
        .limit(_MOST_ACTS)
    ).all()


def journal(
    session: Session, space_id: int, *, viewer: Viewer, act: Act | None = None, page: int = 1
) -> Page[Line]:
    """A page of the journal of a space, the latest first: two statements.

    A thread that has left for another space is not named here any more.
    """
    statement = (
        select(ModerationAct, Thread, Post.number)
        .outerjoin(
            Thread,
            (Thread.id == ModerationAct.thread_id) & (Thread.space_id == ModerationAct.space_id),
        )
        .outerjoin(
            Post,
            (Post.id == ModerationAct.post_id) & (Post.thread_id == Thread.id),
        )
        .where(ModerationAct.space_id == space_id, ModerationAct.space_id.in_(moderated(viewer)))
    )
    counted = select(func.count(ModerationAct.id)).where(
        ModerationAct.space_id == space_id, ModerationAct.space_id.in_(moderated(viewer))
    )
    if act is not None:
        statement = statement.where(ModerationAct.act == act)
        counted = counted.where(ModerationAct.act == act)
    total = session.scalar(counted) or 0
    number = nearest_page(page, total)
    rows = session.execute(
        statement.order_by(ModerationAct.id.desc()).offset(page_start(number)).limit(PAGE_SIZE)
    )
    return Page([Line(*row) for row in rows], number, total)


def waiting_redactions(session: Session) -> Sequence[ModerationAct]:
    """Redactions whose words may still be in files that the index has left behind."""
    return session.scalars(
        select(ModerationAct)
        .where(ModerationAct.act == Act.REDACT, ModerationAct.scrubbed_at.is_(None))
        .order_by(ModerationAct.id)
    ).all()


def measures(session: Session, space_id: int, *, viewer: Viewer, page: int = 1) -> Page[Sanction]:
    """A page of the measures taken in a space, the latest first."""
    statement = (
        select(Sanction)
        .where(Sanction.space_id == space_id, Sanction.space_id.in_(moderated(viewer)))
        .order_by(Sanction.id.desc())
    )
    return read_page(session, statement, page)


def measures_of(
    session: Session, space_id: int, member_id: int, *, viewer: Viewer
) -> Sequence[Sanction]:
    """The measures taken towards one person in a space, the latest first."""
    return session.scalars(
        select(Sanction)
        .where(
            Sanction.space_id == space_id,
            Sanction.space_id.in_(moderated(viewer)),
            Sanction.member_id == member_id,
        )
        .order_by(Sanction.id.desc())
        .limit(_MOST_ACTS)
    ).all()


def suspensions_in_force(
    session: Session, space_id: int, member_id: int, *, at: datetime | None = None
) -> Sequence[Sanction]:
    """The suspensions that keep a person from writing now, kept from others meanwhile."""
    return session.scalars(
        select(Sanction)
        .where(
            Sanction.space_id == space_id,
            Sanction.member_id == member_id,
            Sanction.kind == SanctionKind.SUSPENSION,
            Sanction.lifted_at.is_(None),
            Sanction.until > (at or now()),
        )
        .order_by(Sanction.id)
        .with_for_update()
    ).all()


def find_person(session: Session, space_id: int, public_id: str) -> Member | None:
    """Someone who belongs to a space or wrote in it, by the name of their address."""
    belongs = select(Membership.member_id).where(Membership.space_id == space_id)
    wrote = select(Post.author_id).where(Post.space_id == space_id)
    return session.scalars(
        select(Member).where(
            Member.public_id == public_id, or_(Member.id.in_(belongs), Member.id.in_(wrote))
        )
    ).one_or_none()
