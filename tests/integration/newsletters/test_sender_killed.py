"""A sender killed without warning: nobody is left out, and what may have left twice is said."""

import random
import secrets

import pytest

from bench.sending import environment, run
from inters4.core import db
from inters4.core.jobs import jobs
from inters4.settings import Settings

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def test_each_reader_receives_the_issue_however_often_the_sender_dies(
    settings: Settings, database: str
) -> None:
    seed = secrets.randbits(32)

    outcome = run(
        {**environment(settings.data_dir), "INTERS4_DATABASE_URL": database},
        recipients=120,
        kills=2,
        chance=random.Random(seed),  # noqa: S311
        blocks=1,
    )

    jobs.close()
    db.bind(database)
    assert (outcome.lost, outcome.unexplained) == (0, 0), f"seed {seed}"
    assert outcome.twice <= outcome.kills, f"seed {seed}"
    assert outcome.uncertain <= outcome.kills, f"seed {seed}"
