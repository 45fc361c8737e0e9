"""Tables for spreadsheets: opened in columns, and nothing in them runs."""

import csv
from io import StringIO

import pytest

from inters4.core.tables import write_csv


def read(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text[1:]), delimiter=";"))


def test_a_table_has_its_heads_then_its_rows() -> None:
    rows = [("É; à", 'dit « oui » ou "non"'), ("deux\nlignes", "")]

    assert read("".join(write_csv(("a", "b"), rows))) == [["a", "b"], *map(list, rows)]


def test_a_table_without_rows_has_its_heads() -> None:
    assert read("".join(write_csv(("a", "b"), ()))) == [["a", "b"]]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    written = "".join(write_csv(("a",), [(f"{start}cmd()",), (f"1{start}1",)]))

    assert f"'{start}cmd()" in written
    assert f"'1{start}" not in written


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_nor_what_another_separator_would_make_one(separator: str) -> None:
    written = "".join(write_csv(("a",), [(f"Jean{separator}=1+1{separator}x",)]))

    assert f"Jean{separator}'=1+1{separator}x" in written


@pytest.mark.parametrize("formula", ["=1+1", "+1", "@SUM(A1)", "-1+1", "- cmd|'/C calc'!A0"])
@pytest.mark.parametrize("before", ["\n", "\r\n", "\r", ',"', '\n"'])
def test_no_cell_holds_one_for_whoever_cuts_it_at_commas(formula: str, before: str) -> None:
    written = "".join(write_csv(("a", "b"), [("x", f"Bonjour{before}{formula},fin")]))

    rows = csv.reader(StringIO(written[1:], newline=""), delimiter=",")
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_a_list_of_lines_stays_as_it_was_written() -> None:
    assert read("".join(write_csv(("a",), [("Deux choses\n- une, 3-5\n- deux",)])))[1] == [
        "Deux choses\n- une, 3-5\n- deux"
    ]


def test_a_long_table_is_written_as_its_rows_are_read() -> None:
    taken = []

    def rows() -> list[str]:
        taken.append(1)
        return ["x" * 1000]

    pieces = write_csv(("a",), (rows() for _ in range(1000)))
    next(pieces)

    assert 0 < len(taken) < 1000
    assert sum(len(piece) for piece in pieces) > 900_000
