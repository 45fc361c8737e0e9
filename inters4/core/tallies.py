"""Counts of what people look at: a line appended to a file after the answer, summed by the worker.

Nothing tells who looked, and no page waits for the database. A line is lost rather than a page
delayed: a full disk, or a worker that stays away, costs counts and nothing else.
"""

import os
from collections import Counter
from datetime import date
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

FOLDER = "compteurs"
LARGEST = 50_000_000
"""Bytes past which no more is noted until the worker has summed what there is."""

Counts = Counter[tuple[date, str]]


def note(data_dir: Path, name: str, key: str, *, on: date) -> None:
    """Count once more, under `name`, what `key` names; never raises."""
    try:
        folder = data_dir / FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(
            folder / f"{name}.txt", os.O_WRONLY | os.O_APPEND | os.O_CREAT, mode=0o600
        )
        try:
            if os.fstat(descriptor).st_size < LARGEST:
                os.write(descriptor, f"{on.isoformat()} {key}\n".encode())
        finally:
            os.close(descriptor)
    except OSError as error:
        log.warning("tally_not_noted", name=name, error=str(error))


def set_aside(data_dir: Path, name: str) -> bool:
    """Put what was noted apart, for `noted`; False when there is nothing new, or some waits."""
    folder = data_dir / FOLDER
    aside = folder / f"{name}.somme"
    if aside.exists():
        return False
    try:
        (folder / f"{name}.txt").replace(aside)
    except FileNotFoundError:
        return False
    return True


def noted(data_dir: Path, name: str) -> Counts:
    """What was put apart; what is no line of ours is left out."""
    found: Counts = Counter()
    try:
        with (data_dir / FOLDER / f"{name}.somme").open(encoding="utf-8", errors="replace") as file:
            for line in file:
                day, _space, key = line.rstrip("\n").partition(" ")
                try:
                    found[date.fromisoformat(day), key] += 1
                except ValueError:
                    continue
    except FileNotFoundError:
        pass
    return found


def forget(data_dir: Path, name: str) -> None:
    """What was put apart is kept elsewhere now."""
    (data_dir / FOLDER / f"{name}.somme").unlink(missing_ok=True)
