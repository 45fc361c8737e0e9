"""The sheets that ship: every figure comes from a cited fact, in the typography of Québec.

`tests/facts/practices.yaml` holds the facts the sheets were written from, each with its source.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
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
_TO_BE_NAMED = re.compile("source(?: de l’année|s)? à préciser")
"""What the sheet says of a figure whose source nobody noted."""

_CODES = frozenset({"reference", "source", "region", "organisation", "profession", "kind"})
_CITED = re.compile(r"((?:\[\d+\])+)")


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


def _pieces(text: str) -> Iterator[tuple[set[str], set[int]]]:
    """The figures before each run of citations, with the numbers of the run, perhaps none."""
    parts = [*_CITED.split(text), ""]
    for said, run in zip(parts[::2], parts[1::2], strict=True):
        yield _figures(said), cited_numbers(run)


@cache
def _sourced(identifier: str) -> Sequence[tuple[set[str], set[int]]]:
    """The figures of the facts of a sheet, with the sources that are given for them."""
    entry = _facts()[identifier]
    given = [
        piece
        for key, value in entry.items()
        if key not in {"resultats", "references"}
        for text in _texts(value)
        for piece in _pieces(text)
    ]
    given += [(_all_figures(row), {int(row["ref"])}) for row in entry["resultats"]]
    given += [(_all_figures(row), {int(row["no"])}) for row in entry["references"]]
    return given


def _all_figures(row: Mapping[str, Any]) -> set[str]:
    return set().union(*(_figures(text) for text in _texts(row)))


def _misquoted(figures: set[str], cited: set[int], identifier: str) -> set[str]:
    """Those of `figures` that the facts give to other sources, or to more of them."""
    given = [known for known, sources in _sourced(identifier) if sources and sources <= cited]
    return figures - set().union(*given)


def _rows_sourced(front: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], set[int]]]:
    """Each row that may name its source, with the sources it names."""
    for name, key in (
        *((table, "reference") for table in _TABLES_WITH_SOURCES),
        ("adopters", "source"),
    ):
        for row in front.get(name, []):
            texts = {part: text for part, text in row.items() if part not in _CODES}
            named = {int(row[key])} if row.get(key) else set()
            yield texts, named.union(*(cited_numbers(text) for text in _texts(texts)))


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
def test_each_row_of_figures_names_its_source_or_says_that_it_must_be(path: Path) -> None:
    front, _body, _line = _front(path)

    unnamed = [
        row
        for row, named in _rows_sourced(front)
        if not named and _all_figures(row) and not any(map(_TO_BE_NAMED.search, _texts(row)))
    ]

    assert unnamed == []


@each_sheet()
def test_each_figure_of_a_row_is_of_the_source_that_the_row_names(path: Path) -> None:
    front, _body, _line = _front(path)

    for row, named in _rows_sourced(front):
        if named and not any(map(_TO_BE_NAMED.search, _texts(row))):
            assert _misquoted(_all_figures(row), named, front["id"]) == set(), row


@each_sheet()
def test_each_figure_is_of_the_sources_cited_after_it(path: Path) -> None:
    front, body, first_line = _front(path)

    for passage in _passages(front, body, first_line):
        for figures, cited in _pieces(passage):
            if cited and not _TO_BE_NAMED.search(passage):
                assert _misquoted(figures, cited, front["id"]) == set(), passage


@each_sheet()
def test_each_figure_is_cited_where_it_stands_or_measured(path: Path) -> None:
    front, body, first_line = _front(path)
    measured = _measured(front)

    uncited = [
        passage
        for passage in _passages(front, body, first_line)
        if not cited_numbers(passage)
        and not _figures(passage) <= measured
        and not _TO_BE_NAMED.search(passage)
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
