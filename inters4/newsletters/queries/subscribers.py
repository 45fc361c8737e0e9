"""Reads of subscribers: one by its name, the list of the team, the proof of one."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.core.paging import Page, read_page
from inters4.core.values import dataclass
from inters4.members.models import Consent, ConsentPurpose, ConsentText, Member, MemberState
from inters4.newsletters.models import (
    Delivery,
    Newsletter,
    Subscriber,
    SubscriberState,
    SubscriberStep,
    SubscriptionRequest,
)
from inters4.newsletters.queries.audience import is_written_to, receives

_WHOLE = (selectinload(Subscriber.themes), selectinload(Subscriber.subscriptions))
_EXPORTED_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which subscribers the team looks for; what is empty narrows nothing."""

    words: str = ""
    state: str = ""
    newsletter: str = ""
    language: str = ""


def is_team(viewer: Viewer) -> bool:
    """True of those who see subscribers."""
    return viewer.has(Role.BROKER) or viewer.has(Role.COORDINATION)


def find_subscriber(
    session: Session, public_id: str, *, for_update: bool = False
) -> Subscriber | None:
    """One subscriber with their themes and newsletters."""
    statement = select(Subscriber).where(Subscriber.public_id == public_id).options(*_WHOLE)
    return session.scalars(statement.with_for_update() if for_update else statement).first()


def find_by_address(
    session: Session, address: str, *, for_update: bool = False
) -> Subscriber | None:
    """The subscriber of a normalised address."""
    statement = select(Subscriber).where(Subscriber.address == address).options(*_WHOLE)
    return session.scalars(statement.with_for_update() if for_update else statement).first()


def find_by_member(
    session: Session, member_id: int, *, for_update: bool = False
) -> Subscriber | None:
    """The subscriber that a person registered is."""
    statement = select(Subscriber).where(Subscriber.member_id == member_id).options(*_WHOLE)
    return session.scalars(statement.with_for_update() if for_update else statement).first()


def find_request(
    session: Session, public_id: str, *, for_update: bool = False
) -> SubscriptionRequest | None:
    """One request to subscribe."""
    statement = select(SubscriptionRequest).where(SubscriptionRequest.public_id == public_id)
    return session.scalars(statement.with_for_update() if for_update else statement).first()


def was_sent_where_now(session: Session, subscriber: Subscriber, issue_id: str) -> bool:
    """True when an issue went to the very address that the subscriber has now."""
    found = select(Delivery.id).where(
        Delivery.issue_id == issue_id,
        Delivery.subscriber_id == subscriber.id,
        Delivery.address == subscriber.address,
    )
    return session.scalar(found) is not None


def members_without_subscription(session: Session) -> Sequence[int]:
    """People registered who agreed to the infolettre, and whose address is no subscriber's yet.

    Whoever left, came back or complained has a row, and is not among them.
    """
    latest = (
        select(func.max(Consent.id))
        .join(ConsentText, ConsentText.id == Consent.text_id)
        .where(ConsentText.purpose == ConsentPurpose.NEWSLETTER, Consent.member_id.is_not(None))
        .group_by(Consent.member_id)
    )
    known = exists().where(
        or_(Subscriber.member_id == Member.id, Subscriber.address == Member.email)
    )
    return session.scalars(
        select(Member.id)
        .join(Consent, Consent.member_id == Member.id)
        .where(Consent.id.in_(latest), Consent.is_given, ~known)
        .where(Member.state == MemberState.ACTIVE, exists(select(Newsletter.id)))
        .order_by(Member.id)
    ).all()


def offered_newsletters(session: Session) -> Sequence[Newsletter]:
    """Those that one may subscribe to, by title."""
    return session.scalars(select(Newsletter).order_by(Newsletter.title, Newsletter.id)).all()


def may_yet_subscribe(session: Session, viewer: Viewer) -> bool:
    """True when there is a newsletter to receive, and the viewer is not known to receive any."""
    wanted: ColumnElement[bool] = exists(select(Newsletter.id))
    if viewer.member_id is not None:
        states = (SubscriberState.ACTIVE, SubscriberState.PAUSED)
        wanted &= ~exists().where(
            Subscriber.member_id == viewer.member_id, Subscriber.state.in_(states)
        )
    return bool(session.scalar(select(wanted)))


def newsletters_received(subscriber: Subscriber) -> frozenset[str]:
    """Ids of the newsletters that a loaded subscriber has not left."""
    return frozenset(one.newsletter_id for one in subscriber.subscriptions if one.ended_at is None)


def list_subscribers(session: Session, wanted: Wanted, *, page: int) -> Page[Subscriber]:
    """The subscribers looked for, by address; none that was erased."""
    return read_page(session, _wanted(wanted, now()).options(*_WHOLE), page)


def every_subscriber(session: Session, wanted: Wanted) -> Iterator[Subscriber]:
    """The same, all of them, some hundreds in memory at a time."""
    statement = _wanted(wanted, now()).options(*_WHOLE)
    streamed = statement.execution_options(yield_per=_EXPORTED_AT_ONCE)
    yield from session.scalars(streamed)


def count_by_state(session: Session) -> Mapping[SubscriberState, int]:
    """How many stand in each state; a pause that is over counts as active."""
    moment = now()
    rows = session.execute(select(Subscriber.state, func.count()).group_by(Subscriber.state)).all()
    found = dict.fromkeys(SubscriberState, 0) | {row[0]: row[1] for row in rows}
    written_to = session.scalar(select(func.count()).where(is_written_to(moment))) or 0
    over = written_to - found[SubscriberState.ACTIVE]
    found[SubscriberState.ACTIVE] += over
    found[SubscriberState.PAUSED] -= over
    return found


def steps_of(session: Session, subscriber_id: int) -> Sequence[SubscriberStep]:
    """What a subscriber did, the latest first."""
    return session.scalars(
        select(SubscriberStep)
        .where(SubscriberStep.subscriber_id == subscriber_id)
        .order_by(SubscriberStep.id.desc())
    ).all()


def state_at(subscriber: Subscriber, moment: datetime) -> SubscriberState:
    """Where a subscriber stands; a pause ends by itself."""
    is_over = (
        subscriber.state is SubscriberState.PAUSED
        and subscriber.paused_until is not None
        and subscriber.paused_until <= moment
    )
    return SubscriberState.ACTIVE if is_over else subscriber.state


def _wanted(wanted: Wanted, moment: datetime) -> Select[Subscriber]:
    statement = select(Subscriber).where(Subscriber.state != SubscriberState.ERASED)
    if wanted.words:
        statement = statement.where(
            Subscriber.address.contains(wanted.words.lower(), autoescape=True)
        )
    if wanted.state:
        statement = statement.where(_stands(SubscriberState(wanted.state), moment))
    if wanted.newsletter:
        statement = statement.where(receives(wanted.newsletter))
    if wanted.language:
        statement = statement.where(Subscriber.language == wanted.language)
    return statement.order_by(Subscriber.address, Subscriber.id)


def _stands(state: SubscriberState, moment: datetime) -> ColumnElement[bool]:
    if state is SubscriberState.ACTIVE:
        return is_written_to(moment)
    if state is SubscriberState.PAUSED:
        return (Subscriber.state == state) & ~is_written_to(moment)
    return Subscriber.state == state
