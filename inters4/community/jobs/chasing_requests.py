"""The job that reminds whoever must answer a request to join."""

from inters4.community.services.chasing_requests import chase_requests
from inters4.core.db import writing

CHASE_JOB = "community.requests"
CHASE_SECONDS = 3600


def chase() -> None:
    """Hourly: what is due is told once, whenever the worker comes back."""
    with writing() as session:
        chase_requests(session)
