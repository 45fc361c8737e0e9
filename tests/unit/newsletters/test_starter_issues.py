"""The issues that ship: what they cite is public, and no figure is theirs alone."""

import re
from pathlib import Path
from typing import Any

import pytest

from inters4.core.frontmatter import read_document
from inters4.core.paths import content_dir

ISSUES = sorted((content_dir() / "issues").glob("*.md"))
_FIGURE = re.compile(r"\d+(?:[\u00a0 ]\d{3})*(?:,\d+)?")
_WRONG_SPACES = re.compile(r"« | »|[^\s\u00a0][:%](?= )|(?<=\S) [:%](?=\s|$)|\S[ \u00a0][;!?]")
_FOLDERS = {"practice": "practices", "summary": "summaries"}


def each_issue() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", ISSUES, ids=lambda path: path.stem)


def _issue(path: Path) -> tuple[dict[str, Any], str]:
    document = read_document(path, content_dir())
    return dict(document.plain()), document.body


def _cited(row: dict[str, str]) -> Path | None:
    for kind, folder in _FOLDERS.items():
        if kind in row:
            return content_dir() / folder / f"{row[kind]}.md"
    return None


def _cited_by(front: dict[str, Any]) -> list[Path]:
    return [path for row in front["items"] if (path := _cited(row)) is not None]


def _words(front: dict[str, Any], body: str) -> list[str]:
    """What people wrote for the issue itself."""
    texts = [front["title"], front["description"], front.get("correction", ""), body]
    return texts + [row.get(name, "") for row in front["items"] for name in ("title", "text")]


def test_there_are_issues() -> None:
    assert len(ISSUES) >= 3


@each_issue()
def test_what_an_issue_cites_ships_and_is_published(path: Path) -> None:
    front, _body = _issue(path)
    cited = _cited_by(front)

    states = {file.stem: _issue(file)[0]["state"] for file in cited}
    assert len(cited) == len(states), "cited twice"
    assert 4 <= len(cited) <= 8
    assert set(states.values()) == {"published"}


@each_issue()
def test_an_issue_is_no_older_than_what_it_cites(path: Path) -> None:
    front, _body = _issue(path)

    later = {
        file.stem: day
        for file in _cited_by(front)
        if (day := _issue(file)[0]["published_at"]) > front["published_at"]
    }
    assert later == {}


@each_issue()
def test_each_figure_is_in_something_that_the_issue_cites(path: Path) -> None:
    front, body = _issue(path)
    sources = {file: set(_FIGURE.findall(file.read_text())) for file in _cited_by(front)}

    for row in front["items"]:
        cited = _cited(row)
        figures = set(_FIGURE.findall(row.get("text", "")))
        known = sources[cited] if cited else set().union(*sources.values())
        assert figures <= known, (row, figures - known)
    opening = set(_FIGURE.findall(" ".join((front["title"], front["description"], body))))
    assert opening <= set().union(*sources.values())


@each_issue()
def test_an_issue_that_ships_was_never_sent(path: Path) -> None:
    assert _issue(path)[0]["state"] == "archived"


@each_issue()
def test_the_typography_is_that_of_quebec(path: Path) -> None:
    for text in _words(*_issue(path)):
        assert "'" not in text
        assert not _WRONG_SPACES.findall(text), text
