"""What search adds elsewhere: it is told when documents must be looked at again."""

from inters4.core.hooks import Hooks
from inters4.core.outbox import DOCUMENTS_QUEUED
from inters4.search.jobs.following import nudge_after_commit


def register(hooks: Hooks) -> None:
    """Called once, at start; importing the jobs registers them."""
    hooks.on(DOCUMENTS_QUEUED, nudge_after_commit)
