"""What the worker does for sheets: reminders, reviews that are due, news of adoptions."""

from inters4.core.db import writing
from inters4.practices.services.adoption_life import ask_for_news
from inters4.practices.services.chasing import chase_approvals, chase_reviews
from inters4.practices.services.leaving import mark_overdue

LIFE_JOB = "practices.life"
EVERY_SECONDS = 3600
ADOPTION_JOB = "practices.adoptions"
DAILY_SECONDS = 24 * 3600


def follow_sheets() -> None:
    """Hourly: what is due is told once, whenever the worker comes back."""
    with writing() as session:
        mark_overdue(session)
        chase_reviews(session)
        chase_approvals(session)


def follow_adoptions() -> None:
    """Daily: those who tell nothing for a year are asked how it goes."""
    with writing() as session:
        ask_for_news(session)
