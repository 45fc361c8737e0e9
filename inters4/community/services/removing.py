"""« Message retiré par … »: the post keeps its place, whoever reads the thread reads it no more."""

from sqlalchemy.orm import Session

from inters4.community.models import Act, Post, PostState, Space, Thread
from inters4.community.queries.visibility import moderates
from inters4.community.services.admitting import check_is_open
from inters4.community.services.holding import hold_post
from inters4.community.services.journaling import keep_line
from inters4.community.services.standing import stand_again
from inters4.community.services.telling_moderated import tell_author
from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.errors import NotAllowed
from inters4.core.hooks import hooks
from inters4.core.i18n import _

REMOVED = "community.removed"
"""A post was removed: `handler(session, post=, thread=, space=)`; what was told of it is over."""


def may_remove(post: Post, space: Space, *, by: Viewer) -> bool:
    """True of its author, and of who moderates."""
    if by.member_id is None or post.state is PostState.REMOVED or space.is_archived:
        return False
    return post.author_id == by.member_id or moderates(by, space.id)


def remove_post(session: Session, post: Post, *, by: Viewer, thread: Thread) -> None:
    """Leave a mark in the place of `post`; removed twice is removed once.

    The text stays in its row, where a redaction reaches it. An answer that was accepted is none
    any more; a thread that nobody answered goes with its first post.

    Raises:
        NotAllowed: it is someone else's and `by` does not moderate, or the space is archived.
    """
    space = hold_post(session, post)
    if post.state is PostState.REMOVED:
        return
    check_is_open(space)
    if not may_remove(post, space, by=by):
        raise NotAllowed(_("Seules la personne qui l’a écrit et l’animation retirent un message."))
    post.state = PostState.REMOVED
    post.removed_by_id = by.member_id
    if thread.accepted_id == post.id:
        thread.accepted_id = None
    stand_again(session, thread)
    if not thread.last_seq:
        thread.is_removed = True
    audit.record(
        session,
        "community.post_removed",
        by=by,
        subject=f"fil:{thread.id}",
        space=space.id,
        post=post.number,
    )
    if post.author_id != by.member_id:
        line = keep_line(session, Act.REMOVE, by=by, space_id=space.id, post=post)
        tell_author(session, post, line, by=by)
    session.flush()
    hooks.emit(REMOVED, session, post=post, thread=thread, space=space)
