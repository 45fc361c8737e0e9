"""The list of those who were erased: added to, read again, whatever happened to it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from inters4.core.backup import Erased, note_erased, read_erased

AT = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
ONE = Erased(person="00112233aabbccdd", at=AT, keeps_posts=True)
OTHER = Erased(person="ffeeddccbbaa9988", at=AT + timedelta(hours=1), keeps_posts=False)


def test_what_is_noted_is_read_again(tmp_path: Path) -> None:
    note_erased(tmp_path / "list", [ONE])
    note_erased(tmp_path / "list", [ONE, OTHER])

    assert read_erased(tmp_path / "list") == {ONE.person: ONE, OTHER.person: OTHER}
    assert len((tmp_path / "list").read_text().splitlines()) == 2
    assert (tmp_path / "list").stat().st_mode & 0o077 == 0


def test_a_list_names_nobody_by_name(tmp_path: Path) -> None:
    note_erased(tmp_path / "list", [ONE])

    assert (tmp_path / "list").read_text() == (
        "2026-11-22T14:05:00+00:00 00112233aabbccdd posts-kept\n"
    )


def test_a_list_of_nobody_is_a_list(tmp_path: Path) -> None:
    note_erased(tmp_path / "list", [])

    assert (tmp_path / "list").read_text() == ""


def test_lists_are_read_together_and_one_that_is_missing_is_passed_over(tmp_path: Path) -> None:
    note_erased(tmp_path / "here", [ONE])
    note_erased(tmp_path / "there", [OTHER])

    found = read_erased(tmp_path / "here", tmp_path / "there", tmp_path / "nowhere")

    assert set(found) == {ONE.person, OTHER.person}


def test_a_line_cut_short_spoils_neither_itself_nor_the_next(tmp_path: Path) -> None:
    note_erased(tmp_path / "list", [ONE])
    whole = (tmp_path / "list").read_text()
    (tmp_path / "list").write_text(f"n’importe quoi\nhier {ONE.person} posts-kept\n{whole[:-9]}")

    note_erased(tmp_path / "list", [OTHER, ONE])

    assert read_erased(tmp_path / "list") == {ONE.person: ONE, OTHER.person: OTHER}
