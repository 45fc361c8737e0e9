"""The facts that letters to subscribers tell, read when they leave.

Whether the address is subscribed already is looked at here, by the worker: the page that took the
form did the same for everyone.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.i18n import format_date, format_moment
from inters4.core.jobs import jobs
from inters4.core.mail import QueuedMail
from inters4.newsletters.exports.tokens import choices_path, confirm_path, leave_path
from inters4.newsletters.models import (
    Issue,
    Newsletter,
    Subscriber,
    SubscriberState,
    SubscriptionRequest,
)
from inters4.newsletters.queries.audience import is_written_to
from inters4.newsletters.queries.subscribers import state_at
from inters4.veille.models import Summary, SummaryState

SUBSCRIPTION = "newsletter_subscription"
CORRECTION = "newsletter_correction"
WAY_OUT = "newsletter_way_out"
MOST_LETTERS = 3
"""Letters a day to one address, whoever fills the form."""
_DAY = timedelta(days=1)
_CHANGED = frozenset({SummaryState.CORRECTED, SummaryState.REPLACED, SummaryState.RETRACTED})
_RECEIVING = frozenset({SubscriberState.ACTIVE, SubscriberState.PAUSED})


def subscription(session: Session, mail: QueuedMail) -> Mapping[str, Any] | None:
    """A link to confirm, or to one's choices; None when it served or was asked too often."""
    row = session.get(SubscriptionRequest, int(mail.parameters["request"]))
    if row is None or row.used_at is not None or _was_asked_often(session, row):
        return None
    found = session.scalars(select(Subscriber).where(Subscriber.address == row.address)).first()
    known = found if found and found.state in _RECEIVING else None
    titles = session.scalars(
        select(Newsletter.title)
        .where(Newsletter.id.in_(row.newsletters))
        .order_by(Newsletter.title, Newsletter.id)
    ).all()
    rests = known is not None and state_at(known, now()) is SubscriberState.PAUSED
    ends = known.paused_until if known is not None and rests else None
    facts = {
        "asked_at": format_moment(row.created_at),
        "titles": list(titles),
        "is_resting": rests,
        "rests_until": format_date(ends) if ends else "",
    }
    path = choices_path(known.public_id, key=known.key) if known else confirm_path(row.public_id)
    return {**facts, "is_known": known is not None, "path": path}


def correction(session: Session, mail: QueuedMail) -> Mapping[str, Any] | None:
    """What became of a summary that was received; None for whoever left, or when it stands again.

    Its way out is that of the issue in which it was received.
    """
    found = session.scalars(
        select(Subscriber).where(
            Subscriber.id == int(mail.parameters["subscriber"]),
            Subscriber.address == mail.recipient,
            is_written_to(now()),
        )
    ).first()
    summary = session.get(Summary, mail.parameters["summary"])
    issue = session.get(Issue, mail.parameters["issue"])
    if found is None or summary is None or issue is None or summary.state not in _CHANGED:
        return None
    leave = leave_path(found.public_id, issue.id)
    return {
        "state": summary.state.value,
        "title": summary.title,
        "why": summary.state_reason,
        "issue": issue.title,
        "path": f"/veille/resumes/{summary.slug}",
        "leave": leave,
        "headers": {
            "List-Unsubscribe": f"<{jobs.settings.url}{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    }


def way_out(session: Session, mail: QueuedMail) -> Mapping[str, Any] | None:
    """One's own links, out and to one's choices; None for an address that receives nothing."""
    found = session.scalars(
        select(Subscriber).where(
            Subscriber.address == mail.recipient, Subscriber.state.in_(_RECEIVING)
        )
    ).first()
    earlier = select(func.count()).where(
        QueuedMail.kind == WAY_OUT,
        QueuedMail.recipient == mail.recipient,
        QueuedMail.id < mail.id,
        QueuedMail.created_at > mail.created_at - _DAY,
    )
    if found is None or (session.scalar(earlier) or 0) >= MOST_LETTERS:
        return None
    return {
        "asked_at": format_moment(mail.created_at),
        "leave": leave_path(found.public_id),
        "choices": choices_path(found.public_id, key=found.key),
    }


def _was_asked_often(session: Session, row: SubscriptionRequest) -> bool:
    earlier = select(func.count()).where(
        SubscriptionRequest.address == row.address,
        SubscriptionRequest.id < row.id,
        SubscriptionRequest.created_at > row.created_at - _DAY,
    )
    return (session.scalar(earlier) or 0) >= MOST_LETTERS
