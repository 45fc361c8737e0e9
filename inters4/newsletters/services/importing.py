"""What files of `content/` bring: a newsletter, an issue, exactly as their file says."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from inters4.newsletters.exports.issues import COLUMNS, IssueFile
from inters4.newsletters.exports.newsletters import NewsletterFile
from inters4.newsletters.models import Issue, IssueItem, Newsletter
from inters4.newsletters.queries import load_issue


def save_newsletter(session: Session, file: NewsletterFile) -> Newsletter:
    """Make the newsletter be exactly what `file` says."""
    values = {**file.values, "themes": list(file.values["themes"])}
    newsletter = session.get(Newsletter, values["id"])
    is_new = newsletter is None
    if newsletter is None:
        newsletter = Newsletter(id=values["id"])
    for name, value in values.items():
        setattr(newsletter, name, value)
    newsletter.write(file.presentation)
    if is_new:
        session.add(newsletter)
    session.flush()
    return newsletter


def save_issue(session: Session, file: IssueFile) -> Issue:
    """Make the issue be exactly what `file` says; an item that stays in its place stays itself."""
    values = file.values
    issue = load_issue(session, values["id"])
    is_new = issue is None
    if issue is None:
        issue = Issue(id=values["id"], newsletter_id=values["newsletter"], items=[])
    for name in COLUMNS:
        setattr(issue, name, values[name])
    issue.newsletter_id = values["newsletter"]
    issue.write(file.opening)
    _set_items(issue, values["items"])
    if is_new:
        session.add(issue)
    session.flush()
    return issue


def _set_items(issue: Issue, wanted: Sequence[Mapping[str, Any]]) -> None:
    present = {item.position: item for item in issue.items}
    found = []
    for position, row in enumerate(wanted):
        item = present.get(position) or IssueItem(issue_id=issue.id, position=position)
        item.kind = row["kind"]
        item.summary_id = row["summary"] or None
        item.practice_id = row["practice"] or None
        item.title, item.url = row["title"], row["url"]
        item.themes = list(row["themes"])
        item.write(row["text"])
        found.append(item)
    issue.items[:] = found
