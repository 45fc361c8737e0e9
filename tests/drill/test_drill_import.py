"""An import during which something dies: nothing is lost, no reader sees a step back."""

import random
import re
from pathlib import Path

import pytest

from tests.drill.conftest import SHEETS
from tests.drill.portal import PATIENCE, Portal, write_sheets
from tests.drill.reader import Reader

pytestmark = [pytest.mark.drill, pytest.mark.allow_hosts(["127.0.0.1"])]

VICTIMS = ("import", "worker", "web", "pages", "parent")


def test_nothing_is_lost_when_something_dies_during_an_import(
    chance: random.Random, portal: Portal, tmp_path: Path
) -> None:
    ids = write_sheets(tmp_path / "content", SHEETS)
    command = ("content", "import", str(tmp_path / "content"))
    victims = chance.choices(VICTIMS, k=chance.randint(1, 2))
    moments = sorted(chance.randrange(len(ids)) for _victim in victims)
    portal.serve()
    with Reader(portal) as reader:
        reader.wait_for_answers()
        importing = portal.start(*command)
        for victim, moment in zip(victims, moments, strict=True):
            portal.until(
                lambda moment=moment: (  # type: ignore[misc]
                    importing.poll() is not None or _rows(portal) >= moment
                )
            )
            if victim == "import":
                importing.kill()
                importing.wait()
            else:
                _kill(portal, victim, reader)
        if "import" not in victims:
            assert importing.wait(PATIENCE) == 0
        status, told = portal.run(*command)
        assert status == 0, told
        portal.until(lambda: _pending(portal) == 0)
        reader.wait_for_answers()

    assert reader.complaints() == [], victims
    assert reader.losses() == [], victims
    assert reader.last_count == len(ids)
    assert {row[0] for row in portal.rows("SELECT id FROM practices")} == set(ids)
    assert _found(portal) == set(ids)
    status, told = portal.run("index", "verify")
    assert status == 0, told
    assert portal.complaints() == []


def _kill(portal: Portal, victim: str, reader: Reader) -> None:
    if victim == "worker":
        portal.kill(victim)
        return
    with reader.bears_absence():
        portal.kill(victim)
        if victim == "parent":
            portal.wait_for_death()
            portal.serve()
        portal.until(lambda: portal.get("/healthz").status == 200)


def _rows(portal: Portal) -> int:
    ((count,),) = portal.rows("SELECT count(*) FROM practices")
    return int(count)


def _pending(portal: Portal) -> int:
    _status, told = portal.run("index", "status")
    waiting = re.search(r"Changements à suivre : ([\d ]+)", told)
    assert waiting, told
    return int(waiting[1].replace(" ", ""))


def _found(portal: Portal) -> set[str]:
    """The addresses of all that a reader finds, page after page."""
    found: set[str] = set()
    page = 1
    while True:
        answer = portal.get(f"/recherche?page={page}&sort=titre")
        shown = set(re.findall(r'class="hit-title">\s*<a href="/pratiques/([^"/]+)"', answer.body))
        if not shown - found:
            return found
        found |= shown
        page += 1
