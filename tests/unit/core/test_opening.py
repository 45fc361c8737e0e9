import time

import pytest

from inters4.core.processes import opening
from inters4.core.processes.lifeline import Lifeline
from inters4.core.processes.opening import Opening


def waited(said: Opening, lifeline: Lifeline) -> float:
    """Seconds that whoever listens was kept back."""
    started = time.monotonic()
    said.wait(lifeline)
    return time.monotonic() - started


def test_what_was_told_once_is_told_to_all_that_come_after() -> None:
    said = Opening()
    said.tell()

    for _time in range(3):
        assert waited(said, Lifeline.none()) < opening.PATIENCE_SECONDS


def test_it_can_be_told_for_ever() -> None:
    said = Opening()
    for _time in range(70_000):
        said.tell()

    assert waited(said, Lifeline.none()) < opening.PATIENCE_SECONDS


def test_where_nobody_is_answered_jobs_wait_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said = Opening()
    monkeypatch.setattr(opening, "PATIENCE_SECONDS", 0.05)
    first = waited(said, Lifeline.none())
    monkeypatch.setattr(opening, "PATIENCE_SECONDS", 5.0)

    assert first >= 0.05
    assert waited(said, Lifeline.none()) < 5.0
