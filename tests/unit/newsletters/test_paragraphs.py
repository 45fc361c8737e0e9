"""A few paragraphs of plain text in the front matter."""

import pytest

from inters4.core.frontmatter import Items, Reading, Scalar
from inters4.newsletters.exports.paragraphs import Paragraphs

FIELD = Paragraphs("text", limit=40)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("Un mot.", "Un mot."),
        ("  Un \t mot.  ", "Un mot."),
        ("Un.\nDeux.", "Un.\n\nDeux."),
        ("Un.\n\n\r\n Deux.\n", "Un.\n\nDeux."),
        ("« Un\u00a0» : 2\u00a0%", "« Un\u00a0» : 2\u00a0%"),
        (" \n ", ""),
    ],
)
def test_each_line_is_a_paragraph(given: str, read: str) -> None:
    reading = Reading("a.md")

    assert FIELD.read(Scalar(given, 3), reading) == read
    assert reading.errors == []


def test_what_is_too_long_is_told_with_its_line() -> None:
    reading = Reading("a.md")

    FIELD.read(Scalar("a" * 41, 3), reading)

    assert [error.line for error in reading.errors] == [3]


def test_a_list_is_not_a_text() -> None:
    reading = Reading("a.md")

    assert FIELD.read(Items((), 5), reading) == ""
    assert [error.line for error in reading.errors] == [5]
