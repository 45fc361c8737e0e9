"""A file of people who agreed elsewhere: subscribed on a declared proof, or told why not.

Nobody who left, whose address came back or who complained is brought back by a file, nor who took
back their consent in their account: only they can, by the form.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.errors import DomainError
from inters4.core.i18n import _, format_date
from inters4.core.turns import Turn, wait_for_turn
from inters4.core.values import dataclass
from inters4.members.models import Member, normalise_email
from inters4.members.queries.consents import newsletter_consent
from inters4.newsletters.models import Newsletter, Subscriber, SubscriberState, Subscription
from inters4.newsletters.services import subscriber_life as life
from inters4.newsletters.services.member_links import link_member
from inters4.newsletters.services.preferences import RECEIVING
from inters4.newsletters.services.subscriber_life import Move, Proof
from inters4.newsletters.services.subscribing import begin_subscriber

SHORTEST_PROOF = 20
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class SubscriberLine:
    """Someone to subscribe, or what is wrong with the line.

    Attributes:
        language: empty for that of the whole file.
        agreed_on: the day of their consent; None for the proof of the whole file alone.
    """

    number: int
    email: str = ""
    language: str = ""
    agreed_on: date | None = None
    trouble: str = ""


class Outcome(StrEnum):
    """What became of a line."""

    SUBSCRIBED = "subscribed"
    ADDED = "added"
    ALREADY = "already"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    WITHDRAWN = "withdrawn"
    UNREADABLE = "unreadable"


_REFUSED = {
    SubscriberState.UNSUBSCRIBED: Outcome.UNSUBSCRIBED,
    SubscriberState.BOUNCED: Outcome.BOUNCED,
    SubscriberState.COMPLAINED: Outcome.COMPLAINED,
}


@dataclass(frozen=True, slots=True)
class Reported:
    """A line and what became of it."""

    line: SubscriberLine
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What is said of a whole file.

    Attributes:
        proof: how and when these people agreed, and where it is kept.
        source: what the file is, for the steps.
    """

    newsletter_id: str
    language: str
    proof: str
    source: str


def import_subscribers(
    session: Session, lines: Sequence[SubscriberLine], declared: Declared, *, by: Viewer
) -> list[Reported]:
    """Subscribe those who may be, each line told.

    Raises:
        DomainError: no proof is declared, or no such newsletter.
    """
    wait_for_turn(session, Turn.SUBSCRIPTION)
    if len(declared.proof.strip()) < SHORTEST_PROOF:
        raise DomainError(
            _("Dites comment et quand ces personnes ont consenti, et où la preuve est gardée."),
            about="preuve",
        )
    if session.get(Newsletter, declared.newsletter_id) is None:
        raise DomainError(_("Choisissez l’infolettre."), about="infolettre")
    addresses = [normalise_email(one.email) for one in lines if not one.trouble]
    held, members = _held(session, addresses), _members(session, addresses)
    reported = [
        Reported(line, _bring(session, line, declared, held=held, members=members, by=by))
        for line in lines
    ]
    session.flush()
    counts: Any = Counter(one.outcome.value for one in reported)
    audit.record(
        session,
        "newsletters.subscribers_imported",
        by=by,
        subject=f"newsletter:{declared.newsletter_id}",
        proof=declared.proof,
        **counts,
    )
    return reported


def _bring(
    session: Session,
    line: SubscriberLine,
    declared: Declared,
    *,
    held: Mapping[str, Subscriber],
    members: Mapping[str, int],
    by: Viewer,
) -> Outcome:
    if line.trouble:
        return Outcome.UNREADABLE
    address = normalise_email(line.email)
    found = held.get(address)
    if found is not None and not life.may(found, Move.DECLARE):
        return _REFUSED[found.state]
    if address in members:
        consent = newsletter_consent(session, members[address])
        if consent is not None and not consent.is_given:
            return Outcome.WITHDRAWN
    reason = declared.proof.strip()
    if line.agreed_on is not None:
        reason = f"{format_date(line.agreed_on)} · {reason}"
    proof = Proof(source=declared.source)
    if found is None:
        found = begin_subscriber(
            session, line.email, language=line.language or declared.language, proof=proof
        )
    was_receiving = found.state in RECEIVING
    life.make(session, found, Move.DECLARE, proof=proof, by=by, reason=reason)
    is_new = _receive(found, declared.newsletter_id, was_receiving=was_receiving)
    if address in members:
        link_member(session, found, proof=Proof(text=reason, source=declared.source))
    if was_receiving and is_new:
        state = found.state
        life.note(session, found, before=state, after=state, proof=proof, by=by, reason=reason)
    if not was_receiving:
        return Outcome.SUBSCRIBED
    return Outcome.ADDED if is_new else Outcome.ALREADY


def _receive(subscriber: Subscriber, newsletter_id: str, *, was_receiving: bool) -> bool:
    """Add the newsletter; one that was left while receiving others stays left."""
    for one in subscriber.subscriptions:
        if one.newsletter_id == newsletter_id:
            if one.ended_at is not None and not was_receiving:
                one.ended_at = None
                return True
            return False
    subscriber.subscriptions.append(Subscription(newsletter_id=newsletter_id))
    return True


def _held(session: Session, addresses: Sequence[str]) -> Mapping[str, Subscriber]:
    found: dict[str, Subscriber] = {}
    for start in range(0, len(addresses), _AT_ONCE):
        rows = session.scalars(
            select(Subscriber)
            .where(Subscriber.address.in_(addresses[start : start + _AT_ONCE]))
            .options(selectinload(Subscriber.themes), selectinload(Subscriber.subscriptions))
            .with_for_update()
        )
        found |= {one.address: one for one in rows if one.address}
    return found


def _members(session: Session, addresses: Sequence[str]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(addresses), _AT_ONCE):
        rows = session.execute(
            select(Member.email, Member.id).where(
                Member.email.in_(addresses[start : start + _AT_ONCE])
            )
        )
        found |= {row.email: row.id for row in rows}
    return found
