"""What the worker does for people: letters to those who decide, and to those who came no more."""

from inters4.core.db import writing
from inters4.members.services.erasure import tell_inactive
from inters4.members.services.reminders import tell_deciders

EVERY_SECONDS = 600
INACTIVITY_JOB = "members.inactivity"
INACTIVITY_SECONDS = 6 * 3600


def write_to_deciders() -> None:
    """Queue the letters that are due."""
    with writing() as session:
        tell_deciders(session)


def write_to_inactive() -> None:
    """Tell those whose account was not opened for 23 months."""
    with writing() as session:
        tell_inactive(session)
