"""What spaces and joining add elsewhere: menu, notices, the job that reminds, « Mon tableau »."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from inters4.community.exports.joining_notices import KINDS
from inters4.community.exports.words import request_label
from inters4.community.jobs.chasing_requests import CHASE_JOB, CHASE_SECONDS, chase
from inters4.community.models import RequestState
from inters4.community.queries.asking import asking_by_space, own_invitations, own_requests
from inters4.core.access import Viewer
from inters4.core.hooks import Fragment, Hooks, MenuEntry
from inters4.core.i18n import _
from inters4.core.jobs import jobs


def register(hooks: Hooks) -> None:
    """Fill the registries."""
    hooks.add_menu(MenuEntry(lambda: _("Communauté"), "community.index", "/communaute", 40))
    for kind in KINDS:
        hooks.add_notice_kind(kind)
    jobs.periodic(CHASE_JOB, every=CHASE_SECONDS)(chase)
    hooks.add_fragment("account.board", Fragment("community/_board.html", _on_board, order=45))


def _on_board(session: Session, viewer: Viewer) -> Mapping[str, Any] | None:
    """Who waits for the viewer, and what the viewer waits for."""
    if viewer.member_id is None:
        return None
    found = {
        "asking": asking_by_space(session, viewer=viewer),
        "invitations": own_invitations(session, viewer=viewer),
        "requests": [
            one
            for one in own_requests(session, viewer=viewer)
            if one.request.state is RequestState.PENDING
        ],
    }
    return {**found, "request_label": request_label} if any(found.values()) else None
