"""The parts of an issue's message, as its items are now.

One template draws everything at once, whole blocks and lines, so that styles are inlined once; it
is then cut at the marks that it bears. A mark is drawn at random each time: nobody can write one.
"""

import secrets
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from inters4.core.i18n import use_locale
from inters4.core.mail.render import draw, one_line
from inters4.core.richtext import Profile, excerpt, render
from inters4.newsletters.exports.citations import path_of
from inters4.newsletters.exports.message.holes import (
    PREFERENCES,
    UNSUBSCRIBE,
    WEB,
    Linker,
    without_holes,
)
from inters4.newsletters.exports.message.parts import (
    Block,
    Earlier,
    MessageParts,
    Piece,
    Section,
)
from inters4.newsletters.exports.message.plain import text_of
from inters4.newsletters.exports.sections import Section as Told
from inters4.newsletters.exports.sections import sections_of
from inters4.newsletters.models import Issue, IssueItem, ItemKind
from inters4.newsletters.queries.composing import earlier_issues, load_told
from inters4.practices.models import without_citations
from inters4.settings import Settings
from inters4.vocabulary.queries import Vocabulary, vocabulary

_HOLES = {"unsubscribe": UNSUBSCRIBE, "preferences": PREFERENCES, "web": WEB}


def parts_of(session: Session, issue: Issue, *, settings: Settings) -> MessageParts:
    """The parts of the message of `issue`; an item that readers may not see is not in it."""
    issue = load_told(session, issue.id) or issue
    newsletter = issue.newsletter
    sections = [
        Told(one.anchor, one.title, [item for item in one.items if is_told(item)])
        for one in sections_of(issue.items)
    ]
    sections = [one for one in sections if one.items]
    earlier = earlier_issues(session, issue)
    with use_locale(newsletter.language):
        cut, html = _drawn(session, issue, sections, earlier, settings)
    linker = Linker(settings.url)
    pieces = iter(html.split(cut))

    def take(item: str = "", *, is_counted: bool = True) -> Piece:
        plain = linker.absolute(next(pieces)).strip()
        return Piece(linker.bore(plain, item=item) if is_counted else plain, text_of(plain))

    opening = take()
    contents_before = take()
    entries = [take() for _section in sections]
    contents_after = take()
    made = tuple(
        Section(
            take(),
            entry,
            tuple(
                Block(item.public_id, themes_of(item), take(item.public_id), take(item.public_id))
                for item in section.items
            ),
        )
        for section, entry in zip(sections, entries, strict=True)
    )
    return MessageParts(
        subject=one_line(issue.subject or issue.title),
        sender=one_line(newsletter.sender or settings.mail_sender),
        reply_to=newsletter.reply_to or settings.contact,
        language=newsletter.language,
        preheader=one_line(issue.description),
        opening=opening,
        contents=(contents_before, contents_after),
        sections=made,
        before_earlier=take(),
        earlier=tuple(Earlier(one.id, take(is_counted=False)) for one in earlier),
        after_earlier=take(),
        closing=take(),
        links=linker.links,
    )


def _drawn(
    session: Session,
    issue: Issue,
    sections: Sequence[Told],
    earlier: Sequence[Issue],
    settings: Settings,
) -> tuple[str, str]:
    """What parts the pieces, and the page that holds them, with the portal's own holes alone."""
    newsletter, words = issue.newsletter, vocabulary(session)
    secret = secrets.token_hex(8)
    cut = f"<!--{secret}-->"
    html = draw(
        "issue",
        {
            "cut": secret,
            "issue": issue,
            "newsletter": newsletter,
            "locale": newsletter.language,
            "sender": newsletter.sender or settings.mail_sender,
            "contact": newsletter.reply_to or settings.contact,
            "opening": _rich(issue.source, 2, "mot"),
            "sections": [
                (one, [_block(item, 3 if one.title else 2, words) for item in one.items])
                for one in sections
            ],
            "has_contents": sum(bool(one.title) for one in sections) > 1,
            "earlier": [(one, path_of(one)) for one in earlier],
            "path": path_of(issue),
            "places": {name: f"{secret}-{name}" for name in _HOLES},
        },
    )
    html = without_holes(html)
    for name, hole in _HOLES.items():
        html = html.replace(f"{secret}-{name}", hole)
    return cut, html


def _block(item: IssueItem, level: int, words: Vocabulary) -> dict[str, Any]:
    """What the template says of an item."""
    return {
        "item": item,
        "level": level,
        "themes": words.labels("themes", themes_of(item)),
        "words": _rich(item.source, level + 1, item.public_id),
        "short": item.title or excerpt(item.markup, length=90),
        **_cited(item, level, words),
    }


def _cited(item: IssueItem, level: int, words: Vocabulary) -> dict[str, Any]:
    if item.summary is not None:
        summary = item.summary
        return {
            "design": words.label("evidence_types", summary.design),
            "strength": words.label("evidence_strength", summary.evidence_strength),
            "paragraph": _rich(summary.source, level + 1, f"resume-{item.public_id}"),
        }
    if item.practice is not None:
        practice = item.practice
        return {
            "maturity": words.label("maturity", practice.maturity),
            "strength": words.label("evidence_strength", practice.evidence_strength),
            "solution": without_citations(practice.solution),
        }
    return {}


def _rich(source: str, level: int, namespace: str) -> Markup:
    return render(source, profile=Profile.DOCUMENT, top_heading=level, namespace=namespace).html


def is_told(item: IssueItem) -> bool:
    """False of an item that says nothing to readers: its sheet or summary is not online."""
    if item.kind is ItemKind.PRACTICE:
        return item.practice is not None and item.practice.is_readable
    if item.kind is ItemKind.SUMMARY:
        return item.summary is not None and item.summary.is_readable
    return True


def themes_of(item: IssueItem) -> tuple[str, ...]:
    """The themes of what an item tells of, else its own."""
    if item.summary is not None:
        return tuple(item.summary.terms_of("themes"))
    if item.practice is not None:
        return tuple(item.practice.terms_of("themes"))
    return tuple(item.themes)
