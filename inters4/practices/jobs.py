"""What the worker does for sheets: reminders, and sheets whose review is due."""

from inters4.core.db import writing
from inters4.practices.services.chasing import chase_approvals, chase_reviews
from inters4.practices.services.leaving import mark_overdue

LIFE_JOB = "practices.life"
EVERY_SECONDS = 3600


def follow_sheets() -> None:
    """Hourly: what is due is told once, whenever the worker comes back."""
    with writing() as session:
        mark_overdue(session)
        chase_reviews(session)
        chase_approvals(session)
