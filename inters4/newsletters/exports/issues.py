"""`content/issues/*.md`: what the fields of an issue are, and an issue written that way.

The fields are the front matter, the opening word is the body. The same issue always gives the
same bytes.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.content.quantities import Instant, Whole
from inters4.core.content.scalars import Address, Choice, Identifier, Known, Text
from inters4.core.content.schema import Many, Rows, Schema
from inters4.core.frontmatter import dump
from inters4.core.values import dataclass
from inters4.newsletters.exports.paragraphs import Paragraphs
from inters4.newsletters.models import MOST_PEOPLE, Issue, IssueItem, IssueState, ItemKind
from inters4.newsletters.queries import load_cited, load_issue, readable_ids

FOLDER = "issues"
ITEM = Schema(
    (
        Choice("kind", ItemKind, required=True),
        Known("summary", among="summaries"),
        Known("practice", among="practices"),
        Text("title", limit=200),
        Paragraphs("text", limit=1_200),
        Address("url"),
        Many(Known("themes", among="themes")),
    )
)
ISSUE = Schema(
    (
        Identifier("id", required=True),
        Known("newsletter", among="newsletters", required=True),
        Whole("number", 1, 99_999, required=True),
        Text("title", required=True, limit=120),
        Text("description", required=True, limit=300),
        Choice("state", IssueState, required=True),
        Instant("published_at"),
        Whole("sent_elsewhere", 1, MOST_PEOPLE),
        Rows("items", ITEM),
        Text("correction", limit=600),
    )
)
COLUMNS = (
    "number",
    "title",
    "description",
    "state",
    "published_at",
    "sent_elsewhere",
    "correction",
)
"""The fields that are columns as they are."""


@dataclass(frozen=True, slots=True)
class IssueFile:
    """An issue as its file gives it: `values` by field of `ISSUE`, and its opening word."""

    values: Mapping[str, Any]
    opening: str


def file_of(issue: Issue) -> IssueFile:
    """The file of an issue; needs its items loaded."""
    return _file(issue, issue.items)


def write_file(file: IssueFile) -> str:
    """The text of a file."""
    return dump(ISSUE.write(file.values), file.opening, key_order=ISSUE.keys)


def issue_texts(session: Session, ids: Sequence[str]) -> Mapping[str, str]:
    """The file of each issue as the database holds it now; those it does not hold are absent."""
    found = ((issue_id, load_issue(session, issue_id)) for issue_id in ids)
    return {issue_id: write_file(file_of(issue)) for issue_id, issue in found if issue is not None}


def export_issues(session: Session) -> Iterator[tuple[str, str]]:
    """Every issue that everyone may read.

    An item whose sheet or summary is not exported is left out: the files must import elsewhere.
    """
    for issue_id in list(readable_ids(session)):
        issue = load_cited(session, issue_id)
        if issue is not None:
            items = [item for item in issue.items if _is_exported(item)]
            yield f"{issue.id}.md", write_file(_file(issue, items))


def _is_exported(item: IssueItem) -> bool:
    if item.practice is not None:
        return item.practice.is_readable
    if item.summary is not None:
        return item.summary.is_readable or item.summary.is_tombstone
    return True


def _file(issue: Issue, items: Sequence[IssueItem]) -> IssueFile:
    values: dict[str, Any] = {name: getattr(issue, name) for name in COLUMNS}
    values |= {"id": issue.id, "newsletter": issue.newsletter_id}
    values["items"] = tuple(_item(item) for item in items)
    return IssueFile({name: values[name] for name in ISSUE.keys}, issue.source)


def _item(item: IssueItem) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "summary": item.summary_id or "",
        "practice": item.practice_id or "",
        "title": item.title,
        "text": item.source,
        "url": item.url,
        "themes": tuple(item.themes),
    }
