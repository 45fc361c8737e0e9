"""What the worker does for meetings: tells of new ones, reminds of those that are near."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from inters4.community.services.meetings.reminding import announce_new, remind
from inters4.core.db import writing
from inters4.core.jobs import jobs

MEETINGS_JOB, MEETINGS_SECONDS = "community.meetings", 300


def follow_meetings() -> int:
    """Every few minutes: what is due is told once, whenever the worker comes back; how many."""
    return sum(_until_done(work) for work in (announce_new, remind))


def _until_done(work: Callable[[Session], int]) -> int:
    """A batch a transaction."""
    total = 0
    while not jobs.is_stopping:
        with writing() as session:
            done = work(session)
        total += done
        if not done:
            break
    return total
