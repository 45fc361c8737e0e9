"""Into the queue and out of it: enqueue, claim one, settle it.

A claim is one atomic UPDATE with a lease, so that two senders never hold the same row. One row is
claimed at a time, in the transaction that settles the one before: after a kill -9 one message a
sender at most is uncertain, and it leaves again under the same Message-ID.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.db import after_commit
from inters4.core.jobs import jobs
from inters4.core.mail.kinds import kinds
from inters4.core.mail.models import MailState, QueuedMail
from inters4.core.values import dataclass

SEND_JOB = "mail.send"
LEASE = timedelta(minutes=10)
RETRY_AFTER = (
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)
RELAY_PAUSE = timedelta(minutes=1)
RELAY_PATIENCE = timedelta(days=3)
_MOST_ATTEMPTS = 8
_ROOT = uuid.UUID("5f0c5c8e-2f0e-5c8e-9a55-1f6a0f9a7a54")


def enqueue(
    session: Session,
    *,
    kind: str,
    template: str,
    recipient: str,
    locale: str,
    parameters: Mapping[str, Any] | None = None,
    member_id: int | None = None,
    not_before: datetime | None = None,
) -> QueuedMail:
    """Queue one message in the caller's transaction, and wake the sender once it commits.

    `parameters` must be JSON: ids, addresses of pages, names; never a text already written.

    Raises:
        LookupError: `kind` is not registered.
    """
    _check(kind)
    mail = QueuedMail(
        kind=kind,
        template=template,
        parameters=dict(parameters or {}),
        recipient=recipient,
        member_id=member_id,
        locale=locale,
        not_before=not_before or now(),
    )
    session.add(mail)
    _nudge(session)
    return mail


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom one of many messages of a kind is for, and its own parameters."""

    member_id: int | None
    recipient: str
    locale: str
    parameters: Mapping[str, Any]


def enqueue_many(
    session: Session,
    addressees: Sequence[Addressee],
    *,
    kind: str,
    template: str,
    not_before: datetime | None = None,
) -> list[tuple[int, Mapping[str, Any]]]:
    """Queue a message to each, in as many statements for a thousand as for one.

    Gives back the number of each row with its parameters, in no order.

    Raises:
        LookupError: `kind` is not registered.
    """
    _check(kind)
    if not addressees:
        return []
    moment = now()
    rows = [
        {
            "kind": kind,
            "template": template,
            "parameters": dict(one.parameters),
            "recipient": one.recipient,
            "member_id": one.member_id,
            "locale": one.locale,
            "not_before": not_before or moment,
            "created_at": moment,
        }
        for one in addressees
    ]
    _nudge(session)
    made = session.execute(insert(QueuedMail).returning(QueuedMail.id, QueuedMail.parameters), rows)
    return [(row.id, row.parameters) for row in made]


def _check(kind: str) -> None:
    if kind not in kinds:
        raise LookupError(f"unknown kind of mail: {kind}")


def _nudge(session: Session) -> None:
    """Wake the sender once the transaction commits; once is enough."""
    if "mail_nudged" not in session.info:
        session.info["mail_nudged"] = True
        after_commit(session, partial(jobs.nudge, SEND_JOB))


@dataclass(frozen=True, slots=True)
class Claim:
    """A row held by one sender until its lease ends."""

    id: int
    owner: str
    is_uncertain: bool


