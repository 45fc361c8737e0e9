"""Newsletters and issues: as values, as files and as rows. A case gives only what it is about."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.clock import LOCAL_ZONE, now
from inters4.newsletters.exports import issues, newsletters
from inters4.newsletters.exports.issues import ISSUE, ITEM, IssueFile
from inters4.newsletters.exports.newsletters import NEWSLETTER, NewsletterFile
from inters4.newsletters.models import Issue, IssueState, ItemKind, Newsletter
from inters4.newsletters.services import save_issue, save_newsletter
from tests.builders.kept import kept
from tests.builders.practices import make_practice
from tests.builders.veille import make_summary
from tests.builders.vocabulary import make_vocabulary


def newsletter(newsletter_id: str = "en-bref", **values: Any) -> NewsletterFile:
    """A newsletter."""
    presentation = values.pop("presentation", "Ce que l’on y **trouve**.")
    given = {
        "id": newsletter_id,
        "title": f"Infolettre {newsletter_id}",
        "description": "Une phrase.",
        **values,
    }
    return NewsletterFile(
        {field.name: given.get(field.name, field.empty()) for field in NEWSLETTER.fields},
        presentation,
    )


def item(kind: ItemKind, **values: Any) -> dict[str, Any]:
    """One item, as a file gives it."""
    return {
        field.name: {**values, "kind": kind}.get(field.name, field.empty()) for field in ITEM.fields
    }


def issue(number: int = 1, **values: Any) -> IssueFile:
    """An archived issue with one text."""
    opening = values.pop("opening", "Le mot d’**ouverture**.")
    name = values.get("newsletter", "en-bref")
    given: dict[str, Any] = {
        "id": f"{name}-{number}",
        "newsletter": name,
        "number": number,
        "title": f"Titre {number}",
        "description": f"Description {number}.",
        "state": IssueState.ARCHIVED,
        "published_at": datetime(2026, 11, 21, tzinfo=LOCAL_ZONE),
        "items": (item(ItemKind.TEXT, text="Un paragraphe."),),
        **values,
    }
    return IssueFile(
        {field.name: given.get(field.name, field.empty()) for field in ISSUE.fields}, opening
    )


def make_newsletter(session: Session, newsletter_id: str = "en-bref", **values: Any) -> Newsletter:
    """The row of `newsletter(...)`."""
    return save_newsletter(session, newsletter(newsletter_id, **values))


def make_issue(session: Session, number: int = 1, **values: Any) -> Issue:
    """The rows of `issue(...)`; its newsletter must exist."""
    return save_issue(session, issue(number, **values))


def make_read_issue(session: Session, *more: dict[str, Any]) -> None:
    """The first issue of « En bref », that readers have: a summary, a sheet, then `more` items."""

    def make() -> None:
        make_vocabulary(session)
        make_newsletter(session)
        make_practice(session)
        make_summary(session, "suivi-a-domicile", title="Le suivi à domicile")
        told = (
            item(ItemKind.SUMMARY, summary="suivi-a-domicile"),
            item(ItemKind.PRACTICE, practice="visites-virtuelles"),
        )
        make_issue(session, state=IssueState.SENT, published_at=now(), items=(*told, *more))

    kept(session, ("an issue that is read", repr(more)), make)


def newsletter_file(newsletter_id: str = "en-bref", **values: Any) -> str:
    """The file of `newsletter(...)`."""
    return newsletters.write_file(newsletter(newsletter_id, **values))


def issue_file(number: int = 1, **values: Any) -> str:
    """The file of `issue(...)`."""
    return issues.write_file(issue(number, **values))
