"""A report of delivery that is read several times: mailboxes are read again, relays repeat."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.newsletters.models import Bounce, BounceKind, Delivery, Subscriber, SubscriberState
from inters4.newsletters.services.bouncing import note_bounce
from inters4.settings import Settings
from tests.builders.newsletters import make_newsletter
from tests.builders.sending import make_sending, make_subscriber


def test_a_report_read_again_counts_once_and_takes_nobody_away_twice(
    session: Session, settings: Settings
) -> None:
    make_newsletter(session)
    reader = make_subscriber(session)
    make_sending(session, settings=settings)
    row = session.scalars(select(Delivery)).one()

    def note(kind: BounceKind) -> bool:
        return note_bounce(session, delivery_id=row.id, subscriber_id=reader.id, kind=kind)

    assert note(BounceKind.HARD)
    session.get_one(Subscriber, reader.id).state = SubscriberState.ACTIVE  # they came back
    session.flush()

    for kind in (BounceKind.HARD, BounceKind.SOFT, BounceKind.SOFT, BounceKind.HARD):
        assert not note(kind)

    kept = session.scalars(select(Bounce.kind).order_by(Bounce.id)).all()
    assert kept == [BounceKind.HARD, BounceKind.SOFT]
    assert reader.state is SubscriberState.ACTIVE
