"""The facts that mails of notices tell, read when they leave.

Rights, choices and « read meanwhile » are settled here: what its recipient may no longer read, or
has read, is not told; a mail that has nothing left to tell is cancelled.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.hooks import hooks
from inters4.core.i18n import format_moment, ngettext
from inters4.core.mail import QueuedMail
from inters4.core.notices import Channel
from inters4.notices.exports.links import list_id, thread_of
from inters4.notices.models import (
    MailRule,
    Notice,
    NoticeDigest,
    NoticeLetter,
    NoticeSettings,
    channel_for,
)
from inters4.notices.queries.choices import choices_of, settings_of, sharing
from inters4.notices.queries.letters import unread_of_digest, unread_of_group
from inters4.notices.queries.told import words_of

NOTICE_MAIL, DIGEST_MAIL = "notice", "notice_digest"
MOST_IN_A_MAIL = 50
"""The others are counted: a mail has an end, and says what it leaves out."""


def notice_mail(session: Session, mail: QueuedMail) -> Mapping[str, Any] | None:
    """What is unread in the group of `mail`; None when nothing is, or mail is refused meanwhile."""
    letter = session.get(NoticeLetter, int(mail.parameters["letter"]))
    kind = hooks.notice_kinds.get(letter.kind) if letter else None
    if letter is None or kind is None or letter.mail_id != mail.id:
        return None  # SQLite gives the number of a row that went to another: it is not of this mail
    settings = settings_of(session, letter.member_id)
    chosen = choices_of(session, letter.member_id)
    wanted = [
        name
        for name in sharing(kind)
        if channel_for(hooks.notice_kinds[name], settings, chosen.get(name)) is Channel.MAIL
    ]
    told = _told(session, unread_of_group(session, letter, wanted)) if wanted else []
    if not told:
        return None
    return {
        **_said(told, settings),
        "label": kind.label(),
        "headers": {
            **list_id(kind.name),
            **thread_of(f"{letter.member_id}/{kind.conversation or kind.name}/{letter.group_key}"),
        },
    }


def digest_mail(session: Session, mail: QueuedMail) -> Mapping[str, Any] | None:
    """What is unread of a digest, by kind; None when nothing is, or mail is refused meanwhile."""
    digest = session.get(NoticeDigest, int(mail.parameters["digest"]))
    if digest is None:
        return None
    settings = settings_of(session, digest.member_id)
    if settings.mail is MailRule.NEVER:
        return None
    told = _told(session, unread_of_digest(session, digest.id))
    if not told:
        return None
    order = {name: (kind.order, name) for name, kind in hooks.notice_kinds.items()}
    said = _said(told, settings)
    shown = said["notices"]
    names = sorted({line["kind"] for line in shown}, key=lambda name: order[name])
    return {
        **said,
        "sections": [
            {
                "label": hooks.notice_kinds[name].label(),
                "lines": [line for line in shown if line["kind"] == name],
            }
            for name in names
        ],
        "is_weekly": settings.frequency.value == "weekly",
        "headers": list_id("resume"),
    }


def _said(told: Sequence[Mapping[str, Any]], settings: NoticeSettings) -> dict[str, Any]:
    others = len(told) - MOST_IN_A_MAIL
    return {
        "notices": told[:MOST_IN_A_MAIL],
        "count": len(told),
        "counted": ngettext("%(num)s avis non lu", "%(num)s avis non lus", len(told)),
        "others": ngettext(
            "Un autre avis vous attend dans le portail.",
            "%(num)s autres avis vous attendent dans le portail.",
            others,
        )
        if others > 0
        else "",
        "is_discreet": settings.is_discreet,
    }


def _told(session: Session, notices: Sequence[Notice]) -> list[dict[str, Any]]:
    words = words_of(session, notices)
    return [
        {
            "kind": one.kind,
            "title": words[one.id].title,
            "text": words[one.id].text,
            "at": format_moment(one.created_at),
            "path": f"/avis/{one.public_id}",
        }
        for one in notices
        if one.id in words and not words[one.id].is_over
    ]
