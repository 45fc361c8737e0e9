"""Deliveries that will not leave: their reader left, or the sending was ended."""

from sqlalchemy import ColumnElement, and_, case, exists, or_, select, update
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.newsletters.models import (
    UNSETTLED,
    Delivery,
    DeliveryState,
    Issue,
    IssueState,
    Subscriber,
)
from inters4.newsletters.queries.audience import is_written_to, receives

_WAITING = (DeliveryState.QUEUED, DeliveryState.DEFERRED)


def suppress_left(session: Session, issue_id: str) -> int:
    """Set aside what waits for people who left since; how many."""
    left = ~exists().where(
        Subscriber.id == Delivery.subscriber_id,
        is_written_to(now()),
        receives(select(Issue.newsletter_id).where(Issue.id == issue_id).scalar_subquery()),
    )
    return _suppress(session, Delivery.issue_id == issue_id, left)


def suppress_rest(session: Session, issue_id: str) -> int:
    """Set aside everything that has not left; how many. What is in a sender's hands may leave."""
    return _suppress(session, Delivery.issue_id == issue_id)


def suppress_ended(session: Session) -> int:
    """Settle what was in a sender's hands when its sending was ended, and nobody took up; how many.

    Nobody knows whether it left: it is counted as uncertain.
    """
    ended = select(Issue.id).where(Issue.state == IssueState.SENT)
    return _suppress(session, Delivery.issue_id.in_(ended))


def has_left_to_do(session: Session, issue_id: str) -> bool:
    """True while a message of the issue may still leave."""
    found = select(Delivery.id).where(Delivery.issue_id == issue_id, Delivery.state.in_(UNSETTLED))
    return session.execute(found.limit(1)).first() is not None


def _suppress(session: Session, *which: ColumnElement[bool]) -> int:
    moment = now()
    is_free = or_(
        Delivery.state.in_(_WAITING),
        and_(Delivery.state == DeliveryState.SENDING, Delivery.lease_until < moment),
    )
    found = session.execute(
        update(Delivery)
        .where(is_free, *which)
        .values(
            state=DeliveryState.SUPPRESSED,
            uncertain=Delivery.uncertain
            + case((Delivery.state == DeliveryState.SENDING, 1), else_=0),
            lease_owner=None,
            lease_until=None,
            settled_at=moment,
        )
        .returning(Delivery.id),
        execution_options={"synchronize_session": False},
    )
    return len(found.all())
