"""Subscribers, and issues about to leave. A case gives only what it is about."""

import itertools
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.newsletters.exports.message import Block, Link, MessageParts, Piece, Section
from inters4.newsletters.models import (
    Frequency,
    Issue,
    IssueState,
    Subscriber,
    SubscriberState,
    SubscriberTheme,
    Subscription,
)
from inters4.newsletters.services.freezing import freeze_issue
from inters4.settings import Settings
from tests.builders.newsletters import make_issue, make_newsletter

_numbers = itertools.count(1)
_NOTHING = Piece("", "")
HOLES = {"unsubscribe": "\uf8f0unsubscribe\uf8f1", "link": "\uf8f0link0\uf8f1"}


def make_subscriber(
    session: Session,
    *,
    address: str = "",
    newsletter: str = "en-bref",
    state: SubscriberState = SubscriberState.ACTIVE,
    frequency: Frequency = Frequency.EACH,
    themes: Collection[str] = (),
    language: str = "fr",
    member_id: int | None = None,
    paused_until: datetime | None = None,
) -> Subscriber:
    """Someone who confirmed their address and receives `newsletter`."""
    email = address or f"lectrice-{next(_numbers)}@exemple.ca"
    subscriber = Subscriber(
        email=email,
        address=email,
        member_id=member_id,
        state=state,
        frequency=frequency,
        language=language,
        paused_until=paused_until,
        confirmed_at=now(),
        themes=[SubscriberTheme(theme=theme) for theme in themes],
        subscriptions=[Subscription(newsletter_id=newsletter)],
    )
    session.add(subscriber)
    session.flush()
    return subscriber


def make_parts(**values: Any) -> MessageParts:
    """The message of an issue with one item that bears one link."""
    block = Block(
        "article",
        (),
        Piece(f'<p><a href="{HOLES["link"]}">Un résumé</a></p>', "Un résumé"),
        Piece("<p>Un résumé</p>", "Un résumé"),
    )
    leave = HOLES["unsubscribe"]
    given: dict[str, Any] = {
        "subject": "L’infolettre de novembre",
        "sender": "Courtage de connaissances",
        "reply_to": "courtage@exemple.ca",
        "language": "fr",
        "preheader": "",
        "opening": Piece("<html><body><h1>Novembre</h1>", "Novembre"),
        "contents": (_NOTHING, _NOTHING),
        "sections": (Section(_NOTHING, _NOTHING, (block,)),),
        "before_earlier": _NOTHING,
        "earlier": (),
        "after_earlier": _NOTHING,
        "closing": Piece(f'<a href="{leave}">Se désabonner</a></body></html>', leave),
        "links": (Link("", "https://revue.exemple.ca/article"),),
        **values,
    }
    return MessageParts(**given)


def make_ready(session: Session, number: int = 1, **values: Any) -> Issue:
    """An issue whose hour has come; its newsletter is made with the first."""
    if number == 1:
        make_newsletter(session)
    issue = make_issue(session, number, state=IssueState.SCHEDULED, published_at=None)
    for name, value in values.items():
        setattr(issue, name, value)
    session.flush()
    return issue


def make_sending(session: Session, number: int = 1, *, settings: Settings, **values: Any) -> Issue:
    """An issue that has just been frozen, for the subscribers that there are."""
    issue = make_ready(session, number, **values)
    freeze_issue(session, issue, make_parts(), settings=settings)
    return issue
