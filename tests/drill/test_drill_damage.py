"""Files of the index damaged while it serves: an answer or « later », and it mends itself."""

import os
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer import IndexUnavailable, SearchRequest, open_engine
from tests.drill.conftest import SHEETS
from tests.drill.portal import Portal, shipped_sheets
from tests.drill.reader import Reader

pytestmark = [pytest.mark.drill, pytest.mark.allow_hosts(["127.0.0.1"])]

REPAIR_SECONDS = 20.0


def _delete(path: Path, _chance: random.Random) -> None:
    path.unlink()


def _truncate(path: Path, chance: random.Random) -> None:
    os.truncate(path, chance.randrange(path.stat().st_size + 1))


def _zero(path: Path, _chance: random.Random) -> None:
    with path.open("r+b") as file:
        file.write(b"\0" * path.stat().st_size)


def _garble(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(len(content) // chance.choice([2, 50, 5000]) + 1):
        if content:
            content[chance.randrange(len(content))] ^= chance.randrange(1, 256)
    with path.open("r+b") as file:
        file.write(content)


def _delete_folder(path: Path, _chance: random.Random) -> None:
    shutil.rmtree(path.parent, ignore_errors=True)


DAMAGES: list[Callable[[Path, random.Random], None]] = [
    _delete,
    _truncate,
    _zero,
    _garble,
    _delete_folder,
]


def test_an_index_damaged_while_it_serves_mends_itself(
    chance: random.Random, full_portal: Portal
) -> None:
    portal = full_portal
    root = portal.data_dir / "index"
    portal.serve()
    if chance.random() < 0.5:  # an older generation to fall back on
        assert portal.run("index", "rebuild")[0] == 0
    with Reader(portal, ("/recherche", "/recherche?q=guichet", "/")) as reader:
        reader.wait_for_answers(6)
        time.sleep(chance.uniform(0.0, 2.0))
        done = []
        for _wound in range(chance.randint(1, 3)):
            files = sorted(path for path in root.rglob("*") if path.is_file())
            if not files:
                break
            victim, damage = chance.choice(files), chance.choice(DAMAGES)
            done.append(f"{damage.__name__} {victim.relative_to(root)}")
            damage(victim, chance)
        began = time.monotonic()
        while not _is_sound(root) and time.monotonic() < began + REPAIR_SECONDS:
            time.sleep(0.1)
        is_repaired = _is_sound(root)
        reader.wait_for_answers(6)
        portal.until(
            lambda: reader.last_count == SHEETS + len(shipped_sheets()), seconds=REPAIR_SECONDS
        )

    assert reader.complaints(bears_unavailable=True) == [], done
    assert is_repaired, (done, portal.last_words())
    status, told = portal.run("index", "verify")
    assert status == 0, (done, told)
    assert portal.complaints() == [], done


def _is_sound(root: Path) -> bool:
    """True when somebody who has just come finds everything in the current generation."""
    request = SearchRequest("", audiences=frozenset({"public"}), limit=SHEETS * 2)
    try:
        with open_engine(root, backend="whoosh") as engine:
            results = engine.search(request)
    except IndexUnavailable:
        return False
    return results.total == SHEETS + len(shipped_sheets()) and not results.is_fallback
