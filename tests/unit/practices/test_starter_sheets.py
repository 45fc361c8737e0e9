"""The sheets that ship: every figure comes from a cited fact, in the typography of Québec.

`tests/facts/practices.yaml` holds the facts the sheets were written from, each with its source.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from inters4.core.frontmatter import read_document, split_sections
from inters4.core.paths import content_dir
from inters4.practices.exports.rows import PLAIN_ROWS
from inters4.practices.models import cited_numbers, without_citations

SHEETS = sorted((content_dir() / "practices").glob("*.md"))
FACTS = Path(__file__).parents[2] / "facts" / "practices.yaml"
DRAFTS = {"clinique-minowe-val-dor", "emipic-equipe-mixte", "inuulitsivik-sages-femmes-nunavik"}
_FIGURE = re.compile(r"\d+(?:[\u00a0\u202f ]\d{3}(?!\d))*(?:,\d+)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_STRAIGHT = re.compile(r"\w'\w")
_WRONG_SPACES = re.compile(
    r"«(?!\u00a0)|(?<!\u00a0)»|[^\s\u00a0][:%](?= )|(?<=\S) [:%](?=\s|$)|[ \u00a0][;!?]"
)
_TOLD_ELSEWHERE = frozenset(
    {
        "id",
        "slug",
        "title",
        "regions",
        "started",
        "started_year",
        "published_at",
        "review_due",
        "edition",
    }
)
_TABLES_WITH_SOURCES = ("outcomes", "baselines", "costs", "staffing")


def each_sheet() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)


def _front(path: Path) -> tuple[dict[str, Any], str, int]:
    document = read_document(path, content_dir())
    return dict(document.plain()), document.body, document.body_line


@cache
def _facts() -> Mapping[str, Any]:
    given = yaml.safe_load(FACTS.read_text(encoding="utf-8"))
    return {entry["id"]: entry for entry in given["practices"]}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
    elif value is not None:
        yield str(value)


def _figures(text: str) -> set[str]:
    found = _FIGURE.findall(without_citations(text))
    return {re.sub(r"[\u00a0\u202f ]", "", figure) for figure in found}


def _measured(front: Mapping[str, Any]) -> set[str]:
    """The figures of the tables whose rows name their source."""
    rows = [row for name in _TABLES_WITH_SOURCES for row in front.get(name, [])]
    return set().union(*(_figures(text) for row in rows for text in _texts(row)))


def _passages(front: Mapping[str, Any], body: str, first_line: int) -> Iterator[str]:
    """Each text that readers see, but for tables, sources and classification."""
    for key, value in front.items():
        if isinstance(value, str) and key not in _TOLD_ELSEWHERE:
            yield value
    for key, name in (("success_conditions", "note"), ("transferability", "note")):
        yield from (row.get(name, "") for row in front.get(key, []))
    for section in split_sections(body, first_line=first_line):
        yield from (line for line in section.text.split("\n") if line)


def test_there_is_a_sheet_for_each_entry_of_the_facts() -> None:
    assert {path.stem for path in SHEETS} == set(_facts())


@each_sheet()
def test_every_figure_is_in_the_facts_of_the_sheet(path: Path) -> None:
    front, body, _line = _front(path)
    known = set().union(*(_figures(text) for text in _texts(_facts()[front["id"]])))
    told = {
        key: value
        for key, value in front.items()
        if key not in {"id", "slug", "published_at", "review_due", "edition", "references"}
        and key not in {"regions", "adopters", "organisations", *PLAIN_ROWS}
    }
    kept = [
        text
        for name in ("adopters", "organisations", *PLAIN_ROWS)
        for row in front.get(name, [])
        for key, text in row.items()
        if key not in {"reference", "source", "number", "url", "doi", "region", "condition", "id"}
    ]

    unknown = set().union(*(_figures(text) for text in (*_texts(told), *kept, body))) - known

    assert unknown == set()


@each_sheet()
def test_each_source_is_that_of_the_facts(path: Path) -> None:
    front, _body, _line = _front(path)
    facts = {str(row["no"]): row for row in _facts()[front["id"]]["references"]}

    for row in front["references"]:
        fact = facts[row["number"]]
        assert row.get("url", "") == (fact["url"] or "")
        assert row.get("doi", "") == (fact["doi"] or "")
        # a year that was deduced, not seen, is left out
        assert row.get("year", "") in {"", str(fact["annee"] or "")}


@each_sheet()
def test_each_row_of_figures_names_its_source(path: Path) -> None:
    front, _body, _line = _front(path)
    rows = [row for name in _TABLES_WITH_SOURCES for row in front.get(name, [])]

    assert [row for row in rows if not row.get("reference")] == []


@each_sheet()
def test_each_figure_is_cited_where_it_stands_or_measured(path: Path) -> None:
    front, body, first_line = _front(path)
    measured = _measured(front)

    uncited = [
        passage
        for passage in _passages(front, body, first_line)
        if not cited_numbers(passage) and not _figures(passage) <= measured
    ]

    assert uncited == []


@each_sheet()
def test_the_result_in_brief_is_cited_or_measured(path: Path) -> None:
    front, _body, _line = _front(path)
    result = front.get("result", "")
    figures = {figure for figure in _figures(result) if not _YEAR.fullmatch(figure)}

    assert figures <= _measured(front) or cited_numbers(result)


@each_sheet()
def test_each_sheet_says_that_it_is_a_starter_with_proposed_ratings(path: Path) -> None:
    front, _body, _line = _front(path)

    assert front["origin"] == "starter"
    assert "rating_status" not in front
    assert "reviewers" not in front
    assert "approval" not in front
    assert front.get("review_due") or front["state"] == "drafting"


@each_sheet()
def test_only_what_touches_indigenous_communities_waits_for_them(path: Path) -> None:
    front, _body, _line = _front(path)

    assert front["state"] == ("drafting" if path.stem in DRAFTS else "published")


@each_sheet()
def test_sources_that_disagree_are_told(path: Path) -> None:
    front, body, _line = _front(path)

    if _facts()[front["id"]].get("doutes"):
        assert "## Doutes entre les sources" in body


@each_sheet()
def test_the_typography_is_that_of_quebec(path: Path) -> None:
    front, body, _line = _front(path)
    shown = "\n".join([*_texts({k: v for k, v in front.items() if k != "references"}), body])

    assert not _STRAIGHT.findall(path.read_text(encoding="utf-8"))
    assert [match[0] for match in _WRONG_SPACES.finditer(shown)] == []
