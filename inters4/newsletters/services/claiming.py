"""A delivery is held by one sender, then settled: an atomic UPDATE with a lease, one row at a time.

The row that is settled and the next that is claimed share a transaction: after a kill -9, one row
a sender at most is uncertain. It leaves again under the same Message-ID, and is counted as such.
Whoever unsubscribed a moment ago is found here, before their message is written.
"""

from collections.abc import Collection
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    bindparam,
    exists,
    select,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from inters4.core.clock import now
from inters4.core.db import Instant
from inters4.core.values import dataclass
from inters4.newsletters.models import (
    UNSETTLED,
    BounceKind,
    Delivery,
    DeliveryState,
    Issue,
    IssueState,
    Subscriber,
)
from inters4.newsletters.queries.audience import is_written_to, receives
from inters4.newsletters.services.bouncing import note_bounce

LEASE = timedelta(minutes=10)
RETRY_AFTER = (
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)
RELAY_PAUSE = timedelta(minutes=1)
MOST_UNCERTAIN = 8
_QUIET = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery held by one sender until its lease ends.

    Attributes:
        public_id, key: of the subscriber, for the addresses that the message bears.
        attempts: this one included.
        uncertain: how many of them nobody knows the end of.
    """

    id: int
    owner: str
    issue_id: str
    subscriber_id: int
    public_id: str
    key: int
    address: str
    domain: str
    wanted: tuple[str, ...]
    since: tuple[str, ...]
    message_id: str
    attempts: int
    uncertain: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt.

    Attributes:
        state: the one that the row goes to; a deferred one waits longer each time.
        reason: what the relay said, in French.
        status: the enhanced code of a refusal, `5.1.1`.
        bounce: how the refusal counts against the address, if it does.
        is_uncertain: nobody knows whether the message left.
        is_relay_away: no message passes: the attempt does not count.
    """

    state: DeliveryState
    reason: str = ""
    status: str = ""
    bounce: BounceKind | None = None
    is_uncertain: bool = False
    is_relay_away: bool = False


SENT = Outcome(DeliveryState.SENT)


def claim_next(
    session: Session, issue_id: str, *, owner: str, avoiding: Collection[str] = ()
) -> Claim | None:
    """Hold the next delivery of an issue that is being sent; None when nothing is due.

    First what was never tried, then what is due again, then what a sender that disappeared left;
    `avoiding` names the domains that must wait for their turn.
    """
    while (identifier := _hold(session, issue_id, owner=owner, avoiding=avoiding)) is not None:
        claim = _read(session, identifier, owner=owner)
        if claim is not None:
            return claim
        _suppress_held(session, identifier)
    return None


def settle(session: Session, claim: Claim, outcome: Outcome) -> bool:
    """Write what became of `claim`; False when another sender took it after the lease ended."""
    moment = now()
    state, not_before = outcome.state, moment
    if outcome.is_relay_away:
        not_before = moment + RELAY_PAUSE
    elif state is DeliveryState.DEFERRED:
        if claim.attempts > len(RETRY_AFTER):
            state = DeliveryState.FAILED
        else:
            not_before = moment + RETRY_AFTER[claim.attempts - 1]
    if state in UNSETTLED and _is_ended(session, claim.issue_id):
        state = DeliveryState.SUPPRESSED
    is_settled = state not in UNSETTLED
    said = {
        "held": claim.id,
        "owner": claim.owner,
        "after": state,
        "later": not_before,
        "said": outcome.reason,
        "given_back": int(outcome.is_relay_away),
        "doubt": int(outcome.is_uncertain),
        "left_at": moment if state is DeliveryState.SENT else None,
        "ended_at": moment if is_settled else None,
    }
    held = session.connection().execute(_settling(), said).first()
    if held is None:
        return False
    bounce = outcome.bounce
    if bounce is None and outcome.state is DeliveryState.DEFERRED and is_settled:
        bounce = BounceKind.SOFT
    if bounce is not None:
        note_bounce(
            session,
            delivery_id=claim.id,
            subscriber_id=claim.subscriber_id,
            kind=bounce,
            status=outcome.status,
            said=outcome.reason,
        )
    return True


