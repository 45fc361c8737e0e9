"""An issue as search knows it.

It is found by its own words. The sheets and summaries that it tells of are found by theirs, as
they are today; to repeat them here would keep words that were corrected since.
"""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy.orm import Session

from indexer import Document
from inters4.core.access import Viewer
from inters4.core.clock import day_of
from inters4.core.hooks import Present
from inters4.core.richtext import plain_text
from inters4.newsletters.models import KIND, Issue
from inters4.newsletters.queries import load_issue, readable_ids, readable_issues
from inters4.vocabulary.queries import Vocabulary, vocabulary


def load_document(session: Session, issue_id: str) -> Document | None:
    """The document of an issue, None while it is not for everyone."""
    issue = load_issue(session, issue_id)
    if issue is None or not issue.is_readable:
        return None
    return document_of(issue, words=vocabulary(session))


def every_id(session: Session) -> Iterator[str]:
    """The issues that must be in the index."""
    return readable_ids(session)


def confirm(session: Session, ids: Sequence[str], viewer: Viewer) -> Mapping[str, Present]:
    """Those of the issues that `viewer` may read, as their cards must be now."""
    return {
        issue.id: Present(
            title=issue.title,
            abstract=issue.description,
            day=day_of(issue.published_at),
            fields=_fields(issue),
        )
        for issue in readable_issues(session, ids, viewer=viewer)
    }


def document_of(issue: Issue, *, words: Vocabulary) -> Document:
    """The document of an issue; needs its newsletter and items loaded."""
    themes = tuple(issue.newsletter.themes)
    return Document(
        key=issue.document_ref.key,
        kind=KIND,
        title=issue.title,
        audience="public",
        language=issue.newsletter.language,
        abstract=issue.description,
        body=_body(issue),
        keywords=_keywords(themes, words),
        date=day_of(issue.published_at),
        facets={"theme": themes} if themes else {},
        fields=_fields(issue),
    )


def _body(issue: Issue) -> str:
    parts = [plain_text(issue.markup)]
    for item in issue.items:
        parts += [item.title, plain_text(item.markup)]
    parts.append(issue.correction)
    return "\n".join(part for part in parts if part)


def _keywords(themes: Sequence[str], words: Vocabulary) -> tuple[str, ...]:
    """The names, in both languages, of the themes of the newsletter and of what is above."""
    return tuple(dict.fromkeys(words.names_over("themes", themes)))


def _fields(issue: Issue) -> dict[str, str]:
    """What a hit shows."""
    return {
        "newsletter": issue.newsletter_id,
        "number": str(issue.number),
        "source": issue.newsletter.title,
    }
