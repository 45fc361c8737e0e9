"""A sender killed amid an issue: nobody is left out, and what may have left twice is said."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.sending import environment, run
from inters4.core import db
from inters4.core.jobs import jobs

pytestmark = [pytest.mark.drill, pytest.mark.allow_hosts(["127.0.0.1"])]

READERS = 1_500


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """The data folder of an installation of its own."""
    db.dispose()
    yield tmp_path
    jobs.close()
    db.dispose()


def test_each_reader_receives_the_issue_however_often_its_sender_dies(
    chance: random.Random, folder: Path
) -> None:
    kills = chance.randint(1, 6)

    outcome = run(environment(folder), recipients=READERS, kills=kills, chance=chance, blocks=2)

    assert (outcome.lost, outcome.unexplained) == (0, 0)
    assert outcome.twice <= outcome.uncertain <= kills
