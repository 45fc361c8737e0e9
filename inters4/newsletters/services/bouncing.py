"""What comes back, and when an address is not written to any more.

An address that does not exist is left at once. One that takes nothing for a while, a full box for
instance, is left when the last three issues came back, over thirty days at least.
"""

import re
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.newsletters.models import (
    UNSETTLED,
    Bounce,
    BounceKind,
    Delivery,
    DeliveryState,
    Subscriber,
)
from inters4.newsletters.services import subscriber_life as life
from inters4.newsletters.services.subscriber_life import Move, Proof

_ISSUES, _OVER = 3, timedelta(days=30)
_GONE = re.compile(r"5\.(1\.(?![78]$)[0-9]+|2\.[01]|4\.4)$")
_FOR_A_WHILE = re.compile(r"(4\.[0-9]+\.[0-9]+|5\.2\.[2-4])$")


def kind_of(status: str) -> BounceKind | None:
    """How a refusal counts against an address; None when it is about something else.

    `status` is the enhanced code of a refusal of the address; without one, a refusal for good
    says that the address does not exist. What concerns security or policy (5.7), or the address of
    the sender (5.1.7, 5.1.8), blames us.
    """
    if not status or _GONE.match(status):
        return BounceKind.HARD
    return BounceKind.SOFT if _FOR_A_WHILE.match(status) else None


def note_bounce(
    session: Session,
    *,
    delivery_id: int,
    subscriber_id: int,
    kind: BounceKind,
    status: str = "",
    said: str = "",
) -> bool:
    """Keep what came back; True when the address is not written to any more because of it.

    The same report read again says nothing new: a delivery comes back once of each kind.
    """
    subscriber = session.scalars(
        select(Subscriber).where(Subscriber.id == subscriber_id).with_for_update()
    ).one()
    known = select(Bounce.id).where(Bounce.delivery_id == delivery_id, Bounce.kind == kind)
    if session.scalars(known.limit(1)).first() is not None:
        return False
    session.add(
        Bounce(
            delivery_id=delivery_id,
            subscriber_id=subscriber_id,
            kind=kind,
            status=status,
            said=said,
        )
    )
    session.flush()
    if kind is BounceKind.SOFT and not _comes_back_always(session, subscriber_id):
        return False
    move = Move.COMPLAIN if kind is BounceKind.COMPLAINT else Move.BOUNCE
    if not life.may(subscriber, move):
        return False
    proof, reason = Proof(source="retour"), f"{status} {said}".strip()
    life.make(session, subscriber, move, proof=proof, reason=reason)
    session.flush()
    return True


def _comes_back_always(session: Session, subscriber_id: int) -> bool:
    """True when nothing of the last issues arrived, for long enough."""
    last = (
        select(Delivery.id)
        .where(
            Delivery.subscriber_id == subscriber_id,
            Delivery.state.not_in([*UNSETTLED, DeliveryState.SUPPRESSED]),
        )
        .order_by(Delivery.id.desc())
        .limit(_ISSUES)
    )
    ids = session.scalars(last).all()
    rows = session.execute(
        select(Bounce.delivery_id, Bounce.at).where(Bounce.delivery_id.in_(ids))
    ).all()
    came_back = {row.delivery_id for row in rows}
    if len(ids) < _ISSUES or came_back != set(ids):
        return False
    return bool(min(row.at for row in rows) <= now() - _OVER)
