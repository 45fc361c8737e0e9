"""What who moderates does to a whole thread: lock, pin, remove, and back; each act is noted."""

from sqlalchemy.orm import Session

from inters4.community.models import Act, Thread
from inters4.community.services.holding import hold_thread
from inters4.community.services.journaling import (
    must_be_open,
    must_moderate,
    note,
    read_reason,
)
from inters4.community.services.telling_moderated import tell_thread_author
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import DomainError
from inters4.core.i18n import _


def lock(session: Session, thread: Thread, *, by: Viewer, request_id: str = "") -> None:
    """Only who moderates still writes in the thread."""
    _set_mark(session, thread, "locked_at", Act.LOCK, by=by, request_id=request_id)


def unlock(session: Session, thread: Thread, *, by: Viewer, request_id: str = "") -> None:
    """Everyone writes in it again."""
    _set_mark(session, thread, "locked_at", Act.UNLOCK, by=by, request_id=request_id)


def pin(session: Session, thread: Thread, *, by: Viewer, request_id: str = "") -> None:
    """The thread stands before the others."""
    _set_mark(session, thread, "pinned_at", Act.PIN, by=by, request_id=request_id)


def unpin(session: Session, thread: Thread, *, by: Viewer, request_id: str = "") -> None:
    """The thread stands where its last post puts it."""
    _set_mark(session, thread, "pinned_at", Act.UNPIN, by=by, request_id=request_id)


def remove_thread(
    session: Session, thread: Thread, *, reason: str, by: Viewer, request_id: str = ""
) -> None:
    """Nobody but who moderates reads the thread any more; it can come back.

    Raises:
        NotAllowed: `by` does not moderate the space.
        DomainError: no reason is given.
    """
    must_moderate(thread.space_id, by=by)
    why = read_reason(reason)
    hold_thread(session, thread)
    if thread.is_removed:
        return
    thread.is_removed = True
    line = note(
        session,
        Act.REMOVE_THREAD,
        by=by,
        space_id=thread.space_id,
        thread=thread,
        reason=why,
        request_id=request_id,
    )
    tell_thread_author(session, thread, line, by=by)


def restore_thread(session: Session, thread: Thread, *, by: Viewer, request_id: str = "") -> None:
    """The thread comes back as it was.

    Raises:
        NotAllowed: `by` does not moderate the space.
        DomainError: its posts are in another thread.
    """
    must_moderate(thread.space_id, by=by)
    hold_thread(session, thread)
    if thread.merged_into_id is not None:
        raise DomainError(_("Les messages de ce fil sont dans un autre fil."))
    if not thread.is_removed:
        return
    thread.is_removed = False
    line = note(
        session,
        Act.RESTORE_THREAD,
        by=by,
        space_id=thread.space_id,
        thread=thread,
        request_id=request_id,
    )
    tell_thread_author(session, thread, line, by=by)


def _set_mark(
    session: Session, thread: Thread, name: str, act: Act, *, by: Viewer, request_id: str
) -> None:
    must_moderate(thread.space_id, by=by)
    must_be_open(hold_thread(session, thread))
    is_wanted = act in {Act.LOCK, Act.PIN}
    if (getattr(thread, name) is not None) is is_wanted:
        return
    setattr(thread, name, now() if is_wanted else None)
    note(session, act, by=by, space_id=thread.space_id, thread=thread, request_id=request_id)