def _hold(session: Session, issue_id: str, *, owner: str, avoiding: Collection[str]) -> int | None:
    moment = now()
    asked: dict[str, Any] = {
        "issue": issue_id,
        "owner": owner,
        "moment": moment,
        "lease": moment + LEASE,
    }
    if avoiding:
        asked["avoiding"] = tuple(avoiding)
    for state in (DeliveryState.QUEUED, DeliveryState.DEFERRED, DeliveryState.SENDING):
        statement = _holding(state, has_resting=bool(avoiding))
        held = session.connection().execute(statement, asked).first()
        if held is not None:
            return int(held.id)
    return None


def _read(session: Session, identifier: int, *, owner: str) -> Claim | None:
    """The delivery just held, None when its subscriber is not written to any more."""
    row = session.connection().execute(_reading(), {"held": identifier, "moment": now()}).first()
    if row is None:
        return None
    return Claim(
        identifier,
        owner,
        row.issue_id,
        row.subscriber_id,
        row.public_id,
        row.key,
        row.address,
        row.domain,
        tuple(row.wanted),
        tuple(row.since),
        row.message_id,
        row.attempts,
        row.uncertain,
    )


# The statements of a message, made once and run past the session: making them anew costs as much as
# running them, and there is no object for the session to keep in step.


@cache
def _holding(state: DeliveryState, *, has_resting: bool) -> ReturningUpdate[tuple[int]]:
    moment = bindparam("moment", type_=Instant)
    is_orphan = state is DeliveryState.SENDING
    of_it = [
        Delivery.issue_id == bindparam("issue"),
        Delivery.state == state,
        Delivery.lease_until < moment if is_orphan else Delivery.not_before <= moment,
    ]
    if has_resting:
        of_it.append(Delivery.domain.not_in(bindparam("avoiding", expanding=True)))
    chosen = (
        select(Delivery.id)
        .where(*of_it)
        .order_by(Delivery.not_before, Delivery.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return (
        update(Delivery)
        .where(
            Delivery.id == chosen.scalar_subquery(),
            Delivery.state == state,
            exists().where(Issue.id == bindparam("issue"), Issue.state == IssueState.SENDING),
        )
        .values(
            state=DeliveryState.SENDING,
            lease_until=bindparam("lease", type_=Instant),
            lease_owner=bindparam("owner"),
            attempts=Delivery.attempts + 1,
            uncertain=Delivery.uncertain + int(is_orphan),
        )
        .returning(Delivery.id)
    )


@cache
def _reading() -> Select[*tuple[Any, ...]]:
    statement: Select[*tuple[Any, ...]] = select(
        *(Delivery.issue_id, Delivery.subscriber_id, Delivery.address, Delivery.domain),
        *(Delivery.wanted, Delivery.since, Delivery.message_id),
        *(Delivery.attempts, Delivery.uncertain, Subscriber.public_id, Subscriber.key),
    )
    return (
        statement.join(Subscriber, Subscriber.id == Delivery.subscriber_id)
        .join(Issue, Issue.id == Delivery.issue_id)
        .where(
            Delivery.id == bindparam("held"),
            Subscriber.address == Delivery.address,
            is_written_to(bindparam("moment", type_=Instant)),
            receives(Issue.newsletter_id),
        )
    )


@cache
def _settling() -> ReturningUpdate[tuple[int]]:
    return (
        update(Delivery)
        .where(
            Delivery.id == bindparam("held"),
            Delivery.state == DeliveryState.SENDING,
            Delivery.lease_owner == bindparam("owner"),
        )
        .values(
            state=bindparam("after"),
            lease_owner=None,
            lease_until=None,
            not_before=bindparam("later"),
            last_error=bindparam("said"),
            attempts=Delivery.attempts - bindparam("given_back", type_=Integer),
            uncertain=Delivery.uncertain + bindparam("doubt", type_=Integer),
            sent_at=bindparam("left_at"),
            settled_at=bindparam("ended_at"),
        )
        .returning(Delivery.id)
    )


def _is_ended(session: Session, issue_id: str) -> bool:
    """True when the sending was ended for good while a message was in hand."""
    found = select(Issue.id).where(Issue.id == issue_id, Issue.state == IssueState.SENT)
    return session.scalar(found) is not None


def _suppress_held(session: Session, identifier: int) -> None:
    session.execute(
        update(Delivery)
        .where(Delivery.id == identifier)
        .values(
            state=DeliveryState.SUPPRESSED,
            lease_owner=None,
            lease_until=None,
            settled_at=now(),
        ),
        execution_options=_QUIET,
    )
