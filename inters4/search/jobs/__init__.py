"""The index follows the database."""

from inters4.search.jobs.following import NAME, bring_up_to_date, close, open_worker
from inters4.search.jobs.worker import IndexWorker

__all__ = ["NAME", "IndexWorker", "bring_up_to_date", "close", "open_worker"]
