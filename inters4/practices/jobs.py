"""What the worker does for sheets: reminders, reviews that are due, news of adoptions, readings."""

from inters4.core import tallies
from inters4.core.clock import local, now
from inters4.core.db import writing
from inters4.core.jobs import jobs
from inters4.practices.services.adoption_life import ask_for_news
from inters4.practices.services.chasing import chase_approvals, chase_reviews, free_drafts
from inters4.practices.services.leaving import mark_overdue
from inters4.practices.services.readership import keep_readings, tell_quarters

LIFE_JOB = "practices.life"
EVERY_SECONDS = 3600
ADOPTION_JOB = "practices.adoptions"
DAILY_SECONDS = 24 * 3600
READINGS_JOB, READINGS_SECONDS = "practices.readings", 300
QUARTERS_JOB = "practices.quarters"
READINGS = "fiches"
"""Under what readings of sheets are noted: their ids."""


def follow_sheets() -> None:
    """Hourly: what is due is told once, whenever the worker comes back."""
    with writing() as session:
        mark_overdue(session)
        free_drafts(session)
        chase_reviews(session)
        chase_approvals(session)


def follow_adoptions() -> None:
    """Daily: those who tell nothing for a year are asked how it goes."""
    with writing() as session:
        ask_for_news(session)


def sum_readings() -> None:
    """Every few minutes: what pages noted goes to its day.

    Killed between the commit and the end, it counts those minutes twice: a count, not an account.
    """
    data_dir = jobs.settings.data_dir
    tallies.set_aside(data_dir, READINGS)
    counts = tallies.noted(data_dir, READINGS)
    if counts:
        with writing() as session:
            keep_readings(session, counts)
    tallies.forget(data_dir, READINGS)


def follow_quarters() -> None:
    """Daily: once a quarter is over, what became of each sheet is counted and told, once."""
    today = local(now()).date()
    is_done = False
    while not (is_done or jobs.is_stopping):
        with writing() as session:
            is_done = not tell_quarters(session, today=today)
