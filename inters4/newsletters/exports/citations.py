"""An issue as others cite it, and as feeds tell of it."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.citations import Author, Citation, CitationKind
from inters4.core.clock import day_of
from inters4.core.feeds import Feed, FeedEntry
from inters4.core.i18n import _
from inters4.newsletters.models import Issue, Newsletter
from inters4.newsletters.queries import readable_issues

_PUBLISHER = "InterS4"


def path_of(issue: Issue) -> str:
    """The address of an issue, from the root of the portal."""
    return f"/infolettres/{issue.newsletter_id}/{issue.number}"


def citation_of(issue: Issue, *, site: str) -> Citation:
    """How to cite an issue; needs its newsletter loaded. Without `site` it has no address."""
    return Citation(
        key=f"numero/{issue.id}",
        kind=CitationKind.ISSUE,
        title=issue.title,
        authors=(Author(literal=_PUBLISHER),),
        container=issue.newsletter.title,
        publisher=_PUBLISHER,
        day=day_of(issue.published_at),
        number=str(issue.number),
        url=site + path_of(issue) if site else "",
        language=issue.newsletter.language,
        abstract=issue.description,
    )


def cite(session: Session, ids: Sequence[str], viewer: Viewer) -> Mapping[str, Citation]:
    """Citations of those of the issues that `viewer` may read now."""
    found = readable_issues(session, ids, viewer=viewer)
    return {issue.id: citation_of(issue, site="") for issue in found}


def feed_of(newsletter: Newsletter, *, site: str) -> Feed:
    """The feed of a newsletter, as Atom."""
    page = f"{site}/infolettres/{newsletter.id}"
    return Feed(
        title=newsletter.title,
        url=page,
        self_url=f"{page}/flux.atom",
        language=newsletter.language,
        description=newsletter.description,
    )


def feed_entries(issues: Sequence[Issue], *, site: str) -> list[FeedEntry]:
    """One entry an issue; one that was corrected since is said to have changed."""
    return [
        FeedEntry(
            id=f"numero/{issue.id}",
            title=_(
                "Numéro %(number)s : %(title)s",
                number=issue.number,
                title=issue.title,
            ),
            url=site + path_of(issue),
            published=issue.published_at,
            updated=issue.updated_at if issue.correction else None,
            summary_html=issue.markup,
        )
        for issue in issues
        if issue.published_at
    ]
