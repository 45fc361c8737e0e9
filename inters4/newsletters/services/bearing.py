"""Where infolettres name terms: newsletters, audiences, items, what subscribers want first."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.i18n import ngettext
from inters4.core.outbox import DocumentRef, queue
from inters4.newsletters.models import KIND, Issue, IssueItem, SubscriberTheme, SubscriptionRequest
from inters4.newsletters.queries import count_bearing, ids_under, list_newsletters
from inters4.vocabulary.services import Bearer, rows_bearing


def every_bearer() -> Iterator[Bearer]:
    """Each place of newsletters where a term may stand."""
    yield Bearer(
        "issues",
        lambda count: ngettext(
            "%(num)s numéro d’infolettre", "%(num)s numéros d’infolettre", count
        ),
        count_bearing,
        _carry_themes,
        frozenset({"newsletters.themes", "issue_items.themes", "subscription_requests.themes"}),
    )
    yield rows_bearing(
        "subscribers",
        lambda count: ngettext(
            "%(num)s abonnement à l’infolettre", "%(num)s abonnements à l’infolettre", count
        ),
        SubscriberTheme,
        owner="subscriber_id",
        term="theme",
        where=lambda asked: SubscriberTheme.theme != "" if asked == "themes" else None,
        is_once=True,
    )


def index_again(session: Session, *, scheme: str, term: str) -> None:
    """A term changed: the issues that its name finds must be found by the new one."""
    if scheme == "themes":
        queue(session, [DocumentRef(KIND, issue_id) for issue_id in ids_under(session, term)])


def _carry_themes(session: Session, scheme: str, renamed: Mapping[str, str]) -> None:
    """Terms took the place of others: whatever names them here follows."""
    if scheme != "themes":
        return
    for row in (
        *list_newsletters(session),
        *session.scalars(select(IssueItem)),
        *session.scalars(select(SubscriptionRequest)),
    ):
        themes = _renamed(row.themes, renamed)
        if themes != row.themes:
            row.themes = themes
    for issue in session.scalars(select(Issue)):
        wanted = issue.audience.get("themes", [])
        themes = _renamed(wanted, renamed)
        if themes != wanted:
            issue.audience = {**issue.audience, "themes": themes}
    session.flush()


def _renamed(themes: Sequence[str], renamed: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(renamed.get(one, one) for one in themes))
