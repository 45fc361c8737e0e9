"""What threads propose to sheets: on the thread, on « Mon tableau », in notices, at an erasure."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from inters4.community.exports.addition_notices import KINDS
from inters4.community.exports.addition_words import addition_path, what_it_is
from inters4.community.models import Space, Thread, ThreadSummary
from inters4.community.queries.additions import awaiting_additions, waiting_of_thread
from inters4.community.services.proposing import forget_proposer, may_propose
from inters4.core.access import Viewer
from inters4.core.hooks import Fragment, Hooks


def register(hooks: Hooks) -> None:
    """Fill the registries."""
    for kind in KINDS:
        hooks.add_notice_kind(kind)
    hooks.add_fragment(
        "account.board", Fragment("community/_additions_board.html", _on_board, order=36)
    )
    hooks.add_fragment("thread.after", Fragment("community/_propose.html", _on_thread, order=50))
    hooks.on_member_erased(forget_proposer)


def _on_board(session: Session, viewer: Viewer) -> Mapping[str, Any] | None:
    """What a sheet that one carries is offered; nothing when nothing waits."""
    found = awaiting_additions(session, viewer=viewer)
    if not found:
        return None
    return {"additions": found, "addition_path": addition_path, "what_it_is": what_it_is}


def _on_thread(
    session: Session, viewer: Viewer, *, thread: Thread, space: Space, accepted: int | None = None
) -> Mapping[str, Any] | None:
    """Buttons for who may propose; `accepted` is the number of the accepted answer."""
    if not may_propose(thread, space, by=viewer):
        return None
    has_summary = session.get(ThreadSummary, thread.id) is not None
    if not has_summary and accepted is None:
        return None
    waiting = waiting_of_thread(session, thread.id)
    return {
        "thread": thread,
        "space": space,
        "accepted": accepted,
        "has_summary": has_summary,
        "summary_waits": any(one.post_id is None for one in waiting),
        "answer_waits": any(one.post_id == thread.accepted_id for one in waiting if one.post_id),
    }
