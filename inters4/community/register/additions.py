"""What threads propose to sheets: on the thread, on « Mon tableau », in notices, at an erasure."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from inters4.community.exports.addition_notices import KINDS
from inters4.community.exports.addition_words import addition_path, what_it_is
from inters4.community.models import Space, Thread
from inters4.community.queries.access import SpaceAccess
from inters4.community.queries.additions import awaiting_additions, offered_by
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
    hooks.add_fragment(
        "community.thread", Fragment("community/_propose.html", _on_thread, order=50)
    )
    hooks.on_member_erased(forget_proposer)


def _on_board(session: Session, viewer: Viewer) -> Mapping[str, Any] | None:
    """What a sheet that one carries is offered; nothing when nothing waits."""
    found = awaiting_additions(session, viewer=viewer)
    if not found:
        return None
    return {"additions": found, "addition_path": addition_path, "what_it_is": what_it_is}


def _on_thread(
    session: Session, viewer: Viewer, *, thread: Thread, space: Space, access: SpaceAccess
) -> Mapping[str, Any] | None:
    """Buttons for who may propose what there is to propose."""
    if not access.standing.is_clear or not may_propose(thread, space, by=viewer):
        return None
    offered = offered_by(session, thread)
    return {"thread": thread, "space": space, "offered": offered} if offered.is_any else None
