"""The one rule of visibility: every read of communities goes through these conditions.

Pages, lists, search, counts, notices, feeds, files, mentions, exports ask here and nowhere else.
What one may not see is as if it did not exist. Whoever coordinates or administers the portal has
no key to private spaces: only those who belong read them.
"""

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, contains_eager

from inters4.community.models import (
    Membership,
    Post,
    PostState,
    Space,
    Thread,
    Visibility,
)
from inters4.core.access import SPACE_ROLES, Viewer


def readable_space(viewer: Viewer) -> ColumnElement[bool]:
    """Spaces whose threads, posts, files and meetings `viewer` reads; a condition on `Space`."""
    reads = [Space.visibility == Visibility.PUBLIC]
    if viewer.is_signed_in:
        reads.append(Space.visibility == Visibility.MEMBERS)
    if viewer.spaces:
        reads.append(Space.id.in_(viewer.spaces))
    return or_(*reads)


def listed_space(viewer: Viewer) -> ColumnElement[bool]:
    """Spaces whose name and presentation `viewer` sees; a condition on `Space`."""
    return or_(readable_space(viewer), Space.visibility == Visibility.PRIVATE_LISTED)


def moderated(viewer: Viewer) -> frozenset[int]:
    """Ids of the spaces that `viewer` moderates: a role there, and still belonging to it."""
    return frozenset(
        grant.space
        for grant in viewer.grants
        if grant.role in SPACE_ROLES and grant.space is not None and grant.space in viewer.spaces
    )


def moderates(viewer: Viewer, space_id: int) -> bool:
    """True when `viewer` facilitates or moderates this space."""
    return space_id in moderated(viewer)


def readable_thread(viewer: Viewer) -> ColumnElement[bool]:
    """Threads that `viewer` reads; a condition on `Thread` joined to `Space`.

    A thread whose first post waits, or is hidden with nothing else published, is for its author
    and for who moderates.
    """
    stands = and_(Thread.is_removed.is_(False), Thread.last_seq > 0)
    reads: list[ColumnElement[bool]] = [stands]
    if viewer.member_id is not None:
        reads.append(and_(Thread.is_removed.is_(False), Thread.author_id == viewer.member_id))
    if moderates_any := moderated(viewer):
        reads.append(Thread.space_id.in_(moderates_any))
    return and_(readable_space(viewer), or_(*reads))


def readable_post(viewer: Viewer) -> ColumnElement[bool]:
    """Posts whose text `viewer` reads; a condition on `Post`, within threads that they read.

    A removed post leaves a mark, not its text.
    """
    reads: list[ColumnElement[bool]] = [Post.state == PostState.PUBLISHED]
    if viewer.member_id is not None:
        own = Post.state.in_((PostState.WAITING, PostState.HIDDEN))
        reads.append(and_(own, Post.author_id == viewer.member_id))
    if moderates_any := moderated(viewer):
        reads.append(and_(Post.state != PostState.REMOVED, Post.space_id.in_(moderates_any)))
    return or_(*reads)


def find_space(session: Session, slug: str, *, viewer: Viewer) -> Space | None:
    """The space of this address, if `viewer` may see that it exists."""
    return session.scalars(
        select(Space).where(Space.slug == slug, listed_space(viewer))
    ).one_or_none()


def find_readable_space(session: Session, slug: str, *, viewer: Viewer) -> Space | None:
    """The space of this address, if `viewer` reads what is in it."""
    return session.scalars(
        select(Space).where(Space.slug == slug, readable_space(viewer))
    ).one_or_none()


def find_thread(session: Session, slug: str, number: int, *, viewer: Viewer) -> Thread | None:
    """A thread of this space, with its space, if `viewer` reads it."""
    return session.scalars(
        select(Thread)
        .join(Thread.space)
        .options(contains_eager(Thread.space))
        .where(Thread.id == number, Space.slug == slug, readable_thread(viewer))
    ).one_or_none()


def containers(session: Session, viewer: Viewer) -> frozenset[int]:
    """Ids of every space that `viewer` reads now: what search may look into."""
    return frozenset(session.scalars(select(Space.id).where(readable_space(viewer))))


def memberships(member: ColumnElement[int]) -> Select[int]:
    """The spaces that a person belongs to, as a part of the statement that loads them."""
    return select(Membership.space_id.label("space")).where(Membership.member_id == member)


def readers_among(session: Session, space: Space, member_ids: frozenset[int]) -> frozenset[int]:
    """Which of these people, active all, read `space` now.

    What notices, mentions and mails ask before they name anything.
    """
    if not member_ids:
        return frozenset()
    if not space.is_private:
        return member_ids
    belong = select(Membership.member_id).where(
        Membership.space_id == space.id, Membership.member_id.in_(member_ids)
    )
    return frozenset(session.scalars(belong))
