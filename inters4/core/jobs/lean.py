"""huey without the drivers of queues that this installation has not.

huey imports those of Redis and PostgreSQL wherever they are installed: 15 MB of every process that
rings. Hidden meanwhile, they are not missed: their queues are never opened.
"""

import sys
from importlib import import_module

from inters4.core.absent import absent
from inters4.settings import Settings


def import_huey(settings: Settings) -> None:
    """Import it, the first time; drivers that somebody has imported already stay as they are."""
    if "huey" in sys.modules:
        return
    drivers = ["psycopg"] if settings.queue_url else ["psycopg", "redis"]
    with absent(*drivers):
        import_module("huey")
