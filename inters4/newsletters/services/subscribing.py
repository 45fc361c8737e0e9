"""Subscribing: the same work and the same answer whether the address is known or not.

The form is kept as typed and one letter is queued; what the letter says is decided when it leaves.
Nothing changes of a subscriber until its button is pressed. Forms are refused to a network that
floods, whatever the addresses; letters alone are counted by address.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.errors import NotFound, TooMany
from inters4.core.i18n import _, ngettext
from inters4.core.mail import enqueue
from inters4.core.turns import Turn, wait_for_turn
from inters4.core.values import dataclass
from inters4.members.models import normalise_email
from inters4.newsletters.exports.letters import SUBSCRIPTION
from inters4.newsletters.models import (
    Frequency,
    Subscriber,
    SubscriberState,
    SubscriberTheme,
    Subscription,
    SubscriptionRequest,
)
from inters4.newsletters.queries.subscribers import find_by_address, find_request
from inters4.newsletters.services import subscriber_life as life
from inters4.newsletters.services.member_links import link_member
from inters4.newsletters.services.subscriber_life import Move, Proof

KEPT_DAYS = 14
MOST_FORMS = 60
"""Forms an hour from one network."""
_WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a subscriber wants, checked: ids that exist, one newsletter at least."""

    newsletters: tuple[str, ...]
    themes: tuple[str, ...] = ()
    language: str = "fr"
    frequency: Frequency = Frequency.EACH


def ask_to_subscribe(
    session: Session, email: str, choices: Choices, *, proof: Proof, mark: str
) -> SubscriptionRequest:
    """Keep the form and queue its letter.

    `mark` is that of the network that sent it; empty when the portal itself asks.

    Raises:
        TooMany: this network sent too many forms; nothing is kept.
    """
    wait_for_turn(session, Turn.SUBSCRIPTION)
    moment = now()
    _admit(session, mark=mark, moment=moment)
    address = normalise_email(email)
    row = SubscriptionRequest(
        email=email.strip(),
        address=address,
        language=choices.language,
        frequency=choices.frequency,
        themes=list(choices.themes),
        newsletters=list(choices.newsletters),
        text_version=proof.version,
        text=proof.text,
        source=proof.source,
        network=proof.network,
        mark=mark,
        created_at=moment,
    )
    session.add(row)
    if find_by_address(session, address, for_update=True) is None:
        begin_subscriber(session, row.email, language=choices.language, proof=proof)
    session.flush()
    enqueue(
        session,
        kind=SUBSCRIPTION,
        template=SUBSCRIPTION,
        recipient=address,
        locale=row.language,
        parameters={"request": row.id},
    )
    return row


def begin_subscriber(session: Session, email: str, *, language: str, proof: Proof) -> Subscriber:
    """A subscriber who receives nothing yet."""
    subscriber = Subscriber(
        email=email,
        address=normalise_email(email),
        language=language,
        themes=[],
        subscriptions=[],
    )
    session.add(subscriber)
    session.flush()
    life.note(session, subscriber, before=None, after=SubscriberState.TO_CONFIRM, proof=proof)
    return subscriber


def confirm(session: Session, public_id: str) -> Subscriber | None:
    """The address is its reader's: subscribe it as the form says; twice, nothing more happens.

    Gives None when the form had served and the address was erased since.

    Raises:
        NotFound: the request is too old.
    """
    row = find_request(session, public_id, for_update=True)
    if row is None:
        raise NotFound(_("Ce lien est trop ancien : remplissez de nouveau le formulaire."))
    subscriber = find_by_address(session, row.address, for_update=True)
    if row.used_at is not None:
        return subscriber
    proof = Proof(text=row.text, version=row.text_version, source=row.source, network=row.network)
    if subscriber is None:
        subscriber = begin_subscriber(session, row.email, language=row.language, proof=proof)
    is_back = subscriber.state not in {SubscriberState.ACTIVE, SubscriberState.PAUSED}
    life.make(session, subscriber, Move.CONFIRM, proof=proof)
    keep_choices(
        subscriber,
        Choices(
            newsletters=tuple(row.newsletters),
            themes=tuple(row.themes),
            language=row.language,
            frequency=row.frequency,
        ),
        keeps_others=not is_back,
    )
    subscriber.confirmed_at = now()
    link_member(session, subscriber, proof=proof)
    session.execute(
        update(SubscriptionRequest)
        .where(SubscriptionRequest.address == row.address, SubscriptionRequest.used_at.is_(None))
        .values(used_at=now())
    )
    session.flush()
    return subscriber


def keep_choices(subscriber: Subscriber, choices: Choices, *, keeps_others: bool = False) -> None:
    """Write what a loaded subscriber wants; `keeps_others` only adds newsletters."""
    subscriber.language, subscriber.frequency = choices.language, choices.frequency
    _keep_themes(subscriber, choices.themes)
    moment = now()
    held = {one.newsletter_id: one for one in subscriber.subscriptions}
    for newsletter in choices.newsletters:
        if newsletter not in held:
            subscriber.subscriptions.append(Subscription(newsletter_id=newsletter))
        elif held[newsletter].ended_at is not None:
            held[newsletter].ended_at, held[newsletter].since = None, moment
    for newsletter, one in held.items():
        if not keeps_others and newsletter not in choices.newsletters and one.ended_at is None:
            one.ended_at = moment


def purge_requests(session: Session, before: datetime) -> int:
    """Forget the forms of before that instant, and who never confirmed."""
    statement = delete(SubscriptionRequest).where(SubscriptionRequest.created_at < before)
    count = len(session.scalars(statement.returning(SubscriptionRequest.id)).all())
    waiting = select(SubscriptionRequest.address)
    session.execute(
        delete(Subscriber).where(
            Subscriber.state == SubscriberState.TO_CONFIRM,
            Subscriber.created_at < before,
            Subscriber.address.not_in(waiting),
        )
    )
    return count


def _keep_themes(subscriber: Subscriber, wanted: Iterable[str]) -> None:
    chosen = set(wanted)
    subscriber.themes[:] = [one for one in subscriber.themes if one.theme in chosen]
    held = {one.theme for one in subscriber.themes}
    subscriber.themes.extend(SubscriberTheme(theme=theme) for theme in sorted(chosen - held))


def _admit(session: Session, *, mark: str, moment: datetime) -> None:
    """Counted whatever the address: the same statements for all."""
    row = session.execute(
        select(
            func.count().label("number"), func.min(SubscriptionRequest.created_at).label("first")
        ).where(SubscriptionRequest.mark == mark, SubscriptionRequest.created_at > moment - _WINDOW)
    ).one()
    if mark and row.number >= MOST_FORMS:
        wait = int((row.first + _WINDOW - moment).total_seconds()) + 1
        minutes = wait // 60 + 1
        raise TooMany(
            ngettext(
                "Trop de demandes en peu de temps. Réessayez dans %(num)s minute.",
                "Trop de demandes en peu de temps. Réessayez dans %(num)s minutes.",
                minutes,
            ),
            retry_after=wait,
        )
