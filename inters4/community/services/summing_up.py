"""What was said in a thread, written by who facilitates: found by search, one text for each."""

import hashlib

from sqlalchemy.orm import Session

from inters4.community.models import Space, Thread, ThreadSummary
from inters4.community.queries.visibility import moderates
from inters4.community.services.admitting import check_is_open
from inters4.community.services.detecting import seen_in
from inters4.community.services.holding import hold_thread
from inters4.community.services.posting import LooksPersonal
from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.errors import Conflict, NotAllowed, TooLarge
from inters4.core.frontmatter import storable
from inters4.core.hooks import hooks
from inters4.core.i18n import _

LONGEST_SUMMARY = 32_000
SUMMED_UP = "community.summed_up"
"""A summary is written: `handler(session, thread=, space=, by=)`."""


def may_sum_up(thread: Thread, space: Space, *, by: Viewer) -> bool:
    """True of who moderates, while something may be written."""
    return moderates(by, space.id) and not space.is_archived and thread.merged_into_id is None


def mark_of_summary(summary: ThreadSummary | None) -> str:
    """What a form shows of the summary, and sends back: a change meanwhile is no longer that."""
    source = summary.source if summary is not None else ""
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def sum_up(
    session: Session,
    thread: Thread,
    text: str,
    *,
    seen: str,
    by: Viewer,
    space: Space,
    is_meant: bool = False,
) -> None:
    """Write the summary of `thread`, or erase it with an empty text.

    `seen` is the mark of the text that the form showed.

    Raises:
        NotAllowed: `by` does not moderate, or the space is archived.
        Conflict: someone wrote another meanwhile.
        LooksPersonal: it may identify a patient.
        TooLarge: it is longer than anyone reads.
    """
    hold_thread(session, thread)
    check_is_open(space)
    if not may_sum_up(thread, space, by=by):
        raise NotAllowed(_("L’animation de l’espace écrit la synthèse d’un fil."))
    found = storable(text).strip()
    if len(found) > LONGEST_SUMMARY:
        raise TooLarge(_("Cette synthèse dépasse 32 000 caractères : raccourcissez-la."))
    known = session.get(ThreadSummary, thread.id, populate_existing=True)
    if seen != mark_of_summary(known):
        raise Conflict(
            _("Quelqu’un a modifié cette synthèse pendant que vous l’écriviez."),
            theirs=known.source if known is not None else "",
            mine=found,
        )
    if (signs := seen_in(found)) and not is_meant:
        raise LooksPersonal(signs)
    if not found:
        if known is not None:
            session.delete(known)
    elif known is None:
        made = ThreadSummary(thread_id=thread.id, by_id=by.member_id)
        made.write(found)
        session.add(made)
    else:
        known.write(found)
        known.by_id = by.member_id
    session.flush()
    audit.record(
        session, "community.thread_summed_up", by=by, subject=f"fil:{thread.id}", space=space.id
    )
    hooks.emit(SUMMED_UP, session, thread=thread, space=space, by=by)
