"""Counts in a file: added up once, never in the way of a page."""

from datetime import date
from pathlib import Path

import pytest

from inters4.core import tallies

DAY, AFTER = date(2026, 11, 22), date(2026, 11, 23)


def test_what_is_noted_is_added_up_by_day(tmp_path: Path) -> None:
    for day, key in ((DAY, "a"), (DAY, "a"), (AFTER, "a"), (DAY, "b")):
        tallies.note(tmp_path, "fiches", key, on=day)

    assert tallies.set_aside(tmp_path, "fiches")
    assert tallies.noted(tmp_path, "fiches") == {(DAY, "a"): 2, (AFTER, "a"): 1, (DAY, "b"): 1}


def test_what_is_noted_meanwhile_waits_for_the_next_round(tmp_path: Path) -> None:
    tallies.note(tmp_path, "fiches", "a", on=DAY)
    tallies.set_aside(tmp_path, "fiches")
    tallies.note(tmp_path, "fiches", "b", on=DAY)

    assert not tallies.set_aside(tmp_path, "fiches")
    assert tallies.noted(tmp_path, "fiches") == {(DAY, "a"): 1}
    tallies.forget(tmp_path, "fiches")
    assert tallies.set_aside(tmp_path, "fiches")
    assert tallies.noted(tmp_path, "fiches") == {(DAY, "b"): 1}


def test_nothing_is_counted_where_nothing_was_noted(tmp_path: Path) -> None:
    assert not tallies.set_aside(tmp_path, "fiches")
    assert not tallies.noted(tmp_path, "fiches")
    tallies.forget(tmp_path, "fiches")


def test_a_line_that_was_cut_is_left_out(tmp_path: Path) -> None:
    tallies.note(tmp_path, "fiches", "a", on=DAY)
    file = tmp_path / tallies.FOLDER / "fiches.txt"
    file.write_bytes(file.read_bytes() + b"2026-1\n\xff\xfe\n")
    tallies.set_aside(tmp_path, "fiches")

    assert tallies.noted(tmp_path, "fiches") == {(DAY, "a"): 1}


def test_a_folder_that_cannot_be_written_costs_the_count_alone(tmp_path: Path) -> None:
    (tmp_path / tallies.FOLDER).write_text("in the way")

    tallies.note(tmp_path, "fiches", "a", on=DAY)


def test_past_its_size_the_file_grows_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tallies, "LARGEST", 20)
    for _number in range(10):
        tallies.note(tmp_path, "fiches", "a", on=DAY)
    tallies.set_aside(tmp_path, "fiches")

    assert tallies.noted(tmp_path, "fiches") == {(DAY, "a"): 2}


def test_only_the_owner_of_the_installation_reads_the_counts(tmp_path: Path) -> None:
    tallies.note(tmp_path, "fiches", "a", on=DAY)

    folder = tmp_path / tallies.FOLDER
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "fiches.txt").stat().st_mode & 0o077 == 0
