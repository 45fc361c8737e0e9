"""What spaces and joining add elsewhere: the menu entry, notices, the job that reminds."""

from inters4.community.exports.joining_notices import KINDS
from inters4.community.jobs.chasing_requests import CHASE_JOB, CHASE_SECONDS, chase
from inters4.core.hooks import Hooks, MenuEntry
from inters4.core.i18n import _
from inters4.core.jobs import jobs


def register(hooks: Hooks) -> None:
    """Fill the registries."""
    hooks.add_menu(MenuEntry(lambda: _("Communauté"), "community.index", "/communaute", 40))
    for kind in KINDS:
        hooks.add_notice_kind(kind)
    jobs.periodic(CHASE_JOB, every=CHASE_SECONDS)(chase)
