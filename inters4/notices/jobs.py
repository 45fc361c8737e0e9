"""What the worker does for notices: the digests whose hour has come."""

from inters4.core.db import writing
from inters4.core.jobs import jobs
from inters4.notices.queries.digests import DigestTally
from inters4.notices.services.digests import make_due_digests

DIGEST_JOB = "notices.digests"
EVERY_SECONDS = 300


def make_digests() -> DigestTally:
    """Make all that are due, a batch a transaction; say what became of them."""
    done = DigestTally()
    while True:
        with writing() as session:
            made = make_due_digests(session)
        done += made
        if not made.total or jobs.is_stopping:
            return done
