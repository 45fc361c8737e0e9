"""What the balance sheet counts of newsletters: subscribers, issues, messages."""

from collections.abc import Collection, Mapping
from functools import cache

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from inters4.core.figures import UNTIL, Journal, Rows, during
from inters4.newsletters.models import (
    ApprovalDecision,
    Bounce,
    Delivery,
    DeliveryState,
    Issue,
    IssueApproval,
    IssueState,
    Subscriber,
    SubscriberState,
    SubscriberStep,
)

SUBSCRIBERS = Journal(
    table=SubscriberStep,
    owner="subscriber_id",
    before="before",
    after="after",
    among=(SubscriberState.ACTIVE, SubscriberState.PAUSED),
)
"""Whoever receives the infolettres, or asked for a pause."""
_OUT = (IssueState.SENDING, IssueState.PAUSED, IssueState.SENT)


@cache
def subscribed() -> Rows:
    """Subscribers when the period ended."""
    return _steps().where(SUBSCRIBERS.stood())


@cache
def joined() -> Rows:
    """Subscriptions begun in the period, or begun again."""
    return _steps().where(SUBSCRIBERS.entered())


@cache
def gone() -> Rows:
    """Subscriptions that ended in the period, whatever the reason."""
    return _steps().where(SUBSCRIBERS.left())


@cache
def sent_here() -> Rows:
    """Issues that the portal sent in the period; a message that corrects one is counted apart."""
    return _issues(during(Issue.published_at)).where(
        Issue.erratum_of_id.is_(None), Issue.sent_elsewhere.is_(None)
    )


@cache
def sent_elsewhere() -> Rows:
    """Issues sent outside the portal in the period, and to how many people: `amount`."""
    return _issues(during(Issue.published_at)).where(
        Issue.erratum_of_id.is_(None), Issue.sent_elsewhere.is_not(None)
    )


@cache
def sent_in_all() -> Rows:
    """Issues sent before the period ended, from the portal or not."""
    return _issues(Issue.published_at < UNTIL).where(Issue.erratum_of_id.is_(None))


@cache
def corrections() -> Rows:
    """Messages that corrected an issue, sent in the period."""
    return _issues(during(Issue.published_at)).where(Issue.erratum_of_id.is_not(None))


@cache
def released() -> Rows:
    """Issues that the coordination released alone in the period, one line a decision."""
    return (
        select(
            IssueApproval.decided_at.label("at"),
            IssueApproval.reason,
            Issue.newsletter_id,
            Issue.number,
            Issue.title,
        )
        .join(Issue, Issue.id == IssueApproval.issue_id)
        .where(
            IssueApproval.decision == ApprovalDecision.RELEASED, during(IssueApproval.decided_at)
        )
        .order_by(IssueApproval.decided_at.desc(), IssueApproval.id.desc())
    )


@cache
def messages() -> Rows:
    """Messages that a server accepted in the period."""
    return (
        select(Delivery.sent_at.label("at"), Delivery.issue_id, Delivery.subscriber_id)
        .where(Delivery.state == DeliveryState.SENT, during(Delivery.sent_at))
        .order_by(Delivery.sent_at.desc(), Delivery.id.desc())
    )


@cache
def returns() -> Rows:
    """Messages that came back, or were refused, in the period."""
    return (
        select(Bounce.at, Bounce.status, Bounce.subscriber_id, Delivery.issue_id)
        .join(Delivery, Delivery.id == Bounce.delivery_id)
        .where(during(Bounce.at))
        .order_by(Bounce.at.desc(), Bounce.id.desc())
    )


def issues_named(session: Session, ids: Collection[str]) -> Mapping[str, Row[str, str, str, int]]:
    """Title, newsletter and number of issues, by id."""
    rows = session.execute(
        select(Issue.id, Issue.title, Issue.newsletter_id, Issue.number).where(Issue.id.in_(ids))
    )
    return {row.id: row for row in rows}


def subscribers_named(
    session: Session, numbers: Collection[int]
) -> Mapping[int, Row[int, str, SubscriberState]]:
    """Public id and state of subscribers, by number."""
    rows = session.execute(
        select(Subscriber.id, Subscriber.public_id, Subscriber.state).where(
            Subscriber.id.in_(numbers)
        )
    )
    return {row.id: row for row in rows}


def _steps() -> Rows:
    return (
        select(SubscriberStep.at, SubscriberStep.after, Subscriber.public_id, Subscriber.state)
        .join(Subscriber, Subscriber.id == SubscriberStep.subscriber_id)
        .order_by(SubscriberStep.at.desc(), SubscriberStep.id.desc())
    )


def _issues(when: ColumnElement[bool]) -> Rows:
    return (
        select(
            Issue.published_at.label("at"),
            Issue.newsletter_id,
            Issue.number,
            Issue.title,
            Issue.sent_elsewhere.label("amount"),
        )
        .where(when, Issue.state.in_(_OUT))
        .order_by(Issue.published_at.desc(), Issue.id)
    )
