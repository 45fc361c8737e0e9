"""The post that answers a question, named by who asked it or by who moderates."""

from sqlalchemy.orm import Session

from inters4.community.models import Post, Space, Thread, ThreadKind
from inters4.community.queries.visibility import moderates
from inters4.community.services.admitting import check_is_open, check_sanctions
from inters4.community.services.holding import hold_post
from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.errors import DomainError, NotAllowed
from inters4.core.hooks import hooks
from inters4.core.i18n import _

ACCEPTED = "community.accepted"
"""A post answers the question: `handler(session, post=, thread=, space=, by=)`."""


def may_accept(thread: Thread, space: Space, *, by: Viewer) -> bool:
    """True of who asked, and of who moderates."""
    if by.member_id is None or thread.kind is not ThreadKind.QUESTION or space.is_archived:
        return False
    return thread.author_id == by.member_id or moderates(by, space.id)


def accept(session: Session, post: Post, *, by: Viewer, thread: Thread, space: Space) -> None:
    """Say that `post` answers the question; it replaces another that did.

    Raises:
        NotAllowed: `by` neither asked nor moderates, or may not write here.
        DomainError: the first post, or one that is not published.
    """
    hold_post(session, post)
    _check(session, thread, space, by=by)
    if post.number == 1 or not post.is_published:
        raise DomainError(_("Choisissez une réponse publiée."))
    if thread.accepted_id == post.id:
        return
    thread.accepted_id = post.id
    _note(session, "community.answer_accepted", thread, post, by=by)
    hooks.emit(ACCEPTED, session, post=post, thread=thread, space=space, by=by)


def take_back(session: Session, post: Post, *, by: Viewer, thread: Thread, space: Space) -> None:
    """Say that `post` does not answer after all; one that never did changes nothing.

    Raises:
        NotAllowed: as for `accept`.
    """
    hold_post(session, post)
    _check(session, thread, space, by=by)
    if thread.accepted_id != post.id:
        return
    thread.accepted_id = None
    _note(session, "community.answer_taken_back", thread, post, by=by)


def _check(session: Session, thread: Thread, space: Space, *, by: Viewer) -> None:
    check_is_open(space)
    if not may_accept(thread, space, by=by):
        raise NotAllowed(
            _("La personne qui a posé la question et l’animation choisissent la réponse.")
        )
    check_sanctions(session, space, by=by)


def _note(session: Session, action: str, thread: Thread, post: Post, *, by: Viewer) -> None:
    session.flush()
    audit.record(
        session,
        action,
        by=by,
        subject=f"fil:{thread.id}",
        space=thread.space_id,
        post=post.number,
    )
