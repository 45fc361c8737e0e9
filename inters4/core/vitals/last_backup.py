"""When the last backup was made, for those who look after the portal."""

import json
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from inters4.core.clock import now
from inters4.core.values import dataclass

FILE = "last-backup.json"


@dataclass(frozen=True, slots=True)
class LastBackup:
    """A backup that was made and read again; `size` is in bytes.

    Where it lies is not kept: files are moved, and a page should not say where backups are.
    """

    at: datetime
    size: int
    has_database: bool


def note_backup(folder: Path, *, size: int, has_database: bool) -> None:
    """Remember that a backup was made now. Never raises: the backup is there whatever happens."""
    text = json.dumps({"at": now().isoformat(), "size": size, "has_database": has_database})
    draft = folder / f".{FILE}"
    with suppress(OSError):
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        draft.replace(folder / FILE)


def last_backup(folder: Path) -> LastBackup | None:
    """The last backup made from here; None when none is known."""
    try:
        kept = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return LastBackup(
            datetime.fromisoformat(kept["at"]), int(kept["size"]), bool(kept["has_database"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
