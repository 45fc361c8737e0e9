"""Work done behind the pages. The truth of every job is in rows; huey only schedules and nudges."""

from inters4.core.jobs.registry import Job, Jobs, jobs

__all__ = ["Job", "Jobs", "jobs"]
