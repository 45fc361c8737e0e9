"""huey without the drivers of queues that this installation has not.

huey imports those of Redis and PostgreSQL wherever they are installed: 15 MB of every process that
rings. One that is hidden while huey is imported is not missed, since its queue is never opened.
"""

import sys
from importlib import import_module

from inters4.settings import Settings


def import_huey(settings: Settings) -> None:
    """Import it, the first time; drivers that somebody has imported already stay as they are."""
    if "huey" in sys.modules:
        return
    drivers = ["psycopg"] if settings.queue_url else ["psycopg", "redis"]
    hidden = [name for name in drivers if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None refuses the import
    try:
        import_module("huey")
    finally:
        for name in hidden:
            sys.modules.pop(name, None)
