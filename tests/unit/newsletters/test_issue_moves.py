"""The table of docs/newsletters.md is the table that the code follows."""

import re
from pathlib import Path

from inters4.newsletters.services.life import WAYS

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "newsletters.md"
_ROW = re.compile(r"^\| `([a-z-]+)` \| (.+?) \| `([a-z-]+)` \|", re.MULTILINE)


def test_the_page_says_every_move_as_the_code_makes_it() -> None:
    page = DOCUMENT.read_text(encoding="utf-8")

    said = {
        move: (set(re.findall(r"`([a-z-]+)`", sources)), target)
        for move, sources, target in _ROW.findall(page)
    }

    assert said == {
        move.value: ({state.value for state in way.sources}, way.target.value)
        for move, way in WAYS.items()
    }
