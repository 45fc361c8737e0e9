"""What the privacy pages say is what the schema holds and what the purges do."""

import re
from pathlib import Path

from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table

from inters4.app import load_domains
from inters4.cli.retention import table
from inters4.core.db import Model

FOLDER = Path(__file__).resolve().parent.parent.parent / "docs" / "privacy"
PERSONAL = re.compile(r"email|recipient|network|agent|member_id|actor_id|uploaded_by|(^|_)by_id")


def missing_from(text: str, metadata: MetaData) -> list[str]:
    """Tables and columns that the assessment does not name, or clears of people wrongly."""
    rows = {line.split("|")[1].strip(" `"): line for line in text.splitlines() if "| `" in line}
    cleared = set(re.findall(r"`(\w+)`", text.partition("### Tables sans")[2].partition("###")[0]))
    found = []
    for one in metadata.sorted_tables:
        if one.name in cleared:
            found += [f"{one.name}.{column.name}" for column in one.columns if is_personal(column)]
            continue
        named = set(re.findall(r"`(\w+)`", rows.get(one.name, "")))
        found += [f"{one.name}.{column.name}" for column in one.columns if column.name not in named]
    return found


def is_personal(column: "Column[object]") -> bool:
    leads_to = {key.column.table.name for key in column.foreign_keys}
    return "members" in leads_to or PERSONAL.search(column.name) is not None


def test_the_assessment_names_every_personal_column() -> None:
    load_domains()

    assert missing_from((FOLDER / "efvp.md").read_text(), Model.metadata) == []


def test_a_column_left_out_is_found() -> None:
    metadata = MetaData()
    Table("members", metadata, Column("id", Integer, primary_key=True), Column("phone", String))
    Table("pages", metadata, Column("author_id", ForeignKey("members.id")), Column("email", String))
    text = "| `members` | | `id` |\n### Tables sans renseignement\n`pages`.\n### Autre"

    assert missing_from(text, metadata) == ["members.phone", "pages.author_id", "pages.email"]


def test_the_table_of_retention_is_the_one_of_the_code() -> None:
    assert (FOLDER / "conservation.md").read_text() == table()


def test_every_privacy_page_is_listed() -> None:
    listed = set(re.findall(r"\((\w+\.md)\)", (FOLDER / "README.md").read_text()))

    assert listed == {path.name for path in FOLDER.glob("*.md")} - {"README.md"}
