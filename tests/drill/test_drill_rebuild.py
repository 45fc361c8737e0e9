"""A worker killed while it rebuilds the index: readers notice nothing, the rebuild ends."""

import random
import time

import pytest

from tests.drill.conftest import SHEETS
from tests.drill.portal import PATIENCE, Portal, shipped_sheets
from tests.drill.reader import Reader

pytestmark = [pytest.mark.drill, pytest.mark.allow_hosts(["127.0.0.1"])]


def test_a_rebuild_survives_the_death_of_its_worker(
    chance: random.Random, full_portal: Portal
) -> None:
    portal = full_portal
    building = portal.data_dir / "index" / "generations"
    portal.serve()
    with Reader(portal) as reader:
        reader.wait_for_answers()
        command = portal.start("index", "rebuild")
        for _death in range(chance.randint(1, 3)):
            portal.until(
                lambda: command.poll() is not None or [*building.glob("*.building")],
            )
            time.sleep(chance.uniform(0.0, 0.3))
            portal.kill("worker")
        assert command.wait(PATIENCE) == 0
        portal.until(portal.is_whole)
        status, told = portal.run("index", "rebuild")
        assert status == 0, told
        reader.wait_for_answers()

    assert reader.complaints() == []
    assert reader.losses() == []
    assert {answer.is_fallback for _, _, _, answer in reader.answers} == {False}
    assert reader.last_count == SHEETS + len(shipped_sheets())
    status, told = portal.run("index", "verify")
    assert status == 0, told
    assert portal.complaints() == []
