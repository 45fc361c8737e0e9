import io
import os
import sys
from contextlib import suppress

import pytest

from inters4.core.console import PlainProgress, fail, progress, say


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_refusal_is_one_line_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        fail("Le port 8000 est déjà pris.")

    assert left.value.code == 1
    assert capsys.readouterr() == ("", "Le port 8000 est déjà pris.\n")


def test_a_result_goes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    say("12 fiches")
    say("Réglage inconnu.", error=True)

    assert capsys.readouterr() == ("12 fiches\n", "Réglage inconnu.\n")


def test_quick_work_says_only_that_it_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("Indexation", 40) as shown:
        for _ in range(40):
            shown.advance()

    assert capsys.readouterr().err.endswith("Indexation : 40 sur 40 (100 %)\n")


def read_to_the_end(terminal: int) -> str:
    """All that a closed terminal was given: it comes piece by piece, then there is nobody."""
    pieces = []
    with os.fdopen(terminal, "rb", buffering=0) as shown, suppress(OSError):
        while piece := shown.read(100_000):
            pieces.append(piece)
    return b"".join(pieces).decode()


def test_on_a_terminal_work_is_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.openpty()
    monkeypatch.setenv("TERM", "xterm")
    with os.fdopen(theirs, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with progress("Indexation", 40) as shown:
            for _ in range(40):
                shown.advance()
    seen = read_to_the_end(ours)

    assert "Indexation" in seen
    assert "━━" in seen
    assert "40 sur 40" in seen


def test_slow_work_writes_a_line_at_each_tenth() -> None:
    stream, clock = io.StringIO(), Clock()
    lines = PlainProgress("Indexation", 200, stream=stream, clock=clock)
    for _ in range(200):
        clock.now += 0.05
        lines.advance()
    lines.finish()

    written = stream.getvalue().splitlines()
    assert written[0] == "Indexation : 20 sur 200 (10 %)"
    assert written[-1] == "Indexation : 200 sur 200 (100 %)"
    assert len(written) == 10


def test_very_slow_work_writes_a_line_every_two_seconds() -> None:
    stream, clock = io.StringIO(), Clock()
    lines = PlainProgress("Envoi", 1000, stream=stream, clock=clock)
    for _ in range(10):
        clock.now += 1.0
        lines.advance()

    assert len(stream.getvalue().splitlines()) == 5


def test_work_of_unknown_length_is_counted() -> None:
    stream = io.StringIO()
    lines = PlainProgress("Lecture", None, stream=stream, clock=Clock())
    lines.advance(3)
    lines.finish()

    assert stream.getvalue() == "Lecture : 3\n"


def test_interrupted_work_does_not_pretend_to_be_done(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyboardInterrupt), progress("Envoi", 10):
        raise KeyboardInterrupt

    assert capsys.readouterr().err == ""
