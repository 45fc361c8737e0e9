"""What « Mes données » holds of communities: what a person wrote, asked, said and was told.

Their own words are theirs wherever they wrote them; the name of a space and the title of a thread
are there as long as they may see them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from inters4.community.models import (
    CommunityPreference,
    Flag,
    JoinRequest,
    Membership,
    Post,
    PostDraft,
    PostFile,
    PostMention,
    PostReaction,
    PostVersion,
    Sanction,
    Space,
    SpaceInvitation,
    SpaceReading,
    SpaceToken,
    Thread,
    ThreadReading,
    ThreadSummary,
)
from inters4.community.queries.visibility import listed_space, readable_thread
from inters4.core.files import StoredFile
from inters4.members.queries import load_viewer

_Row = Mapping[str, Any]


def spaces_of(session: Session, member_id: int) -> Iterator[_Row]:
    """Where they belong, what they asked, who invited them to what, measures towards them."""
    names = _names(session, member_id)
    for one in session.scalars(select(Membership).where(Membership.member_id == member_id)):
        yield {**_in(names, one.space_id), "joined_at": one.joined_at.isoformat()}
    for asked in session.scalars(select(JoinRequest).where(JoinRequest.member_id == member_id)):
        yield {
            **_in(names, asked.space_id),
            "asked_at": asked.asked_at.isoformat(),
            "message": asked.message,
            "state": asked.state.value,
            "answer": asked.reason,
        }
    for sent in session.scalars(
        select(SpaceInvitation).where(SpaceInvitation.member_id == member_id)
    ):
        yield {
            **_in(names, sent.space_id),
            "invited_at": sent.invited_at.isoformat(),
            "message": sent.message,
        }
    for measure in session.scalars(select(Sanction).where(Sanction.member_id == member_id)):
        yield {
            **_in(names, measure.space_id),
            "measure": measure.kind.value,
            "reason": measure.reason,
            "at": measure.at.isoformat(),
            "until": measure.until.isoformat() if measure.until else None,
        }
    for token in session.scalars(select(SpaceToken).where(SpaceToken.member_id == member_id)):
        yield {
            **_in(names, token.space_id),
            "private_address": token.purpose,
            "created_at": token.created_at.isoformat(),
        }


def posts_by(session: Session, member_id: int) -> Iterator[_Row]:
    """Each post, with what it said before and the names of its files; summaries that they wrote."""
    titles = _titles(session, member_id)
    former: dict[int, list[str]] = {}
    for version in session.scalars(
        select(PostVersion)
        .join(Post, Post.id == PostVersion.post_id)
        .where(Post.author_id == member_id)
        .order_by(PostVersion.id)
    ):
        former.setdefault(version.post_id, []).append(version.source)
    files: dict[int, list[str]] = {}
    for post_id, name in session.execute(
        select(PostFile.post_id, StoredFile.name)
        .join(StoredFile, StoredFile.id == PostFile.file_id)
        .join(Post, Post.id == PostFile.post_id)
        .where(Post.author_id == member_id)
    ):
        files.setdefault(post_id, []).append(name)
    for post in session.scalars(select(Post).where(Post.author_id == member_id).order_by(Post.id)):
        yield {
            **titles.get(post.thread_id, {}),
            "number": post.number,
            "at": post.created_at.isoformat(),
            "state": post.state.value,
            "text": post.source,
            "former_texts": former.get(post.id, []),
            "files": files.get(post.id, []),
        }
    for summary in session.scalars(select(ThreadSummary).where(ThreadSummary.by_id == member_id)):
        yield {**titles.get(summary.thread_id, {}), "summary": summary.source}


def drafts_of(session: Session, member_id: int) -> Iterator[_Row]:
    """What they were writing."""
    for draft in session.scalars(
        select(PostDraft).where(PostDraft.member_id == member_id).order_by(PostDraft.id)
    ):
        yield {
            "title": draft.title,
            "text": draft.source,
            "updated_at": draft.updated_at.isoformat(),
        }


def reading_of(session: Session, member_id: int) -> Iterator[_Row]:
    """How closely they follow, up to where they read, what they reacted to and flagged."""
    names, titles = _names(session, member_id), _titles(session, member_id)
    preference = session.get(CommunityPreference, member_id)
    if preference is not None:
        yield {"follows_own_threads": preference.follows_own}
    for place in session.scalars(select(SpaceReading).where(SpaceReading.member_id == member_id)):
        yield {
            **_in(names, place.space_id),
            "level": place.level.value,
            "visited_at": place.visited_at.isoformat(),
        }
    for mark in session.scalars(select(ThreadReading).where(ThreadReading.member_id == member_id)):
        yield {
            **titles.get(mark.thread_id, {}),
            "level": mark.level.value if mark.level else None,
            "read_up_to": mark.last_number,
        }
    for reaction, post in session.execute(
        select(PostReaction, Post)
        .join(Post, Post.id == PostReaction.post_id)
        .where(PostReaction.member_id == member_id)
        .order_by(PostReaction.at)
    ):
        yield {
            **titles.get(post.thread_id, {}),
            "reaction": reaction.kind.value,
            "number": post.number,
            "at": reaction.at.isoformat(),
        }
    for post in session.scalars(
        select(Post)
        .join(PostMention, PostMention.post_id == Post.id)
        .where(PostMention.member_id == member_id, Post.thread_id.in_(titles))
        .order_by(Post.id)
    ):
        yield {**titles[post.thread_id], "mentioned_in": post.number}
    for flag, post in session.execute(
        select(Flag, Post)
        .join(Post, Post.id == Flag.post_id)
        .where(Flag.member_id == member_id)
        .order_by(Flag.id)
    ):
        yield {
            **titles.get(post.thread_id, {}),
            "flag": flag.reason.value,
            "note": flag.note,
            "state": flag.state.value,
            "answer": flag.answer,
            "at": flag.at.isoformat(),
        }


def _names(session: Session, member_id: int) -> Mapping[int, str]:
    """Names of the spaces that they may see exist."""
    viewer = load_viewer(session, member_id)
    rows = session.execute(select(Space.id, Space.name).where(listed_space(viewer)))
    return {row.id: row.name for row in rows}


def _in(names: Mapping[int, str], space_id: int) -> dict[str, str]:
    return {"space": names[space_id]} if space_id in names else {}


def _titles(session: Session, member_id: int) -> Mapping[int, dict[str, str]]:
    """Space and title of the threads where they left something, as far as they still read them."""
    viewer = load_viewer(session, member_id)
    theirs = (
        select(Post.thread_id).where(Post.author_id == member_id),
        select(ThreadReading.thread_id).where(ThreadReading.member_id == member_id),
        select(ThreadSummary.thread_id).where(ThreadSummary.by_id == member_id),
        *(
            select(Post.thread_id)
            .join(link, link.post_id == Post.id)
            .where(link.member_id == member_id)
            for link in (PostReaction, PostMention, Flag)
        ),
    )
    numbers = {number for statement in theirs for number in session.scalars(statement)}
    rows = session.scalars(
        select(Thread)
        .join(Thread.space)
        .options(contains_eager(Thread.space))
        .where(Thread.id.in_(numbers), readable_thread(viewer))
    )
    return {row.id: {"space": row.space.name, "thread": row.title} for row in rows}
