"""What « Mes données » holds of the infolettre: the choices, the proof, what was sent."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from inters4.members.queries.leaving import addresses_of
from inters4.newsletters.models import (
    Delivery,
    Subscriber,
    SubscriberStep,
    SubscriberTheme,
    Subscription,
    SubscriptionRequest,
)


def subscription_of(session: Session, member_id: int) -> Iterable[Mapping[str, Any]]:
    """Each address at which a person subscribed, what they did, and the issues sent there."""
    emails = sorted(addresses_of(session, member_id))
    is_theirs = or_(Subscriber.member_id == member_id, Subscriber.address.in_(emails))
    for one in session.scalars(select(Subscriber).where(is_theirs).order_by(Subscriber.id)):
        yield {
            "email": one.email,
            "state": one.state.value,
            "language": one.language,
            "frequency": one.frequency.value,
            "paused_until": _written(one.paused_until),
            "confirmed_at": _written(one.confirmed_at),
            "themes": list(
                session.scalars(
                    select(SubscriberTheme.theme)
                    .where(SubscriberTheme.subscriber_id == one.id)
                    .order_by(SubscriberTheme.theme)
                )
            ),
            "newsletters": [
                {
                    "id": row.newsletter_id,
                    "since": _written(row.since),
                    "ended_at": _written(row.ended_at),
                }
                for row in session.scalars(
                    select(Subscription)
                    .where(Subscription.subscriber_id == one.id)
                    .order_by(Subscription.newsletter_id)
                )
            ],
        }
        yield from _steps(session, SubscriberStep.subscriber_id == one.id)
        for row in session.scalars(
            select(Delivery).where(Delivery.subscriber_id == one.id).order_by(Delivery.id)
        ):
            yield {
                "issue": row.issue_id,
                "state": row.state.value,
                "sent_at": _written(row.sent_at),
            }
    for asked in session.scalars(
        select(SubscriptionRequest)
        .where(SubscriptionRequest.address.in_(emails))
        .order_by(SubscriptionRequest.id)
    ):
        yield {
            "asked_at": _written(asked.created_at),
            "email": asked.email,
            "themes": asked.themes,
            "newsletters": asked.newsletters,
            "text": asked.text,
            "network": asked.network,
        }


def handling_by(session: Session, member_id: int) -> Iterable[Mapping[str, Any]]:
    """What a member of the team did to subscribers, without saying whose."""
    yield from _steps(session, SubscriberStep.by_id == member_id)


def _steps(session: Session, which: Any) -> Iterable[Mapping[str, Any]]:
    for step in session.scalars(select(SubscriberStep).where(which).order_by(SubscriberStep.id)):
        yield {
            "step": step.after.value,
            "at": _written(step.at),
            "text": step.text,
            "source": step.source,
            "network": step.network,
            "reason": step.reason,
            "issue": step.issue_id,
        }


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
