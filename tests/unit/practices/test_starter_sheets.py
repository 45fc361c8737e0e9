"""The sheets that ship: every figure has its source, in the typography of Québec."""

import re
from pathlib import Path

import pytest

from inters4.core.frontmatter import read_document, split_sections
from inters4.core.paths import content_dir
from inters4.practices.models import cited_numbers, without_citations

SHEETS = sorted((content_dir() / "practices").glob("*.md"))
_FIGURE = re.compile(r"\d+(?:[\u00a0 ]\d{3})*(?:,\d+)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_STRAIGHT = re.compile(r"\w'\w")
_WRONG_SPACES = re.compile(r"« | »|[^\s\u00a0][:%](?= )|(?<=\S) [:%](?=\s|$)| [;!?]")


def each_sheet() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)


def _front(path: Path) -> tuple[dict[str, object], str, int]:
    document = read_document(path, content_dir())
    return dict(document.plain()), document.body, document.body_line


def test_there_are_sheets() -> None:
    assert len(SHEETS) >= 3


@each_sheet()
def test_each_outcome_names_its_source(path: Path) -> None:
    front, _body, _line = _front(path)
    outcomes = front["outcomes"]
    assert isinstance(outcomes, list)

    assert all(row.get("reference") for row in outcomes)


@each_sheet()
def test_each_figure_is_cited_where_it_stands_or_measured(path: Path) -> None:
    front, body, first_line = _front(path)
    measured = set(_FIGURE.findall(str(front["outcomes"]).replace("\\xa0", "\u00a0")))
    passages = [str(front.get(key, "")) for key in ("problem", "solution", "result", "audience")]
    passages += [str(front.get(key, "")) for key in ("stage_note", "maturity_reason")]
    passages += [str(front.get("evidence_reason", ""))]
    for section in split_sections(body, first_line=first_line):
        passages += [line for line in section.text.split("\n") if line]

    for passage in passages:
        figures = set(_FIGURE.findall(without_citations(passage)))
        assert cited_numbers(passage) or figures <= measured, passage


@each_sheet()
def test_the_result_in_brief_is_among_what_was_measured(path: Path) -> None:
    front, _body, _line = _front(path)
    measured = set(_FIGURE.findall(str(front["outcomes"]).replace("\\xa0", "\u00a0")))

    figures = set(_FIGURE.findall(without_citations(str(front["result"]))))
    assert {figure for figure in figures if not _YEAR.fullmatch(figure)} <= measured


@each_sheet()
def test_each_sheet_says_that_it_is_a_starter_with_proposed_ratings(path: Path) -> None:
    front, _body, _line = _front(path)

    assert front["origin"] == "starter"
    assert "rating_status" not in front
    assert front["review_due"]


@each_sheet()
def test_the_typography_is_that_of_quebec(path: Path) -> None:
    text = path.read_text()
    _fence, _front_matter, body = text.split("---\n", 2)

    assert not _STRAIGHT.findall(text)
    assert not _WRONG_SPACES.findall(body)
