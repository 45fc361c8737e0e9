"""How a sending goes: its counts, what relays refuse, what was followed. Nobody is named."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.values import dataclass
from inters4.newsletters.models import (
    UNSETTLED,
    Delivery,
    DeliveryState,
    FrozenIssue,
    Issue,
    IssueItem,
    IssueLink,
    IssueState,
    LinkDay,
)
from inters4.newsletters.queries.items import title_shown
from inters4.veille.queries.summaries import is_team

FOLLOWED = frozenset({IssueState.SCHEDULED, IssueState.SENDING, IssueState.PAUSED, IssueState.SENT})
"""States in which there is a sending to look at."""
LATELY = timedelta(minutes=1)
_MOST_REASONS = 12


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a sending stands.

    Attributes:
        counts: deliveries by state.
        uncertain: messages that may have left twice.
        lately: how many left in the last minute.
        first, last: when the first and the latest left.
    """

    counts: Mapping[DeliveryState, int]
    uncertain: int
    lately: int
    first: datetime | None
    last: datetime | None

    @property
    def total(self) -> int:
        """How many rows there are."""
        return sum(self.counts.values())

    @property
    def left(self) -> int:
        """How many messages may still leave."""
        return sum(self.counts.get(state, 0) for state in UNSETTLED)

    @property
    def done(self) -> int:
        """How many are settled, however they ended."""
        return self.total - self.left

    @property
    def sent(self) -> int:
        """How many the relay took."""
        return self.counts.get(DeliveryState.SENT, 0)

    @property
    def minutes_left(self) -> int | None:
        """How long the rest takes at this pace; None while none can be told."""
        return -(-self.left // self.lately) if self.lately and self.left else None


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a relay said, and to how many messages it said it."""

    state: DeliveryState
    said: str
    count: int


@dataclass(frozen=True, slots=True)
class Followed:
    """How many times a link was followed; `item` is None for one of the opening word."""

    item: IssueItem | None
    url: str
    clicks: int

    @property
    def title(self) -> str:
        """Of the item that it stands in."""
        return title_shown(self.item) if self.item is not None else ""


def find_sending(
    session: Session, newsletter_id: str, number: int, *, viewer: Viewer
) -> Issue | None:
    """The issue at this address with its newsletter, for the team, once its hour is set."""
    if not is_team(viewer):
        return None
    statement = select(Issue).where(
        Issue.newsletter_id == newsletter_id,
        Issue.number == number,
        Issue.state.in_(FOLLOWED),
    )
    return session.scalars(statement.options(joinedload(Issue.newsletter))).first()


def find_frozen(session: Session, issue_id: str) -> FrozenIssue | None:
    """What was kept when the issue started; None before, and for one that left elsewhere."""
    return session.get(FrozenIssue, issue_id)


def progress_of(session: Session, issue_id: str) -> Progress:
    """Where the sending of an issue stands: two statements."""
    rows = session.execute(
        select(
            Delivery.state,
            func.count().label("number"),
            func.count().filter(Delivery.uncertain > 0).label("uncertain"),
            func.min(Delivery.sent_at).label("first"),
            func.max(Delivery.sent_at).label("last"),
        )
        .where(Delivery.issue_id == issue_id)
        .group_by(Delivery.state)
    ).all()
    lately = session.scalar(
        select(func.count()).where(Delivery.issue_id == issue_id, Delivery.sent_at > now() - LATELY)
    )
    return Progress(
        {row.state: row.number for row in rows},
        sum(row.uncertain for row in rows),
        lately or 0,
        min((row.first for row in rows if row.first), default=None),
        max((row.last for row in rows if row.last), default=None),
    )


def refusals_of(session: Session, issue_id: str) -> Sequence[Refusal]:
    """What relays said to messages that did not leave, the most frequent first."""
    states = (DeliveryState.DEFERRED, DeliveryState.BOUNCED, DeliveryState.FAILED)
    count = func.count().label("number")
    rows = session.execute(
        select(Delivery.state, Delivery.last_error, count)
        .where(Delivery.issue_id == issue_id, Delivery.state.in_(states))
        .group_by(Delivery.state, Delivery.last_error)
        .order_by(count.desc(), Delivery.last_error)
        .limit(_MOST_REASONS)
    )
    return [Refusal(row.state, row.last_error, row.number) for row in rows]


def followed_links(session: Session, issue_id: str) -> Sequence[Followed]:
    """The links of an issue, those that were followed most first: two statements."""
    items = {
        item.id: item
        for item in session.scalars(
            select(IssueItem)
            .where(IssueItem.issue_id == issue_id)
            .options(joinedload(IssueItem.practice), joinedload(IssueItem.summary))
        )
    }
    clicks = func.coalesce(func.sum(LinkDay.clicks), 0).label("clicks")
    rows = session.execute(
        select(IssueLink.url, IssueLink.item_id, clicks)
        .outerjoin(LinkDay, LinkDay.link_id == IssueLink.id)
        .where(IssueLink.issue_id == issue_id)
        .group_by(IssueLink.id, IssueLink.url, IssueLink.item_id)
        .order_by(clicks.desc(), IssueLink.position)
    )
    return [Followed(items.get(row.item_id), row.url, row.clicks) for row in rows]


def find_link(session: Session, issue_id: str, position: int) -> IssueLink | None:
    """A link that an issue bears."""
    return session.scalars(
        select(IssueLink).where(IssueLink.issue_id == issue_id, IssueLink.position == position)
    ).first()


def known_links(session: Session, keys: Collection[str]) -> Mapping[str, int]:
    """`ISSUE/POSITION` -> number of the link, for those that exist."""
    issues = {key.rpartition("/")[0] for key in keys}
    rows = session.execute(
        select(IssueLink.id, IssueLink.issue_id, IssueLink.position).where(
            IssueLink.issue_id.in_(issues)
        )
    )
    return {f"{row.issue_id}/{row.position}": row.id for row in rows}
