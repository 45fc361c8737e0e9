"""Refusals that stopped a sending blame nobody yet: a person looks before they count.

When a relay refuses everything, each address seems bad. What was refused goes back to the end of
the queue, and those who were thought gone are subscribers again.
"""

from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.newsletters.models import (
    Bounce,
    Delivery,
    DeliveryState,
    Subscriber,
    SubscriberState,
)
from inters4.newsletters.services import subscriber_life as life
from inters4.newsletters.services.subscriber_life import Move, Proof


def forgive(session: Session, delivery_ids: Collection[int]) -> int:
    """Put back refused deliveries, after those that were never tried; how many."""
    found = session.execute(
        update(Delivery)
        .where(
            Delivery.id.in_(delivery_ids),
            Delivery.state.in_((DeliveryState.BOUNCED, DeliveryState.FAILED)),
        )
        .values(state=DeliveryState.QUEUED, not_before=now(), settled_at=None)
        .returning(Delivery.id),
        execution_options={"synchronize_session": False},
    ).all()
    ids = [row.id for row in found]
    blamed = select(Bounce.subscriber_id).where(Bounce.delivery_id.in_(ids))
    for subscriber in session.scalars(
        select(Subscriber)
        .where(Subscriber.id.in_(blamed), Subscriber.state == SubscriberState.BOUNCED)
        .with_for_update()
    ).all():
        _receive_again(session, subscriber)
    session.execute(delete(Bounce).where(Bounce.delivery_id.in_(ids)))
    session.flush()
    return len(ids)


def _receive_again(session: Session, subscriber: Subscriber) -> None:
    was_resting = subscriber.paused_until is not None
    move = Move.FORGIVE_RESTING if was_resting else Move.FORGIVE
    life.make(session, subscriber, move, proof=Proof(source="relais"))
