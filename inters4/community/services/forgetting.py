"""A person is erased: what they alone needed goes, what others read stays under no name.

Whoever takes their words with them leaves marks of removed posts. Rows that search knows change one
by one, so that the index forgets with the database.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, or_, select, union, update
from sqlalchemy.orm import Session

from inters4.community.models import (
    CommunityPreference,
    Flag,
    JoinRequest,
    Meeting,
    Membership,
    ModerationAct,
    Post,
    PostDraft,
    PostDraftFile,
    PostFile,
    PostMention,
    PostReaction,
    PostState,
    PostVersion,
    Sanction,
    Seat,
    Space,
    SpaceInvitation,
    SpaceReading,
    SpaceToken,
    Thread,
    ThreadReading,
    ThreadSummary,
)
from inters4.community.services.holding import hold_spaces
from inters4.community.services.standing import stand_again
from inters4.core.files import StoredFile
from inters4.members.queries import keeps_posts

_GONE = "Fil retiré"
"""The title of a thread that went with who began it; the same in every language."""
_THEIRS = (
    CommunityPreference,
    JoinRequest,
    Membership,
    PostMention,
    PostReaction,
    Sanction,
    SpaceInvitation,
    SpaceReading,
    SpaceToken,
    ThreadReading,
)
"""Rows about the person alone."""
_NAMED = (
    (Flag, "member_id"),
    (Flag, "handled_by_id"),
    (JoinRequest, "decided_by_id"),
    (ModerationAct, "by_id"),
    (ModerationAct, "member_id"),
    (PostVersion, "replaced_by_id"),
    (Sanction, "by_id"),
    (SpaceInvitation, "invited_by_id"),
)
"""Columns that say who did something, in tables that search does not know."""
_NAMED_ONE_BY_ONE = (
    (Post, "removed_by_id"),
    (Space, "deputy_id"),
    (Space, "facilitator_id"),
    (Thread, "author_id"),
    (ThreadSummary, "by_id"),
)


def forget_person(session: Session, member_id: int) -> None:
    """Take a person off the spaces; with their words, unless they leave them."""
    is_withdrawn = not keeps_posts(session, member_id)
    hold_spaces_of(session, member_id)
    forget_drafts(session, PostDraft.member_id == member_id)
    for table in _THEIRS:
        session.execute(delete(table).where(table.member_id == member_id))
    _forget_reasons(session, member_id, is_withdrawn=is_withdrawn)
    begun = [*session.scalars(select(Thread.id).where(Thread.author_id == member_id))]
    _forget_posts(session, member_id, is_withdrawn=is_withdrawn)
    for named, column in _NAMED:
        held = getattr(named, column)
        session.execute(update(named).where(held == member_id).values({column: None}))
    for searched, column in _NAMED_ONE_BY_ONE:
        _unname(session, searched, column, member_id)
    if is_withdrawn:
        _close_empty(session, begun)
    session.flush()


def hold_spaces_of(session: Session, member_id: int) -> None:
    """Hold, in the order of their numbers, all spaces where something says their name."""
    hold_spaces(session, _spaces_of(session, member_id))


def _spaces_of(session: Session, member_id: int) -> Sequence[int]:
    """Where something says their name."""
    return session.scalars(
        union(
            select(Membership.space_id).where(Membership.member_id == member_id),
            select(Post.space_id).where(
                or_(Post.author_id == member_id, Post.removed_by_id == member_id)
            ),
            select(Thread.space_id).where(Thread.author_id == member_id),
            select(Thread.space_id)
            .join(ThreadSummary, ThreadSummary.thread_id == Thread.id)
            .where(ThreadSummary.by_id == member_id),
            select(Meeting.space_id)
            .join(Seat, Seat.meeting_id == Meeting.id)
            .where(Seat.member_id == member_id),
            select(Meeting.space_id).where(
                or_(Meeting.facilitator_id == member_id, Meeting.author_id == member_id)
            ),
            select(Space.id).where(
                or_(Space.facilitator_id == member_id, Space.deputy_id == member_id)
            ),
        )
    ).all()


def forget_drafts(session: Session, which: Any) -> int:
    """Drafts that meet a condition on `PostDraft` go, with their files; say how many."""
    drafts = session.scalars(select(PostDraft).where(which)).all()
    numbers = [draft.id for draft in drafts]
    files = session.scalars(
        select(StoredFile)
        .join(PostDraftFile, PostDraftFile.file_id == StoredFile.id)
        .where(PostDraftFile.draft_id.in_(numbers))
    ).all()
    session.execute(delete(PostDraftFile).where(PostDraftFile.draft_id.in_(numbers)))
    for row in (*files, *drafts):
        session.delete(row)
    session.flush()
    return len(numbers)


def _forget_reasons(session: Session, member_id: int, *, is_withdrawn: bool) -> None:
    """Why measures were taken towards them; and what they said of others' posts."""
    session.execute(
        update(ModerationAct).where(ModerationAct.member_id == member_id).values(reason="")
    )
    if is_withdrawn:
        session.execute(update(Flag).where(Flag.member_id == member_id).values(note=""))


def _forget_posts(session: Session, member_id: int, *, is_withdrawn: bool) -> None:
    posts = session.scalars(select(Post).where(Post.author_id == member_id).order_by(Post.id)).all()
    for post in posts:
        post.author_id, post.key = None, None
    if is_withdrawn:
        _withdraw(session, posts)
    session.flush()


def _withdraw(session: Session, posts: Any) -> None:
    """Their posts leave a mark, their files and former texts nothing."""
    numbers = [post.id for post in posts]
    for start in range(0, len(numbers), 500):
        some = numbers[start : start + 500]
        for stored in session.scalars(
            select(StoredFile)
            .join(PostFile, PostFile.file_id == StoredFile.id)
            .where(PostFile.post_id.in_(some))
        ):
            session.delete(stored)
        session.execute(delete(PostMention).where(PostMention.post_id.in_(some)))
        session.execute(
            update(PostVersion).where(PostVersion.post_id.in_(some)).values(source="", reason="")
        )
    for post in posts:
        post.state = PostState.REMOVED
        post.write("")
    session.flush()
    threads = {post.thread_id for post in posts}
    for thread in session.scalars(select(Thread).where(Thread.id.in_(threads)).order_by(Thread.id)):
        if thread.accepted_id in set(numbers):
            thread.accepted_id = None
        stand_again(session, thread)


def _unname(session: Session, model: Any, column: str, member_id: int) -> None:
    for row in session.scalars(select(model).where(getattr(model, column) == member_id)):
        setattr(row, column, None)
    session.flush()


def _close_empty(session: Session, thread_ids: list[int]) -> None:
    """A thread that they began, and where nobody else wrote, goes with its title."""
    for thread in session.scalars(select(Thread).where(Thread.id.in_(thread_ids))):
        if thread.last_seq:
            continue
        thread.title, thread.is_removed = _GONE, True
