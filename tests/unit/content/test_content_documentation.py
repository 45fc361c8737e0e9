"""docs/content.md says every field, and no other."""

import re
from pathlib import Path

import pytest

from inters4.app import load_domains
from inters4.core.content.schema import Schema, fields_of
from inters4.core.hooks import hooks
from inters4.home.exports import pages
from inters4.indicators.exports import facts, plans
from inters4.members.exports import domains
from inters4.newsletters.exports import issues, newsletters
from inters4.practices.exports import headings, organisations, sheets
from inters4.veille.exports import files as summaries
from inters4.vocabulary import exports as vocabulary

PAGE = (Path(__file__).parents[3] / "docs" / "content.md").read_text()


def documented(heading: str) -> list[list[tuple[str, str]]]:
    """(field, required) of each table under `## heading`."""
    section = PAGE.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    tables = re.split(r"\n\n", section)
    rows = (
        re.findall(r"^\| `([^`]+)` \| [^|]+ \| ([^|]*)\|", table, re.MULTILINE) for table in tables
    )
    return [[(name, required.strip()) for name, required in found] for found in rows if found]


DOCUMENTED = [
    ("`vocabulary.yaml`", 0, vocabulary.TERM),
    ("`vocabulary.yaml`", 1, vocabulary.SYNONYMS),
    ("`organisations.yaml`", 0, organisations.ORGANISATION),
    ("`email-domains.yaml`", 0, domains.DOMAIN),
    ("`practices/*.md`", 0, sheets.PRACTICE),
    ("`summaries/*.md`", 0, summaries.SUMMARY),
    ("`newsletters/*.md`", 0, newsletters.NEWSLETTER),
    ("`issues/*.md`", 0, issues.ISSUE),
    ("`facts.yaml`", 0, facts.FACT),
    ("`digital-plan.yaml`", 0, plans.PLAN),
    ("`pages/*.md`", 0, pages.PAGE),
]


def test_every_kind_is_documented_in_the_order_of_import() -> None:
    load_domains()
    kinds = sorted(hooks.content_kinds.values(), key=lambda kind: kind.order)
    wanted = [
        f"`{kind.place}`" if kind.place.endswith(".yaml") else f"`{kind.place}/*.md`"
        for kind in kinds
        if not kind.is_raw
    ]
    raw = [f"`{kind.place}/*`" for kind in kinds if kind.is_raw]

    titles = re.findall(r"^## (`.+`)$", PAGE, re.MULTILINE)
    assert [title for title in titles if title not in raw] == wanted
    assert [title for title in titles if title in raw] == raw
    assert list(dict.fromkeys(heading for heading, _table, _schema in DOCUMENTED)) == wanted


@pytest.mark.parametrize(("heading", "table", "schema"), DOCUMENTED)
def test_every_field_is_documented_in_order(heading: str, table: int, schema: Schema) -> None:
    rows = documented(heading)[table]
    fields = list(fields_of(schema))

    assert [name for name, _required in rows] == [path for path, _field in fields]
    assert [required == "yes" for _name, required in rows] == [
        field.required for _path, field in fields
    ]


def test_every_heading_of_a_sheet_is_documented() -> None:
    titles = [title for found in headings.HEADINGS.values() for title in found.values()]

    assert [title for title in titles if f"`{title}`" not in PAGE] == []


def test_every_scheme_is_documented() -> None:
    assert [name for name in vocabulary.SCHEMES if f"`{name}`" not in PAGE] == []
