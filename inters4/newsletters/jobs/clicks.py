"""Every few minutes: the clicks that pages noted go to their day."""

from inters4.core import tallies
from inters4.core.db import writing
from inters4.core.jobs import jobs
from inters4.newsletters.services.clicks import CLICKS, keep_clicks

CLICKS_JOB, CLICKS_SECONDS = "newsletters.clicks", 300


def sum_clicks() -> None:
    """Killed between the commit and the end, it counts those minutes twice: no account."""
    data_dir = jobs.settings.data_dir
    tallies.set_aside(data_dir, CLICKS)
    counts = tallies.noted(data_dir, CLICKS)
    if counts:
        with writing() as session:
            keep_clicks(session, counts)
    tallies.forget(data_dir, CLICKS)
