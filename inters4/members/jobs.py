"""What the worker does for people: letters to those who decide."""

from inters4.core.db import writing
from inters4.members.services.reminders import tell_deciders

EVERY_SECONDS = 600


def write_to_deciders() -> None:
    """Queue the letters that are due."""
    with writing() as session:
        tell_deciders(session)
