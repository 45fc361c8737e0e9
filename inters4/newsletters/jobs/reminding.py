"""The job that reminds whoever is asked to approve an issue."""

from inters4.core.db import writing
from inters4.newsletters.services.reminding import remind_due

REMIND_JOB = "newsletters.remind"
REMIND_SECONDS = 300


def remind() -> None:
    """Remind, and tell the coordination, of what is due."""
    with writing() as session:
        remind_due(session)
