"""The figures that ship of others: those that they published, with their source and their words.

`tests/facts/figures.csv` and `digital-plan-targets.csv` hold what was read in the documents.
"""

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from inters4.core.paths import content_dir

_FACTS = Path(__file__).parents[2] / "facts"
_NUMBER = re.compile(r"\d+(?:[\u00a0\u202f ]\d{3}(?!\d))*(?:,\d+)?")


def numbers(text: object) -> set[str]:
    """Numbers as written, whatever the space between thousands."""
    return {re.sub(r"\s", "", found) for found in _NUMBER.findall(str(text or ""))}


def bare(text: str) -> str:
    """Words without what typography and links add."""
    return re.sub(r"[\s\u00a0]+|[\[\]]|\(#\)", "", text).replace("’", "'")


@cache
def published() -> Mapping[str, Mapping[str, str]]:
    with (_FACTS / "figures.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


@cache
def shipped(name: str) -> Any:
    text = (content_dir() / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  (text only, no object)


def test_every_published_figure_ships_and_no_other() -> None:
    assert {fact["id"] for fact in shipped("facts")["facts"]} == set(published())


@pytest.mark.parametrize("identifier", sorted(published()))
def test_a_figure_is_what_its_source_says(identifier: str) -> None:
    fact = next(one for one in shipped("facts")["facts"] if one["id"] == identifier)
    source = published()[identifier]

    known = numbers(" ".join(source.values()))
    assert numbers(fact["value"]) == numbers(source["value"])
    assert fact.get("unit", "") == source["unit"]
    assert bare(fact["source"]) == bare(source["source"])
    assert bare(fact.get("quote", "")) == bare(source["quote"])
    assert numbers(fact["label"]) | numbers(fact.get("note")) <= known | _elsewhere(fact)


def test_the_targets_of_the_plan_are_those_of_its_table() -> None:
    with (_FACTS / "digital-plan-targets.csv").open(encoding="utf-8", newline="") as file:
        wanted = {
            (row["objective"], row["year"], bare(row["target"]), row["rate"])
            for row in csv.DictReader(file)
            if row["target"].strip("-")
        }

    assert {
        (objective["id"], target["year"], bare(target["target"]), target.get("rate", ""))
        for objective in shipped("digital-plan")["objectives"]
        for target in objective.get("targets", ())
    } == wanted


@pytest.mark.parametrize("page", ["le-courtage.md", "le-courtage.en.md"])
def test_what_the_pages_count_of_the_consortium_was_published(page: str) -> None:
    text = (content_dir() / "pages" / page).read_text(encoding="utf-8").split("---", 2)[2]
    steps = re.sub(r"^\d+\. ", "", text, flags=re.MULTILINE)

    assert numbers(steps) <= set().union(
        *(numbers(" ".join(row.values())) for row in published().values())
    )


def _elsewhere(fact: Mapping[str, str]) -> set[str]:
    """The numbers of the other figures of the same topic: a note may compare."""
    return set().union(
        *(
            numbers(" ".join((other["value"], other.get("unit", ""))))
            for other in shipped("facts")["facts"]
            if other["topic"] in {fact["topic"], "innovation"}
        )
    )
