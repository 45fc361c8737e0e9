"""Who was erased, in a file that outlives the database.

A backup put back is as old as it is: whoever left since would come back with it. So every erasure
is also a line of `erasures.txt`: its instant, the public id of the person, which is random and
names nobody by itself, and what becomes of their posts. The worker adds to the one in the data
folder, a backup to one beside the archive, and a restore erases again whoever they name. Lines are
only ever added.
"""

import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from inters4.core.values import dataclass

ERASED = "erasures.txt"
_KEPT, _WITHDRAWN = "posts-kept", "posts-withdrawn"
_LINE = re.compile(rf"(?P<at>\S+) (?P<person>[\w-]{{1,64}}) (?P<posts>{_KEPT}|{_WITHDRAWN})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """One person who was erased."""

    person: str
    at: datetime
    keeps_posts: bool


def note_erased(path: Path, people: Iterable[Erased]) -> None:
    """Add those whom the list at `path` does not name yet; they are on the disk when this returns.

    The list is made even for nobody: one that is there says that nobody left, none says nothing.

    Raises:
        OSError: the list cannot be written.
    """
    known = read_erased(path)
    lines = [
        f"{one.at.isoformat()} {one.person} {_KEPT if one.keeps_posts else _WITHDRAWN}\n"
        for one in people
        if one.person not in known
    ]
    if not lines and path.exists():
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(("\n" if _is_cut_short(path) else "").encode() + "".join(lines).encode())
        file.flush()
        os.fsync(file.fileno())


def read_erased(*paths: Path) -> Mapping[str, Erased]:
    """Whom the lists at `paths` name, by public id; what is no line of ours is passed over."""
    found: dict[str, Erased] = {}
    for path in paths:
        with suppress(FileNotFoundError):
            for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
                if (one := _read(line)) is not None:
                    found.setdefault(one.person, one)
    return found


def _is_cut_short(path: Path) -> bool:
    """True when the last line was not written whole: what follows must not join it."""
    return not path.read_bytes().endswith(b"\n") and path.stat().st_size > 0


def _read(line: str) -> Erased | None:
    told = _LINE.fullmatch(line.strip())
    if told is None:
        return None
    try:
        at = datetime.fromisoformat(told["at"])
    except ValueError:
        return None
    return Erased(person=told["person"], at=at, keeps_posts=told["posts"] == _KEPT)
