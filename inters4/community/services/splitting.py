"""One thread becomes two, or two become one; posts keep their order and their authors.

A number is given once: what leaves a thread leaves a gap. What people had read stays read, and
what they had not is still to read, wherever it stands now.
"""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from inters4.community.models import (
    TITLE_MAX,
    TITLE_MIN,
    Act,
    Level,
    Post,
    PostState,
    Thread,
    ThreadReading,
    ThreadSummary,
)
from inters4.community.services.holding import hold_thread
from inters4.community.services.journaling import must_be_open, must_moderate, note
from inters4.community.services.standing import stand_again
from inters4.community.services.telling_moderated import tell_author, tell_thread_author
from inters4.core.access import Viewer
from inters4.core.errors import DomainError
from inters4.core.i18n import _


def split(
    session: Session,
    thread: Thread,
    numbers: Collection[int],
    *,
    title: str,
    by: Viewer,
    request_id: str = "",
) -> Thread:
    """Put these posts of `thread` in a new thread of the same space, and give it back.

    Raises:
        NotAllowed: `by` does not moderate the space.
        DomainError: the title is too short or too long, no post is named, the first is, or the
            space is closed.
    """
    must_moderate(thread.space_id, by=by)
    must_be_open(hold_thread(session, thread))
    name = " ".join(title.split())
    if not TITLE_MIN <= len(name) <= TITLE_MAX:
        raise DomainError(_("Donnez au nouveau fil un titre de 5 à 200 signes."), about="titre")
    posts = _posts_of(session, thread)
    taken = [post for post in posts if post.number in set(numbers)]
    if not taken:
        raise DomainError(_("Cochez les messages à détacher."), about="messages")
    if taken[0] is posts[0]:
        raise DomainError(
            _("Le premier message reste : déplacez plutôt le fil entier."), about="messages"
        )
    new = Thread(
        space_id=thread.space_id,
        title=name,
        about_kind=thread.about_kind,
        about_id=thread.about_id,
        author_id=taken[0].author_id,
        created_at=taken[0].created_at,
    )
    session.add(new)
    session.flush()
    if thread.accepted_id in {post.id for post in taken}:
        thread.accepted_id = None
    old = [post.number for post in taken]
    _hand_over(session, taken, new)
    _copy_marks(session, thread, new, old)
    stand_again(session, thread)
    stand_again(session, new)
    note(session, Act.SPLIT, by=by, space_id=thread.space_id, thread=thread, request_id=request_id)
    told: set[int | None] = set()
    for post in taken:
        line = None
        if post.author_id not in told:
            line = note(
                session, Act.SPLIT, by=by, space_id=new.space_id, post=post, request_id=request_id
            )
            tell_author(session, post, line, by=by)
        told.add(post.author_id)
    return new


def merge(
    session: Session, thread: Thread, target: Thread, *, by: Viewer, request_id: str = ""
) -> None:
    """Put every post of `thread` after those of `target`; its address leads there from now on.

    Raises:
        NotAllowed: `by` does not moderate the space.
        DomainError: they are one thread, of two spaces, or one is removed or merged already.
    """
    must_moderate(thread.space_id, by=by)
    if thread.merged_into_id == target.id:
        return
    if thread.id == target.id:
        raise DomainError(_("Choisissez un autre fil que celui-ci."), about="fil")
    if thread.space_id != target.space_id:
        raise DomainError(_("Déplacez d’abord un des deux fils dans l’espace de l’autre."))
    for one in sorted((thread, target), key=lambda held: held.id):
        must_be_open(hold_thread(session, one))
    if thread.is_removed or target.is_removed:
        raise DomainError(_("Un des deux fils est retiré : rétablissez-le d’abord."), about="fil")
    posts, others = _posts_of(session, thread), _posts_of(session, target)
    marks = _marks(session, thread), _marks(session, target)
    seqs = _published(posts), _published(others)
    _hand_over(session, posts, target)
    _merge_marks(session, target, marks, seqs)
    _merge_summaries(session, thread, target)
    if not target.about_kind:
        target.about_kind, target.about_id = thread.about_kind, thread.about_id
    for earlier in session.scalars(select(Thread).where(Thread.merged_into_id == thread.id)):
        earlier.merged_into_id = target.id
    thread.merged_into_id, thread.is_removed = target.id, True
    thread.accepted_id = thread.pinned_at = None
    stand_again(session, target)
    stand_again(session, thread)
    line = note(
        session, Act.MERGE, by=by, space_id=thread.space_id, thread=thread, request_id=request_id
    )
    tell_thread_author(session, thread, line, by=by)


def _posts_of(session: Session, thread: Thread) -> Sequence[Post]:
    return session.scalars(
        select(Post).where(Post.thread_id == thread.id).order_by(Post.number)
    ).all()


def _hand_over(session: Session, posts: Sequence[Post], target: Thread) -> None:
    """Number `posts` after those of `target`, one row at a time: the index learns of each."""
    for post in posts:
        target.last_number += 1
        post.thread_id, post.number = target.id, target.last_number
    session.flush()


def _marks(session: Session, thread: Thread) -> Mapping[int, ThreadReading]:
    rows = session.scalars(select(ThreadReading).where(ThreadReading.thread_id == thread.id))
    return {row.member_id: row for row in rows}


def _copy_marks(session: Session, thread: Thread, new: Thread, old: Sequence[int]) -> None:
    """Whoever had read the posts that left has read them where they are; followers follow both."""
    rows = [
        {
            "member_id": mark.member_id,
            "thread_id": new.id,
            "last_number": bisect_right(old, mark.last_number),
            "last_seq": mark.last_seq,
            "level": mark.level,
        }
        for mark in _marks(session, thread).values()
    ]
    if rows:
        session.execute(insert(ThreadReading), rows)


def _published(posts: Sequence[Post]) -> Sequence[int]:
    return sorted(post.seq for post in posts if post.state is PostState.PUBLISHED)


def _merge_marks(
    session: Session,
    target: Thread,
    marks: tuple[Mapping[int, ThreadReading], Mapping[int, ThreadReading]],
    seqs: tuple[Sequence[int], Sequence[int]],
) -> None:
    """A person has read up to the first post that they had not read in either thread."""
    newest = max((*seqs[0], *seqs[1]), default=0)
    for member_id in marks[0].keys() | marks[1].keys():
        held = [one.get(member_id) for one in marks]
        firsts = [
            places[read]
            for places, mark in zip(seqs, held, strict=True)
            if (read := bisect_right(places, mark.last_seq if mark else 0)) < len(places)
        ]
        kept = held[1]
        if kept is None:
            kept = ThreadReading(member_id=member_id, thread_id=target.id, last_number=0)
            session.add(kept)
        kept.last_seq = min(firsts) - 1 if firsts else newest
        if not firsts:
            kept.last_number = target.last_number
        levels = {mark.level for mark in held if mark is not None and mark.level is not None}
        if kept.level is None and levels:
            kept.level = Level.FOLLOWED if Level.FOLLOWED in levels else levels.pop()
    session.flush()


def _merge_summaries(session: Session, thread: Thread, target: Thread) -> None:
    """The summary of the thread that ends goes after that of the other."""
    ending = session.get(ThreadSummary, thread.id)
    if ending is None:
        return
    kept = session.get(ThreadSummary, target.id)
    if kept is None:
        kept = ThreadSummary(thread_id=target.id, by_id=ending.by_id)
        kept.write(ending.source)
        session.add(kept)
    else:
        kept.write(f"{kept.source}\n\n{ending.source}")
    session.delete(ending)
    session.flush()
