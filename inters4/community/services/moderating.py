"""What who moderates does to a post: every act has its line in the journals.

The author of a post is told what became of it and why, never who flagged it.
"""

from sqlalchemy.orm import Session

from inters4.community.models import Act, Membership, Post, PostState, Space, Thread
from inters4.community.services.editing import rewrite
from inters4.community.services.holding import hold_post
from inters4.community.services.journaling import (
    must_be_open,
    must_moderate,
    note,
    read_reason,
)
from inters4.community.services.publishing import publish
from inters4.community.services.standing import stand_again
from inters4.community.services.telling_moderated import (
    tell_author,
    tell_waiting_settled,
)
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import DomainError, NotAllowed
from inters4.core.i18n import _


def hide(session: Session, post: Post, *, reason: str, by: Viewer, request_id: str = "") -> None:
    """Let its author and who moderates alone read `post`; hidden twice is hidden once.

    Raises:
        NotAllowed: `by` does not moderate the space.
        DomainError: no reason is given, or the post is not one that people read.
    """
    must_moderate(post.space_id, by=by)
    why = read_reason(reason)
    hold_post(session, post)
    if post.state is PostState.HIDDEN:
        return
    if post.state is not PostState.PUBLISHED:
        raise DomainError(_("Ce message n’est pas publié : il n’y a rien à masquer."))
    put_out_of_sight(session, post)
    line = note(
        session,
        Act.HIDE,
        by=by,
        space_id=post.space_id,
        post=post,
        reason=why,
        request_id=request_id,
    )
    tell_author(session, post, line, by=by)


def restore(
    session: Session, post: Post, *, by: Viewer, reason: str = "", request_id: str = ""
) -> None:
    """Let everyone read a hidden post again, at its place; restored twice is restored once.

    Raises:
        NotAllowed: `by` does not moderate the space, or wrote the post.
        DomainError: the post is not hidden.
    """
    must_moderate(post.space_id, by=by)
    must_be_of_another(post, by=by)
    why = read_reason(reason, is_needed=False)
    hold_post(session, post)
    if post.state is PostState.PUBLISHED:
        return
    if post.state is not PostState.HIDDEN:
        raise DomainError(_("Ce message n’est pas masqué."))
    show_again(session, post, why, by=by, request_id=request_id)


def show_again(session: Session, post: Post, reason: str, *, by: Viewer, request_id: str) -> None:
    """Put a hidden post back, which is held, and tell its author; whoever may is settled before."""
    put_back(session, post)
    line = note(
        session,
        Act.RESTORE,
        by=by,
        space_id=post.space_id,
        post=post,
        reason=reason,
        request_id=request_id,
    )
    tell_author(session, post, line, by=by)


def edit_post(
    session: Session,
    post: Post,
    source: str,
    *,
    version: int,
    reason: str,
    by: Viewer,
    is_meant: bool = False,
    request_id: str = "",
) -> None:
    """Change the text of someone's post; the former one stays in its history, with the reason.

    Raises:
        NotAllowed: `by` does not moderate the space.
        DomainError: no reason is given, nothing may be written, or as for `editing.rewrite`.
    """
    must_moderate(post.space_id, by=by)
    why = read_reason(reason)
    space = hold_post(session, post)
    must_be_open(space)
    if post.state is PostState.REMOVED:
        raise DomainError(_("Ce message est retiré."))
    if not rewrite(
        session,
        post,
        source,
        version=version,
        by=by,
        thread=session.get_one(Thread, post.thread_id),
        space=space,
        is_meant=is_meant,
        reason=why,
    ):
        return
    post.edited_at = now()
    session.flush()
    line = note(
        session,
        Act.EDIT,
        by=by,
        space_id=post.space_id,
        post=post,
        reason=why,
        request_id=request_id,
    )
    tell_author(session, post, line, by=by)


def approve(session: Session, post: Post, *, by: Viewer, request_id: str = "") -> None:
    """Publish the first post of a newcomer; approved twice is approved once.

    Raises:
        NotAllowed: `by` does not moderate the space, or wrote the post.
        DomainError: the post does not wait, or the space is closed.
    """
    must_moderate(post.space_id, by=by)
    must_be_of_another(post, by=by)
    space = hold_post(session, post)
    if post.state is PostState.PUBLISHED:
        return
    if post.state is not PostState.WAITING:
        raise DomainError(_("Ce message n’attend pas d’approbation."))
    must_be_open(space)
    publish(session, post, thread=session.get_one(Thread, post.thread_id), space=space)
    if post.author_id is not None:
        membership = session.get(Membership, (post.space_id, post.author_id))
        if membership is not None:
            membership.approved_posts += 1
    tell_waiting_settled(session, post)
    line = note(
        session, Act.APPROVE, by=by, space_id=post.space_id, post=post, request_id=request_id
    )
    tell_author(session, post, line, by=by)


def decline(session: Session, post: Post, *, reason: str, by: Viewer, request_id: str = "") -> None:
    """Do not publish a first post; its author is told why. Its thread goes with its first post.

    Raises:
        NotAllowed: `by` does not moderate the space.
        DomainError: no reason is given, or the post does not wait.
    """
    must_moderate(post.space_id, by=by)
    why = read_reason(reason)
    hold_post(session, post)
    if post.state is PostState.REMOVED:
        return
    if post.state is not PostState.WAITING:
        raise DomainError(_("Ce message n’attend pas d’approbation."))
    post.state, post.removed_by_id = PostState.REMOVED, by.member_id
    thread = session.get_one(Thread, post.thread_id)
    if thread.last_seq == 0 and thread.author_id == post.author_id:
        thread.is_removed = True
    tell_waiting_settled(session, post)
    line = note(
        session,
        Act.DECLINE,
        by=by,
        space_id=post.space_id,
        post=post,
        reason=why,
        request_id=request_id,
    )
    tell_author(session, post, line, by=by)


def must_be_of_another(post: Post, *, by: Viewer) -> None:
    """Nobody decides of what they wrote themselves.

    Raises:
        NotAllowed: `by` wrote the post.
    """
    if post.author_id is not None and post.author_id == by.member_id:
        raise NotAllowed(
            _("Ce message est de vous : une autre personne de l’animation doit décider.")
        )


def put_out_of_sight(session: Session, post: Post) -> None:
    """Hide `post`, which is held; the thread stands as its last published post leaves it."""
    post.state = PostState.HIDDEN
    stand_again(session, session.get_one(Thread, post.thread_id))


def put_back(session: Session, post: Post) -> None:
    """Show a hidden post, which is held; one that never was published takes its place now."""
    thread = session.get_one(Thread, post.thread_id)
    publish(session, post, thread=thread, space=session.get_one(Space, post.space_id))
    stand_again(session, thread)
