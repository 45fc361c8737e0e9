"""The parent's side: one child for the process, reused, killed when an expression takes too long.

The standard library cannot stop an expression once begun; killing whoever tries it always can.
"""

import atexit
import json
from collections.abc import Sequence
from pathlib import Path

from inters4.core.servant import Servant, ServantLost

LONGEST_PATTERN = 300
LONGEST_TEXT = 10_000
SECONDS = 1.0
_BATCH = 500
_MEMORY = 150_000_000
_servant = Servant(Path(__file__).with_name("matcher.py"), (str(_MEMORY),), uses=2_000)
atexit.register(_servant.close)


class PatternRefused(Exception):
    """The expression cannot be read; `place` is where, counted from 1, None when unknown."""

    def __init__(self, place: int | None) -> None:
        super().__init__(place)
        self.place = place


class TooSlow(Exception):
    """The expression took longer than people wait, and was stopped."""


def matching(pattern: str, texts: Sequence[str], *, seconds: float = SECONDS) -> frozenset[int]:
    """Places of the texts in which `pattern` is found, whatever the case.

    Only the first `LONGEST_TEXT` characters of each are read; `seconds` is for 500 of them.

    Raises:
        PatternRefused: it is no regular expression, or too long.
        TooSlow: it was stopped.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise PatternRefused(LONGEST_PATTERN + 1)
    found: set[int] = set()
    for start in range(0, max(len(texts), 1), _BATCH):
        cut = [text[:LONGEST_TEXT] for text in texts[start : start + _BATCH]]
        asked = json.dumps({"pattern": pattern, "texts": cut}).encode()
        try:
            answer = json.loads(_servant.ask(asked, seconds=seconds))
        except ServantLost:
            raise TooSlow from None
        if "refusal" in answer:
            place = answer["place"]
            raise PatternRefused(place + 1 if place is not None else None)
        found.update(start + place for place in answer["found"])
    return frozenset(found)


def close() -> None:
    """End the child, if there is one."""
    _servant.close()
