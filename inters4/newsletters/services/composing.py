"""The words of a draft, field by field: what was typed is kept, and nobody writes over another.

A form says, of each field, what it held when it was shown. Two people who write different fields
are no conflict; of the same one, both texts are shown and nothing is lost.
"""

import re
from collections.abc import Mapping

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.errors import Conflict, DomainError
from inters4.core.frontmatter import storable
from inters4.core.i18n import _
from inters4.newsletters.models import Issue, IssueItem, IssueState, ItemKind
from inters4.newsletters.queries.approvals import writer_ids
from inters4.newsletters.services.life import may_write
from inters4.newsletters.services.steps import enter
from inters4.veille.services.drafting import mark_of, what_changes
from inters4.veille.services.life import check_team
from inters4.vocabulary.queries import vocabulary

LIMITS: Mapping[str, int] = {"title": 120, "subject": 150, "description": 300}
LINES = ("title", "subject", "description")
OPENING = "opening"
_TEXT, _TITLE, _URL, THEMES = "text", "title", "url", "themes"
PARTS: Mapping[ItemKind, tuple[str, ...]] = {
    ItemKind.HEADING: (_TITLE,),
    ItemKind.TEXT: (_TEXT, THEMES),
    ItemKind.SUMMARY: (_TEXT,),
    ItemKind.PRACTICE: (_TEXT,),
    ItemKind.LINK: (_TITLE, _URL, _TEXT, THEMES),
    ItemKind.EVENT: (_TITLE, _URL, _TEXT, THEMES),
    ItemKind.QUESTION: (_TITLE, _URL, _TEXT, THEMES),
}
"""What is written of an item, by its kind; themes are ids with spaces between."""
_LONGEST, _LONGEST_LINE = 20_000, 500
_BREAKS = re.compile(r"[ \t\r\n]+")


def field_of(item: IssueItem, part: str) -> str:
    """The name of a field of an item."""
    return f"item-{item.public_id}-{part}"


def stored_fields(issue: Issue) -> dict[str, str]:
    """What each field holds, as a form sends it; needs its items loaded."""
    found: dict[str, str] = {name: getattr(issue, name) for name in LINES}
    found[OPENING] = issue.source
    for item in issue.items:
        for part in PARTS[item.kind]:
            found[field_of(item, part)] = _held(item, part)
    return found


def _held(item: IssueItem, part: str) -> str:
    if part == _TEXT:
        return item.source
    if part == THEMES:
        return " ".join(sorted(item.themes))
    value: str = getattr(item, part)
    return value


def marks_of(fields: Mapping[str, str]) -> dict[str, str]:
    """The mark of each field, for a form to send back."""
    return {name: mark_of(name, value) for name, value in fields.items()}


def tidied(name: str, value: str) -> str:
    """What is kept of what was typed: no control character, one line where there is one line.

    Raises:
        DomainError: it is longer than anything may be.
    """
    is_long = name == OPENING or name.endswith(f"-{_TEXT}")
    text = storable(value).strip()
    if not is_long:
        text = _BREAKS.sub(" ", text)
    if name.endswith(f"-{THEMES}"):
        text = " ".join(sorted(set(text.split())))
    if len(text) > (_LONGEST if is_long else _LONGEST_LINE):
        raise DomainError(
            _("Ce texte est trop long pour être enregistré. Raccourcissez-le, puis recommencez."),
            about=name,
        )
    return text


def write_issue(
    session: Session,
    issue: Issue,
    typed: Mapping[str, str],
    *,
    seen: Mapping[str, str],
    by: Viewer,
) -> tuple[str, ...]:
    """Keep what was typed; say which fields changed.

    Args:
        session: of the change; `issue` is locked, its items loaded.
        issue: the draft.
        typed: the fields that a form shows, and those alone.
        seen: the mark of each as it was shown; without one, nobody knows what was written over.
        by: whoever writes: they do not approve this issue any more.

    Raises:
        NotFound: `by` is not of the team.
        Conflict: the issue is not a draft any more.
        StaleFields: somebody changed some of these fields meanwhile.
        DomainError: a text is longer than anything may be, or cannot be shown.
    """
    check_team(by)
    check_is_draft(issue, by=by)
    stored = stored_fields(issue)
    given = {name: tidied(name, value) for name, value in typed.items() if name in stored}
    changed = what_changes(given, stored, seen=seen)
    for name in changed:
        if name.endswith(f"-{THEMES}"):
            given[name] = _known_themes(session, given[name], stored[name])
        _put(issue, name, given[name])
    if changed:
        note_writer(session, issue, by=by)
        session.flush()
    return tuple(changed)


def _known_themes(session: Session, chosen: str, stored: str) -> str:
    """Those of the chosen themes that there are, or that the item had already."""
    known = vocabulary(session).citable(THEMES)
    return " ".join(one for one in chosen.split() if one in known or one in stored.split())


def check_is_draft(issue: Issue, *, by: Viewer) -> None:
    """Refuse to write in what others judge.

    Raises:
        Conflict: the issue is not a draft any more.
    """
    if not may_write(issue, by=by):
        raise Conflict(
            _(
                "Ce numéro ne s’écrit plus : il est en approbation, approuvé ou parti. Reprenez-le "
                "d’abord, s’il le faut."
            )
        )


def note_writer(session: Session, issue: Issue, *, by: Viewer) -> None:
    """Whoever writes in an issue is one of those who made it."""
    if issue.author_id is None:
        issue.author_id = by.member_id
    if by.member_id not in writer_ids(session, issue):
        enter(session, issue, IssueState.DRAFT, by=by)


def _put(issue: Issue, name: str, value: str) -> None:
    try:
        if name in LINES:
            setattr(issue, name, value)
        elif name == OPENING:
            issue.write(value)
        else:
            _put_in_item(issue, name, value)
    except DomainError as refusal:
        raise DomainError(refusal.message, about=name) from refusal


def _put_in_item(issue: Issue, name: str, value: str) -> None:
    _prefix, public_id, part = name.split("-", 2)
    item = next(one for one in issue.items if one.public_id == public_id)
    if part == _TEXT:
        item.write(value)
    elif part == THEMES:
        item.themes = value.split()
    else:
        setattr(item, part, value)
