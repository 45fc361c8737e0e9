"""What a subscriber changes by the link of a message: choices, a pause, leaving, being erased."""

from datetime import timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS, Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _
from inters4.newsletters.models import (
    Bounce,
    Delivery,
    Subscriber,
    SubscriberState,
    SubscriberStep,
    SubscriptionRequest,
)
from inters4.newsletters.queries.subscribers import newsletters_received
from inters4.newsletters.services import subscriber_life as life
from inters4.newsletters.services.member_links import note_leaving
from inters4.newsletters.services.subscriber_life import Move, Proof
from inters4.newsletters.services.subscribing import Choices, keep_choices

PAUSES = (1, 3, 6, 12)
"""How many months a pause may last."""
_MONTH = timedelta(days=30)
RECEIVING = frozenset({SubscriberState.ACTIVE, SubscriberState.PAUSED})


def choose(session: Session, subscriber: Subscriber, choices: Choices) -> None:
    """Keep what a subscriber wants.

    Raises:
        Conflict: they left meanwhile.
        DomainError: no newsletter is left, which is leaving.
    """
    if subscriber.state not in RECEIVING:
        raise Conflict(_("Cet abonnement n’est plus dans l’état que la page montrait."))
    if not choices.newsletters:
        raise DomainError(
            _("Gardez au moins une infolettre, ou désabonnez-vous plus bas."), about="infolettres"
        )
    keep_choices(subscriber, choices)
    session.flush()


def pause(session: Session, subscriber: Subscriber, *, months: int, source: str) -> None:
    """Receive nothing for `months`; it ends by itself.

    Raises:
        Conflict: they left meanwhile.
        DomainError: no such pause is offered.
    """
    if months not in PAUSES:
        raise DomainError(_("Choisissez la durée de la pause."), about="duree")
    life.make(session, subscriber, Move.PAUSE, proof=Proof(source=source))
    subscriber.paused_until = now() + months * _MONTH
    session.flush()


def resume(session: Session, subscriber: Subscriber, *, source: str) -> None:
    """Receive again.

    Raises:
        Conflict: they left meanwhile.
    """
    life.make(session, subscriber, Move.RESUME, proof=Proof(source=source))
    session.flush()


def leave(
    session: Session,
    subscriber: Subscriber,
    *,
    newsletter_id: str = "",
    source: str,
    by: Viewer = ANONYMOUS,
    reason: str = "",
    issue_id: str | None = None,
) -> bool:
    """Leave one newsletter, or all of them; True when something changed.

    Once or many times, from wherever they stand: who leaves is never refused. Leaving the last
    newsletter is leaving them all. `issue_id` is the issue whose message led out.
    """
    received = newsletters_received(subscriber)
    is_one_of_many = bool(newsletter_id) and bool(received - {newsletter_id})
    moment, has_changed = now(), False
    for one in subscriber.subscriptions:
        if one.ended_at is None and (not is_one_of_many or one.newsletter_id == newsletter_id):
            one.ended_at, has_changed = moment, True
    if is_one_of_many:
        if has_changed:
            life.note(
                session,
                subscriber,
                before=subscriber.state,
                after=subscriber.state,
                proof=Proof(source=source),
                by=by,
                reason=_("Infolettre quittée : %(id)s", id=newsletter_id),
                issue_id=issue_id,
            )
    elif life.make(
        session,
        subscriber,
        Move.LEAVE,
        proof=Proof(source=source),
        by=by,
        reason=reason,
        issue_id=issue_id,
    ):
        has_changed = True
        note_leaving(session, subscriber, source=source)
    session.flush()
    return has_changed


def erase(session: Session, subscriber: Subscriber, *, source: str) -> None:
    """Forget the address and what was chosen; the steps stay, and say nobody."""
    note_leaving(session, subscriber, source=source)
    life.make(session, subscriber, Move.ERASE, proof=Proof(source=source))
    address = subscriber.address
    subscriber.email = subscriber.address = subscriber.member_id = None
    subscriber.key += 1
    subscriber.themes.clear()
    subscriber.subscriptions.clear()
    session.flush()
    number = subscriber.id
    for statement in (
        update(SubscriberStep)
        .where(SubscriberStep.subscriber_id == number)
        .values(network="", reason=""),
        update(Delivery)
        .where(Delivery.subscriber_id == number)
        .values(address=None, domain="", last_error=""),
        update(Bounce).where(Bounce.subscriber_id == number).values(said=""),
        delete(SubscriptionRequest).where(SubscriptionRequest.address == address),
    ):
        session.execute(statement)
