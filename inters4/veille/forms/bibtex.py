"""BibTeX read in a child process: what a stranger's file costs there, this one never pays.

Its grammar is read by a library that was not written for hostile files; RIS and NBIB are read
here, line by line, in a time that grows with their length.
"""

import json
import threading
from collections.abc import Mapping
from pathlib import Path

from inters4.core.servant import Servant, ServantLost
from inters4.core.values import dataclass

SECONDS = 20.0
MOST_CHARACTERS = 1_000_000
_MEMORY = 400_000_000
ONE_AT_A_TIME = threading.Lock()
"""Hostile files given at once take turns: a process has one such child, not one a thread."""


class Unreadable(Exception):
    """The file took more time or memory than one may."""


@dataclass(frozen=True, slots=True)
class BibtexEntry:
    """One entry and where it begins; `fields` is None when it is not closed."""

    line: int
    fields: Mapping[str, str] | None


def read_bibtex(text: str, *, seconds: float = SECONDS) -> list[BibtexEntry]:
    """The entries of `text`, in its order; the child ends with it.

    Raises:
        Unreadable: it was stopped.
    """
    limits = (str(_MEMORY), str(int(seconds) + 1))
    servant = Servant(Path(__file__).with_name("bibtex_child.py"), limits, uses=1)
    try:
        with ONE_AT_A_TIME:
            answer = json.loads(servant.ask(text.encode("utf-8", "replace"), seconds=seconds))
    except ServantLost:
        raise Unreadable from None
    return [BibtexEntry(one["line"], one["fields"]) for one in answer]
