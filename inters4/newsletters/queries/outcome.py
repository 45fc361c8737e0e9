"""What became of each message of an issue, and who left by it: figures and the lists behind them.

A figure and its list are read under the same condition, so that one is the length of the other.
Deliveries stay when an address is erased: the figures do not move, the list says nobody.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, func, not_, select, true
from sqlalchemy.orm import Session, joinedload

from inters4.core.access import Viewer
from inters4.core.paging import PAGE_SIZE, Page, nearest_page, page_start
from inters4.core.values import dataclass
from inters4.newsletters.models import (
    READABLE,
    UNSETTLED,
    Bounce,
    BounceKind,
    Delivery,
    DeliveryState,
    Issue,
    Subscriber,
    SubscriberState,
    SubscriberStep,
)
from inters4.veille.queries.summaries import is_team


class Which(StrEnum):
    """Deliveries of an issue, by what is counted; the values are those of `?lesquels=`.

    `SENT`, `WAITING`, `REFUSED`, `FAILED` and `ASIDE` add up to `FROZEN`; the others are counted
    among them.
    """

    FROZEN = "tous"
    SENT = "partis"
    WAITING = "attente"
    REFUSED = "refuses"
    FAILED = "echecs"
    ASIDE = "ecartes"
    UNCERTAIN = "incertains"
    HARD = "adresses-fermees"
    SOFT = "adresses-occupees"
    COMPLAINTS = "plaintes"


def _came_back(kind: BounceKind) -> ColumnElement[bool]:
    return exists().where(Bounce.delivery_id == Delivery.id, Bounce.kind == kind)


_HARD = _came_back(BounceKind.HARD)
_CONDITIONS: Mapping[Which, ColumnElement[bool]] = {
    Which.FROZEN: true(),
    Which.SENT: Delivery.state == DeliveryState.SENT,
    Which.WAITING: Delivery.state.in_(UNSETTLED),
    Which.REFUSED: Delivery.state == DeliveryState.BOUNCED,
    Which.FAILED: Delivery.state == DeliveryState.FAILED,
    Which.ASIDE: Delivery.state == DeliveryState.SUPPRESSED,
    Which.UNCERTAIN: Delivery.uncertain > 0,
    Which.HARD: _HARD,
    Which.SOFT: and_(_came_back(BounceKind.SOFT), not_(_HARD)),
    Which.COMPLAINTS: _came_back(BounceKind.COMPLAINT),
}


@dataclass(frozen=True, slots=True)
class Sent:
    """One message, for the list of a figure.

    Attributes:
        public_id: of its subscriber; their page shows the rest.
        email: as their own list shows it; None once erased.
        at: when it left or was settled, else until when it waits.
    """

    public_id: str
    email: str | None
    state: DeliveryState
    at: datetime


@dataclass(frozen=True, slots=True)
class Departure:
    """Who left by an issue; `is_whole` when they left every newsletter by it."""

    public_id: str
    email: str | None
    at: datetime
    is_whole: bool


def find_outcome(
    session: Session, newsletter_id: str, number: int, *, viewer: Viewer
) -> Issue | None:
    """The issue at this address with its newsletter, for the team, once everyone may read it."""
    if not is_team(viewer):
        return None
    statement = select(Issue).where(
        Issue.newsletter_id == newsletter_id, Issue.number == number, Issue.state.in_(READABLE)
    )
    return session.scalars(statement.options(joinedload(Issue.newsletter))).first()


def count_deliveries(session: Session, issue_id: str) -> Mapping[Which, int]:
    """Every figure, in one statement."""
    row = session.execute(
        select(*(func.count().filter(condition) for condition in _CONDITIONS.values()))
        .select_from(Delivery)
        .where(Delivery.issue_id == issue_id)
    ).one()
    return dict(zip(_CONDITIONS, row, strict=True))


def list_deliveries(session: Session, issue_id: str, which: Which, *, page: int) -> Page[Sent]:
    """The list of a figure, by address; the erased come last."""
    wanted = (Delivery.issue_id == issue_id, _CONDITIONS[which])
    total = session.scalar(select(func.count()).select_from(Delivery).where(*wanted)) or 0
    number = nearest_page(page, total)
    rows = session.execute(
        select(
            Subscriber.public_id,
            Subscriber.email,
            Delivery.state,
            func.coalesce(Delivery.sent_at, Delivery.settled_at, Delivery.not_before).label("at"),
        )
        .join(Subscriber, Subscriber.id == Delivery.subscriber_id)
        .where(*wanted)
        .order_by(Subscriber.address.is_(None), Subscriber.address, Delivery.id)
        .offset(page_start(number))
        .limit(PAGE_SIZE)
    )
    return Page([Sent(*row) for row in rows], number, total)


def count_departures(session: Session, issue_id: str) -> int:
    """How many people left by the link, the button or the address of return of an issue.

    Each counts once, whatever they did next.
    """
    counted = select(func.count(SubscriberStep.subscriber_id.distinct())).where(
        SubscriberStep.issue_id == issue_id
    )
    return session.scalar(counted) or 0


def list_departures(session: Session, issue_id: str, *, page: int) -> Page[Departure]:
    """The same people, the latest first."""
    total = count_departures(session, issue_id)
    number = nearest_page(page, total)
    last = func.max(SubscriberStep.id)
    rows = session.execute(
        select(
            Subscriber.public_id,
            Subscriber.email,
            func.min(SubscriberStep.at).label("at"),
            func.count().filter(SubscriberStep.after == SubscriberState.UNSUBSCRIBED),
        )
        .join(Subscriber, Subscriber.id == SubscriberStep.subscriber_id)
        .where(SubscriberStep.issue_id == issue_id)
        .group_by(Subscriber.id, Subscriber.public_id, Subscriber.email)
        .order_by(last.desc())
        .offset(page_start(number))
        .limit(PAGE_SIZE)
    )
    found = [Departure(public_id, email, at, wholes > 0) for public_id, email, at, wholes in rows]
    return Page(found, number, total)


def errata_of(session: Session, issue_id: str) -> Sequence[Issue]:
    """Issues that left to correct this one, with their newsletter."""
    return session.scalars(
        select(Issue)
        .where(Issue.erratum_of_id == issue_id, Issue.state.in_(READABLE))
        .options(joinedload(Issue.newsletter))
        .order_by(Issue.number)
    ).all()
