"""A message that came back, read: whose it was, and what relays say of it (RFC 3464).

Only an address of return that was signed here is believed: it is what a message is sent under, and
nobody else knows it. What the report says of recipients is read for its code alone, never to find
whom to leave. Relays that send no report but a page of words are understood as far as these go.
"""

import email
import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.utils import getaddresses
from enum import StrEnum

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.values import dataclass
from inters4.newsletters.exports.tokens import read_return
from inters4.newsletters.models import BounceKind, Delivery, Issue, Subscriber
from inters4.newsletters.queries.subscribers import find_subscriber
from inters4.newsletters.services.bouncing import kind_of, note_bounce
from inters4.newsletters.services.preferences import leave

log = structlog.get_logger(__name__)
LARGEST = 2_000_000
"""Bytes of a returned message that are read."""
_WHERE = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Resent-To")
_LONGEST, _LONGEST_WORDS = 300, 4000
_CODE = re.compile(r"\b[245]\.[0-9]{1,3}\.[0-9]{1,3}\b(?!\.)")
_RELAYS = re.compile(r"\b(mailer-daemon|postmaster)@")
_FAILED = re.compile(
    r"deliver\w* fail|undeliver|failure notice|returned (mail|to sender)|non remis"
)
_COPY = re.compile(r"^-{2,} ?(this is a|below this line is a) copy", re.IGNORECASE | re.MULTILINE)
BY_MAIL = "courriel"
"""Source of a departure by the button of a mail program."""


class Ending(StrEnum):
    """What was done with a message."""

    LEFT = "left"
    NOTED = "noted"
    UNSUBSCRIBED = "unsubscribed"
    IGNORED = "ignored"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Report:
    """What a report of delivery says.

    Attributes:
        action: `failed`, `delayed`, `delivered`…; empty for what is no report.
        status: the enhanced code; empty when only words say that it failed.
        said: the words of the relay.
    """

    action: str = ""
    status: str = ""
    said: str = ""
    is_complaint: bool = False

    @property
    def kind(self) -> BounceKind | None:
        """How it counts against the address; what says no more than « failed » proves little."""
        if self.is_complaint:
            return BounceKind.COMPLAINT
        is_vague = not self.status or self.status.endswith(".0.0")
        return BounceKind.SOFT if is_vague else kind_of(self.status)


@dataclass(frozen=True, slots=True)
class _Read:
    """A message that came back; `stem` names the delivery that it is about, empty for none."""

    stem: str = ""
    report: Report = Report()
    asks_to_leave: bool = False


def take_back(session: Session, data: bytes, *, domain: str) -> Ending:
    """Read what came to the mailbox of returns, and do what it asks.

    `domain` is that of the Message-IDs of this installation.
    """
    read = _read(data)
    row = _delivery(session, read.stem, domain) if read.stem else None
    if row is None:
        return Ending.UNKNOWN
    report = read.report
    if report.action == "failed" or report.is_complaint:
        kind = report.kind
        if kind is None:
            return Ending.IGNORED
        has_left = note_bounce(
            session,
            delivery_id=row.id,
            subscriber_id=row.subscriber_id,
            kind=kind,
            status=report.status,
            said=report.said,
        )
        return Ending.LEFT if has_left else Ending.NOTED
    if not report.action and read.asks_to_leave:
        return _unsubscribe(session, row)
    return Ending.IGNORED


def _read(data: bytes) -> _Read:
    """What the message says, as far as it can be read.

    Anybody may write to the mailbox of returns, and the library that reads messages fails in many
    ways on what is no message: such a one says nothing, and the next is read.
    """
    try:
        message = email.message_from_bytes(data[:LARGEST], policy=policy.default)
        stem = next(_stems(message), "")
        if not stem:
            return _Read()
        return _Read(stem, read_report(message), asks_to_leave=_asks_to_leave(message))
    except Exception as error:  # noqa: BLE001  (whatever it is, it is no message)
        log.warning("return_unreadable", reason=type(error).__name__)
        return _Read()


