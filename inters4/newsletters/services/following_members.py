"""What happens to a person registered happens to their subscription: agreed, moved, erased."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from inters4.members.models import Member, normalise_email
from inters4.members.queries.consents import newsletter_consent
from inters4.members.queries.leaving import addresses_of
from inters4.members.queries.people import find_member_by_email
from inters4.newsletters.models import (
    Newsletter,
    Subscriber,
    SubscriberState,
    SubscriberStep,
    SubscriptionRequest,
)
from inters4.newsletters.queries.subscribers import find_by_address, find_by_member
from inters4.newsletters.services import subscriber_life as life
from inters4.newsletters.services.preferences import RECEIVING, erase, leave
from inters4.newsletters.services.subscriber_life import Move, Proof
from inters4.newsletters.services.subscribing import (
    Choices,
    ask_to_subscribe,
    begin_subscriber,
    keep_choices,
)


def subscribe_member(session: Session, *, email: str, locale: str, member_id: int) -> None:
    """Who agreed in their account receives every newsletter: their address is confirmed already.

    One that came back, or complained, is asked to confirm it again by a letter.
    """
    ids = session.scalars(select(Newsletter.id).order_by(Newsletter.id)).all()
    held = newsletter_consent(session, member_id)
    if held is None or not ids:
        return
    proof = Proof(text=held.text.text, source=held.source, at=held.at)
    choices = Choices(newsletters=tuple(ids), language=locale)
    found = _subscriber_of(session, member_id, email)
    if found is None:
        found = begin_subscriber(session, email, language=locale, proof=proof)
    found.member_id = member_id
    if not life.may(found, Move.AGREE):
        ask_to_subscribe(session, email, choices, proof=proof, mark="")
        return
    was_receiving = found.state in RECEIVING
    life.make(session, found, Move.AGREE, proof=proof)
    if not was_receiving:
        kept = {one.theme for one in found.themes}
        keep_choices(
            found,
            Choices(
                newsletters=tuple(ids),
                themes=tuple(kept),
                language=locale,
                frequency=found.frequency,
            ),
        )
    session.flush()


def subscribe_who_agreed(session: Session, member_id: int) -> None:
    """Subscribe someone who agreed while there was no newsletter to receive."""
    member = session.get_one(Member, member_id, with_for_update=True)
    if member.is_active:
        subscribe_member(session, email=member.email, locale=member.locale, member_id=member.id)


def unsubscribe_member(session: Session, *, email: str, locale: str, member_id: int) -> None:  # noqa: ARG001
    """Who took back their consent in their account leaves every newsletter."""
    found = _subscriber_of(session, member_id, email)
    if found is None:
        return
    held = newsletter_consent(session, member_id)
    leave(session, found, source=held.source if held else "")


def follow_address(session: Session, *, former: str, email: str) -> None:
    """A person has another address: their subscription goes there, and links sent before end.

    One that the new address has already is theirs from now on; that of the former is erased.
    """
    member = find_member_by_email(session, email)
    found = find_by_member(session, member.id, for_update=True) if member is not None else None
    if member is None or found is None or found.address != normalise_email(former):
        return
    other = find_by_address(session, normalise_email(email), for_update=True)
    if other is None:
        found.email, found.address = email, normalise_email(email)
        found.key += 1
        session.flush()
        return
    found.member_id = None
    session.flush()
    other.member_id = member.id
    if found.state in RECEIVING and life.may(other, Move.AGREE):
        held = newsletter_consent(session, member.id)
        proof = Proof(text=held.text.text, source=held.source) if held else Proof()
        life.make(session, other, Move.AGREE, proof=proof)
    erase(session, found, source="")


def forget_member(session: Session, member_id: int) -> None:
    """Erase what a person subscribed to, at each of their addresses, and take them off steps."""
    emails = sorted(normalise_email(one) for one in addresses_of(session, member_id))
    found = [find_by_member(session, member_id, for_update=True)]
    found += [find_by_address(session, address, for_update=True) for address in emails]
    for subscriber in found:
        if subscriber is not None and subscriber.state is not SubscriberState.ERASED:
            erase(session, subscriber, source="")
    session.execute(delete(SubscriptionRequest).where(SubscriptionRequest.address.in_(emails)))
    session.execute(
        update(SubscriberStep).where(SubscriberStep.by_id == member_id).values(by_id=None)
    )
    session.flush()


def _subscriber_of(session: Session, member_id: int, email: str) -> Subscriber | None:
    return find_by_member(session, member_id, for_update=True) or find_by_address(
        session, normalise_email(email), for_update=True
    )
