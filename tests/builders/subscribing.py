"""Forms of those who subscribe, and the letters that follow. A case gives only what it is about."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from inters4.core.mail import QueuedMail
from inters4.newsletters.exports.letters import subscription
from inters4.newsletters.models import Frequency, Subscriber, SubscriptionRequest
from inters4.newsletters.services.subscriber_life import Proof
from inters4.newsletters.services.subscribing import Choices, ask_to_subscribe, confirm

PROOF = Proof(
    text="J’accepte.", version="1", source="/infolettres/abonnement", network="192.0.2.0/24"
)


def ask(
    session: Session,
    email: str = "lectrice@exemple.ca",
    *,
    newsletters: Collection[str] = ("en-bref",),
    themes: Collection[str] = (),
    frequency: Frequency = Frequency.EACH,
    mark: str = "réseau",
) -> SubscriptionRequest:
    """The form, sent."""
    choices = Choices(newsletters=tuple(newsletters), themes=tuple(themes), frequency=frequency)
    return ask_to_subscribe(session, email, choices, proof=PROOF, mark=mark)


def subscribe(session: Session, email: str = "lectrice@exemple.ca") -> Subscriber:
    """The form, then the button of its letter."""
    found = confirm(session, ask(session, email).public_id)
    assert found is not None
    return found


def letter_of(session: Session, row: SubscriptionRequest) -> dict[str, object] | None:
    """What the letter of a form would say, were it to leave now; None when it does not."""
    mail = QueuedMail(parameters={"request": row.id}, recipient=row.address)
    facts = subscription(session, mail)
    return None if facts is None else dict(facts)
