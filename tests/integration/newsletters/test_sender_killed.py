"""A sender killed without warning: nobody is left out, and what may have left twice is said."""

import random
import secrets
from pathlib import Path

import pytest

from bench.sending import environment, run
from inters4.core import db
from inters4.core.jobs import jobs
from inters4.settings import Settings
from tests.builders.commands import IMPORTED
from tests.builders.copied import Begun

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def begun(environ: dict[str, str], said: Path) -> Begun:
    """A sender that is a copy: what it imports is not what is killed."""
    code = f"import pathlib, bench.sending as b; b.send_all(pathlib.Path({str(said)!r}))"
    return Begun(code, said.parent, environ, imported=IMPORTED)


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
        start=begun,
    )

    jobs.close()
    db.bind(database)
    assert (outcome.lost, outcome.unexplained) == (0, 0), f"seed {seed}"
    assert outcome.twice <= outcome.kills, f"seed {seed}"
    assert outcome.uncertain <= outcome.kills, f"seed {seed}"