def claim_next(session: Session, *, owner: str, domain: str) -> Claim | None:
    """Hold the oldest message that is due, or whose sender disappeared; None when there is none."""
    moment = now()
    uncertain = session.scalars(select(QueuedMail.id).where(_is_orphan(moment)).limit(1)).first()
    chosen = (
        select(QueuedMail.id)
        .where(_is_due(moment))
        .order_by(QueuedMail.not_before, QueuedMail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    identifier = uncertain if uncertain is not None else session.scalars(chosen).first()
    if identifier is None:
        return None
    held = session.execute(
        update(QueuedMail)
        .where(QueuedMail.id == identifier, or_(_is_due(moment), _is_orphan(moment)))
        .values(
            state=MailState.SENDING,
            lease_until=moment + LEASE,
            lease_owner=owner,
            attempts=QueuedMail.attempts + 1,
        )
        .returning(QueuedMail.id, QueuedMail.message_id, QueuedMail.created_at),
        execution_options={"synchronize_session": False},
    ).first()
    if held is None:
        return None
    if held.message_id is None:
        session.execute(
            update(QueuedMail)
            .where(QueuedMail.id == identifier)
            .values(message_id=message_id(identifier, held.created_at, domain=domain)),
            execution_options={"synchronize_session": False},
        )
    return Claim(identifier, owner, is_uncertain=uncertain is not None)


def message_id(identifier: int, created_at: datetime, *, domain: str) -> str:
    """The Message-ID of a row: always the same, and telling nothing of it."""
    return f"<{uuid.uuid5(_ROOT, f'{identifier}/{created_at.isoformat()}/{domain}').hex}@{domain}>"


def held_by(session: Session, claim: Claim) -> QueuedMail | None:
    """The row of `claim`, None when another sender took it after the lease ended."""
    return session.scalars(
        select(QueuedMail).where(
            QueuedMail.id == claim.id,
            QueuedMail.state == MailState.SENDING,
            QueuedMail.lease_owner == claim.owner,
        )
    ).first()


def mark_sent(mail: QueuedMail) -> None:
    """The transport answered for it."""
    _settle(mail, MailState.SENT)
    mail.sent_at = mail.settled_at
    mail.last_error = None


def cancel(mail: QueuedMail) -> None:
    """Nobody needs it any more."""
    _settle(mail, MailState.CANCELLED)


def fail(mail: QueuedMail, *, reason: str) -> None:
    """It will not leave: the recipient or the message is refused for good."""
    _settle(mail, MailState.FAILED)
    mail.last_error = reason


def postpone(mail: QueuedMail, *, reason: str) -> None:
    """The relay said « later »: wait longer each time, then give up."""
    if mail.attempts > len(RETRY_AFTER):
        fail(mail, reason=reason)
        return
    _release(mail, MailState.QUEUED)
    mail.not_before = now() + RETRY_AFTER[mail.attempts - 1]
    mail.last_error = reason


def wait_for_relay(mail: QueuedMail, *, reason: str) -> None:
    """The relay is out of reach, which is no fault of the message: its attempt does not count."""
    if now() - mail.created_at > RELAY_PATIENCE:
        fail(mail, reason=reason)
        return
    _release(mail, MailState.QUEUED)
    mail.attempts -= 1
    mail.not_before = now() + RELAY_PAUSE
    mail.last_error = reason


def is_worn_out(mail: QueuedMail) -> bool:
    """True when senders keep disappearing while they hold it."""
    return mail.attempts > _MOST_ATTEMPTS


def erase_member(session: Session, member_id: int) -> None:
    """Forget every message to a person."""
    session.execute(delete(QueuedMail).where(QueuedMail.member_id == member_id))


def purge_settled(session: Session, before: datetime) -> int:
    """Delete messages settled before `before`; those still to send stay."""
    settled = (MailState.SENT, MailState.FAILED, MailState.CANCELLED)
    found = session.execute(
        delete(QueuedMail)
        .where(QueuedMail.state.in_(settled), QueuedMail.settled_at < before)
        .returning(QueuedMail.id)
    )
    return len(found.all())


def _settle(mail: QueuedMail, state: MailState) -> None:
    _release(mail, state)
    mail.settled_at = now()


def _release(mail: QueuedMail, state: MailState) -> None:
    mail.state = state
    mail.lease_owner = mail.lease_until = None


def _is_due(moment: datetime) -> ColumnElement[bool]:
    return and_(QueuedMail.state == MailState.QUEUED, QueuedMail.not_before <= moment)


def _is_orphan(moment: datetime) -> ColumnElement[bool]:
    return and_(QueuedMail.state == MailState.SENDING, QueuedMail.lease_until < moment)
