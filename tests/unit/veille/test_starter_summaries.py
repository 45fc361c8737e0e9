"""The summaries that ship say what was seen of each article, and nothing else."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from inters4.core.frontmatter import read_document
from inters4.core.paths import content_dir
from inters4.veille.models import MAX_CHARACTERS, MAX_WORDS, MIN_WORDS, count_words

SUMMARIES = sorted(
    path.relative_to(content_dir()) for path in (content_dir() / "summaries").glob("*.md")
)
_FACTS = Path(__file__).parents[2] / "facts" / "articles.yaml"
_FIGURE = re.compile(r"\d+(?:[\u00a0\u202f ]\d{3}(?!\d))*(?:,\d+)?")
_SAID = ("title", "hook", "limit", "context", "country", "population_studied", "missing")
_WRONG = re.compile(r"\w'\w|« | »|«(?!\u00a0)|(?<!\u00a0)»|[^\s\u00a0][:%](?=\s|$)| [:%;!?]")
_BARE_UNIT = re.compile(r"\d (?:%|\$|h\b|km\b|M\$)")
_ACCESS = {"oui": "yes", "non": "no", "inconnu": "unknown"}
_AUTHORS = re.compile(r"\bauteure?s\b", re.IGNORECASE)
_INFERRED = {"year": "year", "journal": "journal", "province": "country"}
"""Key of the facts -> field of the file."""


@cache
def facts() -> Mapping[str, Mapping[str, Any]]:
    with _FACTS.open(encoding="utf-8") as file:
        return {entry["id"]: entry for entry in yaml.safe_load(file)["articles"]}


@cache
def read(path: Path) -> tuple[Mapping[str, Any], str]:
    document = read_document(path, content_dir())
    return document.plain(), document.body


def each_summary() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", SUMMARIES, ids=lambda path: path.stem)


def figures(text: str) -> set[str]:
    """Numbers as written, whatever the space between thousands."""
    return {re.sub(r"\s", "", found) for found in _FIGURE.findall(text)}


def plain(text: object) -> str:
    """One kind of space, of apostrophe and of dash."""
    return re.sub(r"\s+", " ", str(text or "")).replace("’", "'").replace("‐", "-").strip()


def name_of(author: str) -> frozenset[str]:
    """The words of a name, in whatever order: « Edgar K » is « K Edgar »."""
    return frozenset(plain(author).replace(".", "").casefold().split())


def who_tells_the_limit(fact: Mapping[str, Any]) -> str:
    """What was read on a page is the authors' own word only when the facts say so."""
    if fact["limits_source"] == "jugement":
        return "judgement"
    return "article" if _AUTHORS.search(fact["limits"]) else "source"


def said(front: Mapping[str, Any], body: str) -> list[str]:
    """Every passage of our own writing."""
    parts = [front.get(name, "") for name in _SAID if name != "missing"]
    return [text for text in (*parts, *front.get("missing", ()), body) if text]


def test_there_are_summaries() -> None:
    assert len(SUMMARIES) >= 3


@each_summary()
def test_each_summary_is_of_an_article_of_the_facts_under_its_own_name(path: Path) -> None:
    front, _body = read(path)

    assert path.stem == front["id"]
    assert front["id"] in facts()


@each_summary()
def test_each_figure_was_seen(path: Path) -> None:
    front, body = read(path)
    seen = figures(str(facts()[front["id"]]).replace("\\xa0", "\u00a0"))

    written = set().union(*(figures(text) for text in said(front, body)))
    assert written - seen == set()


@each_summary()
def test_what_is_known_of_the_article_is_what_was_seen(path: Path) -> None:
    front, _body = read(path)
    fact = facts()[front["id"]]

    assert plain(front["article_title"]) == plain(fact["title"])
    for name in ("doi", "pmid", "pmcid"):
        assert front.get(name, "") == str(fact[name] or "")
    assert front.get("article_language", "") == (fact["language"] or "")
    assert front.get("open_access", "unknown") == _ACCESS[fact["open_access"]]
    assert front.get("limit_source", "source") == who_tells_the_limit(fact)
    assert front["design"] == fact["evidence_type"]
    assert front["url"] in {fact["url"], *fact["sources"]}
    assert front.get("url_french", "") == (fact["french_page_url"] or "")
    assert front["themes"] == fact["themes"]


@each_summary()
def test_the_authors_are_those_that_were_seen(path: Path) -> None:
    front, _body = read(path)

    written = [name_of(name) for name in front.get("authors", ())]
    assert written == [name_of(name) for name in facts()[front["id"]]["authors"] or ()]


@each_summary()
def test_the_volume_and_the_pages_are_those_that_were_seen(path: Path) -> None:
    front, _body = read(path)
    seen = set(re.findall(r"\d+", str(facts()[front["id"]]["volume_issue_pages"] or "")))

    written = " ".join(front.get(name, "") for name in ("volume", "number", "pages"))
    assert set(re.findall(r"\d+", written)) <= seen


@each_summary()
def test_what_was_deduced_is_said_to_be(path: Path) -> None:
    front, _body = read(path)
    fact = facts()[front["id"]]
    deduced = fact["inferred"] or {}
    told = set(front.get("inferred", ()))

    for name in ("year", "journal"):
        value = plain(front.get(name, ""))
        if fact[name] is None and value:
            assert name in told
            assert value == plain(deduced.get(name))
        elif value:
            assert plain(fact[name]).split(" (")[0] in {value, value.split(" (")[0]}
    for key, field in _INFERRED.items():
        if key in deduced and plain(deduced[key]) in plain(front.get(field, "")):
            assert field in told


@each_summary()
def test_it_is_published_when_and_only_when_the_article_is_known_enough(path: Path) -> None:
    front, _body = read(path)
    is_known = facts()[front["id"]]["metadata_complete"]

    assert front["state"] == ("published" if is_known else "draft")
    assert bool(front.get("missing")) is not is_known


@each_summary()
def test_nobody_is_its_author_and_no_one_has_appraised_it(path: Path) -> None:
    front, _body = read(path)

    assert front["origin"] == "starter"
    assert "appraisal_tool" not in front


@each_summary()
def test_its_paragraph_has_the_length_that_readers_were_promised(path: Path) -> None:
    front, body = read(path)

    assert count_words(body) <= MAX_WORDS
    assert len(body) <= MAX_CHARACTERS
    if front["state"] == "published":
        assert count_words(body) >= MIN_WORDS


@each_summary()
def test_its_typography_is_that_of_quebec(path: Path) -> None:
    front, body = read(path)

    for text in said(front, body):
        assert not _WRONG.findall(text), text
        assert not _BARE_UNIT.findall(text), text


def test_what_replaces_a_summary_exists() -> None:
    named = {read(path)[0].get("replaced_by") for path in SUMMARIES} - {None}

    assert named <= {path.stem for path in SUMMARIES}
