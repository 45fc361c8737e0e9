"""What members tell people of, and how far each may refuse it."""

from inters4.core.hooks import Hooks
from inters4.members.exports.notices import KINDS


def register(hooks: Hooks) -> None:
    """Fill the registry."""
    for kind in KINDS:
        hooks.add_notice_kind(kind)
