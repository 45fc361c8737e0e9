"""What moderation adds elsewhere: kinds of notices, who is told of a held post, the board."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from inters4.community.exports.moderation_notices import KINDS
from inters4.community.queries.flags import awaiting_by_space
from inters4.community.services.publishing import AWAITED, SUSPECTED
from inters4.community.services.telling_moderated import tell_of_suspicion, tell_of_waiting
from inters4.core.access import Viewer
from inters4.core.hooks import Fragment, Hooks


def register(hooks: Hooks) -> None:
    """Fill the registries."""
    for kind in KINDS:
        hooks.add_notice_kind(kind)
    hooks.on(AWAITED, tell_of_waiting)
    hooks.on(SUSPECTED, tell_of_suspicion)
    hooks.add_fragment(
        "account.board", Fragment("community/_moderation_board.html", _on_board, order=46)
    )


def _on_board(session: Session, viewer: Viewer) -> Mapping[str, Any] | None:
    """Posts that await a decision of the viewer."""
    awaiting = awaiting_by_space(session, viewer=viewer)
    return {"awaiting": awaiting} if awaiting else None
