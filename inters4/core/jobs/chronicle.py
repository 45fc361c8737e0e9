"""When each job last ran, and whether it failed: for the page that says how the portal is doing.

A file beside the queue, not a table: jobs run every few seconds, and none of this must be waited
for, backed up or believed after a crash. Losing it loses nothing.
"""

import json
import os
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from inters4.core.values import dataclass

FILE = "jobs.json"
_PAUSE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Run:
    """The last run of one job.

    Attributes:
        failures: how many runs failed in a row, this one included.
        error: the class of what went wrong, empty when nothing did. No message: it may name people.
    """

    started: datetime
    ended: datetime
    failures: int = 0
    error: str = ""


class Chronicle:
    """What the jobs of this process did; written at most every few seconds, at once on a change."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs: dict[str, Run] = {}
        self._written_at = 0.0

    def note(
        self, folder: Path, name: str, *, started: datetime, ended: datetime, error: str
    ) -> None:
        """Remember a run. Never raises: a job matters more than what is said of it."""
        with self._lock:
            before = self._runs.get(name)
            failures = (before.failures if before else 0) + 1 if error else 0
            self._runs[name] = Run(started, ended, failures, error)
            is_news = before is None or before.error != error
            if not is_news and time.monotonic() - self._written_at < _PAUSE_SECONDS:
                return
            self._written_at = time.monotonic()
            with suppress(OSError):
                _write(folder / FILE, self._runs)


def read_runs(folder: Path) -> dict[str, Run]:
    """The last run of each job; nothing while no worker wrote, or when the file cannot be read."""
    try:
        kept = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return {
            str(name): Run(
                datetime.fromisoformat(run["started"]),
                datetime.fromisoformat(run["ended"]),
                int(run["failures"]),
                str(run["error"]),
            )
            for name, run in kept.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _write(path: Path, runs: Mapping[str, Run]) -> None:
    """Whole or not at all; what is lost in a crash is written again a moment later."""
    text = json.dumps({name: asdict(run) for name, run in runs.items()}, default=datetime.isoformat)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