def read_report(message: EmailMessage) -> Report:
    """The first failure that a report tells of, else whatever it tells first.

    A report that somebody attached to a message of theirs is about something else.
    """
    found = Report(is_complaint=_is_complaint(message))
    for part in _own_parts(message):
        if part.get_content_type() != "message/delivery-status":
            continue
        for group in _groups(part):
            action = str(group.get("Action", "")).strip().lower()
            if not action:
                continue
            said = " ".join(str(group.get("Diagnostic-Code", "")).split())[:_LONGEST]
            report = Report(action, _status(str(group.get("Status", "")), said), said)
            if action == "failed":
                return report
            found = found if found.action else report
    return found if found.action or found.is_complaint else _said_in_words(message)


def _own_parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """The parts of a message, not those of the messages that it bears."""
    yield message
    if message.get_content_maintype() == "multipart":
        for part in message.iter_parts():
            if isinstance(part, EmailMessage):
                yield from _own_parts(part)


def _status(field: str, said: str) -> str:
    """The code; where a relay (Exim) gives none of its own, the one that it was told."""
    status = field.partition("(")[0].strip().partition(" ")[0]
    told = _CODE.search(said) if status.endswith(".0.0") else None
    return told[0] if told else status


def _said_in_words(message: EmailMessage) -> Report:
    """What old relays return: a message of theirs, in English, with a code or none."""
    sender = str(message.get("From", "")).lower()
    subject = " ".join(str(message.get("Subject", "")).split()).lower()
    if not _RELAYS.search(sender) or not _FAILED.search(subject):
        return Report()
    body = message.get_body(("plain",))
    text = str(body.get_content()) if body is not None else ""
    told = _CODE.search(_COPY.split(text, 1)[0][:_LONGEST_WORDS])
    return Report("failed", told[0] if told else "", subject[:_LONGEST])


def _groups(part: EmailMessage) -> Iterator[EmailMessage]:
    """The groups of fields of a report, however the parser cut it."""
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (one for one in payload if isinstance(one, EmailMessage))
        return
    for block in str(payload).replace("\r\n", "\n").split("\n\n"):
        yield email.message_from_string(block, policy=policy.default)


def _stems(message: EmailMessage) -> Iterator[str]:
    for name in _WHERE:
        values = [str(value) for value in message.get_all(name, [])]
        for _said, address in getaddresses(values):
            stem = read_return(address)
            if stem is not None:
                yield stem


def _delivery(session: Session, stem: str, domain: str) -> Delivery | None:
    return session.scalars(
        select(Delivery).where(Delivery.message_id == f"<{stem}@{domain}>")
    ).first()


def _is_complaint(message: EmailMessage) -> bool:
    """True of a complaint in the form that mail services use (RFC 5965)."""
    if message.get_param("report-type") != "feedback-report":
        return False
    return any(part.get_content_type() == "message/feedback-report" for part in _own_parts(message))


def _asks_to_leave(message: EmailMessage) -> bool:
    """True of what the button of a mail program sends: the subject that our header gave it."""
    said = " ".join(str(message.get("Subject", "")).split()).lower()
    return said in {"desabonnement", "unsubscribe"}


def _unsubscribe(session: Session, row: Delivery) -> Ending:
    named = session.execute(
        select(Subscriber.public_id, Issue.newsletter_id)
        .select_from(Delivery)
        .join(Subscriber, Subscriber.id == Delivery.subscriber_id)
        .join(Issue, Issue.id == Delivery.issue_id)
        .where(Delivery.id == row.id)
    ).one()
    subscriber = find_subscriber(session, named.public_id, for_update=True)
    if subscriber is None:
        return Ending.UNKNOWN
    leave(
        session,
        subscriber,
        newsletter_id=named.newsletter_id,
        source=BY_MAIL,
        issue_id=row.issue_id,
    )
    return Ending.UNSUBSCRIBED
