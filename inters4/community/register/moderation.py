"""What moderation adds elsewhere: the kinds of notices, and who is told when a post is held."""

from inters4.community.exports.moderation_notices import KINDS
from inters4.community.services.publishing import AWAITED, SUSPECTED
from inters4.community.services.telling_moderated import tell_of_suspicion, tell_of_waiting
from inters4.core.hooks import Hooks


def register(hooks: Hooks) -> None:
    """Fill the registries."""
    for kind in KINDS:
        hooks.add_notice_kind(kind)
    hooks.on(AWAITED, tell_of_waiting)
    hooks.on(SUSPECTED, tell_of_suspicion)
