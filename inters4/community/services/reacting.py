"""« Utile », « Merci »: one of each from each person, taken back by the same gesture."""

from sqlalchemy.orm import Session

from inters4.community.models import Appreciation, Post, PostReaction, Space
from inters4.community.services.admitting import check_belongs
from inters4.core.access import Viewer
from inters4.core.errors import NotAllowed
from inters4.core.i18n import _


def react(
    session: Session,
    post: Post,
    kind: Appreciation,
    *,
    is_wanted: bool,
    by: Viewer,
    space: Space,
) -> None:
    """Say it, or say it no more; twice is once.

    Raises:
        NotAllowed: one's own post, one that nobody else reads, or no right to write here.
    """
    if post.author_id is not None and post.author_id == by.member_id:
        raise NotAllowed(_("Ce message est de vous."))
    if not post.is_published:
        raise NotAllowed(_("Ce message n’est pas publié."))
    check_belongs(session, space, by=by)
    known = session.get(PostReaction, (post.id, by.member_id, kind))
    if is_wanted and known is None:
        session.add(PostReaction(post_id=post.id, member_id=by.member_id, kind=kind))
    elif not is_wanted and known is not None:
        session.delete(known)
    session.flush()
