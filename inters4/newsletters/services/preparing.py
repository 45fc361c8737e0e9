"""« Préparer le prochain numéro » : a whole draft made of what was published since the last one."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict
from inters4.core.i18n import _, use_locale
from inters4.newsletters.exports.citations import path_of
from inters4.newsletters.models import (
    Issue,
    IssueItem,
    IssueState,
    IssueStep,
    ItemKind,
    Newsletter,
)
from inters4.newsletters.queries.composing import (
    highest_number,
    issue_in_progress,
    last_issue,
    published_since,
)
from inters4.practices.models import Practice
from inters4.veille.models import Scheme, Summary
from inters4.veille.services.life import check_team
from inters4.vocabulary.queries import Vocabulary, vocabulary

_FIRST = timedelta(days=90)
_MOST_PRACTICES = 3
_TITLE = 120


def prepare_next_issue(
    session: Session, newsletter: Newsletter, *, by: Viewer, request_id: str = ""
) -> Issue:
    """The next issue of a newsletter; the one that is being made, when there is one.

    Its summaries stand under their main theme, the latest first, after the sheets.

    Raises:
        NotFound: `by` is not of the team.
        Conflict: somebody begins one at this very instant.
    """
    check_team(by)
    present = issue_in_progress(session, newsletter.id)
    if present is not None:
        return present
    issue = begin_issue(session, newsletter, by=by, request_id=request_id)
    if issue is None:
        issue = issue_in_progress(session, newsletter.id)
    if issue is None:
        raise Conflict(_("Quelqu’un vient de commencer un numéro. Réessayez."))
    return issue


def begin_issue(
    session: Session,
    newsletter: Newsletter,
    *,
    by: Viewer,
    corrects: Issue | None = None,
    request_id: str = "",
) -> Issue | None:
    """A draft of the number that follows; None when somebody took it at the same instant.

    One that `corrects` another says so, and waits for its words.

    Raises:
        NotFound: `by` is not of the team.
    """
    author_id = check_team(by)
    issue = _begun(session, newsletter, author_id, corrects)
    if issue is None:
        return None
    session.add(IssueStep(issue_id=issue.id, before=None, after=issue.state, by_id=author_id))
    audit.record(
        session,
        "newsletters.prepare",
        by=by,
        subject=f"numero:{issue.id}",
        request_id=request_id,
    )
    session.flush()
    return issue


def _begun(
    session: Session, newsletter: Newsletter, author_id: int, corrects: Issue | None
) -> Issue | None:
    """The issue with its items; None when somebody took its number at the same instant."""
    number = highest_number(session, newsletter.id) + 1
    with use_locale(newsletter.language):
        issue = Issue(
            id=f"{newsletter.id}-{number}",
            newsletter_id=newsletter.id,
            number=number,
            title="",
            description="",
            state=IssueState.DRAFT,
            author_id=author_id,
            audience={},
            items=[],
        )
        issue.write("")
        if corrects is None:
            items = list(_published(session, newsletter))
        else:
            items = [blank_item(ItemKind.TEXT)]
            _tell_what_it_corrects(issue, corrects)
    for position, item in enumerate(items):
        item.position = position
        issue.items.append(item)
    try:
        with session.begin_nested():
            session.add(issue)
    except IntegrityError:
        return None
    return issue


def _tell_what_it_corrects(issue: Issue, corrects: Issue) -> None:
    issue.erratum_of_id, issue.audience = corrects.id, dict(corrects.audience)
    title = _("Erratum : %(title)s", title=corrects.title)
    issue.title = title if len(title) <= _TITLE else f"{title[: _TITLE - 1].rstrip()}…"
    issue.description = _("Une correction au numéro %(number)s.", number=corrects.number)
    issue.write(
        _(
            "Une erreur s’est glissée dans [le numéro %(number)s](%(path)s). Voici ce qu’il "
            "fallait lire.",
            number=corrects.number,
            path=path_of(corrects),
        )
    )


def _published(session: Session, newsletter: Newsletter) -> Iterator[IssueItem]:
    last = last_issue(session, newsletter.id)
    since = last.published_at if last is not None and last.published_at else now() - _FIRST
    summaries, practices = published_since(session, newsletter.id, since)
    return _items(practices[:_MOST_PRACTICES], summaries, vocabulary(session))


def _items(
    practices: Sequence[Practice], summaries: Sequence[Summary], words: Vocabulary
) -> Iterator[IssueItem]:
    if practices:
        yield blank_item(ItemKind.HEADING, title=_("À découvrir"))
    for practice in practices:
        yield blank_item(ItemKind.PRACTICE, practice_id=practice.id)
    themes = list(dict.fromkeys(_main_theme(one) for one in summaries))
    for theme in sorted(themes, key=lambda one: not one):
        name = words.label(Scheme.THEMES, theme) if theme else _("À lire aussi")
        yield blank_item(ItemKind.HEADING, title=name)
        for summary in summaries:
            if _main_theme(summary) == theme:
                yield blank_item(ItemKind.SUMMARY, summary_id=summary.id)


def blank_item(kind: ItemKind, **values: str) -> IssueItem:
    """An item of which the team has said nothing yet."""
    item = IssueItem(kind=kind, themes=[], **values)
    item.write("")
    return item


def _main_theme(summary: Summary) -> str:
    """The broadest theme above the main one."""
    return next(iter(summary.terms_of(Scheme.THEMES)), "").partition(".")[0]
