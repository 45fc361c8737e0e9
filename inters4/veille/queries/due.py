"""Sources that are due, and how far the visits under way have come."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from inters4.core.values import dataclass
from inters4.veille.models import POLLED, Source, SourceState, Watch

_RECENT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Advance:
    """How far the visits have come.

    Attributes:
        waiting: sources that are due and that nobody visits yet.
        under_way: sources of the round under way that are still to be seen.
        done: sources seen in the last quarter of an hour.
        failed: those of them that failed.
    """

    waiting: int
    under_way: int
    done: int
    failed: int

    @property
    def is_over(self) -> bool:
        """True when nothing is waiting nor under way."""
        return not (self.waiting or self.under_way)


def due_sources(session: Session, *, at: datetime, most: int) -> Sequence[Source]:
    """Sources due at `at` that nobody visits, locked: the healthy first, then the longest due."""
    return session.scalars(
        select(Source)
        .join(Watch, Watch.id == Source.watch_id)
        .where(is_due(at), Watch.closed_at.is_(None))
        .order_by(Source.failures > 0, Source.next_check_at, Source.id)
        .limit(most)
        .with_for_update(of=Source, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()


def named_source(session: Session, public_id: str, *, at: datetime) -> Source | None:
    """The polled source of that name, due or not, unless someone visits it."""
    return session.scalar(
        select(Source)
        .where(
            Source.public_id == public_id,
            Source.kind.in_(POLLED),
            or_(Source.lease_until.is_(None), Source.lease_until <= at),
        )
        .with_for_update(of=Source, skip_locked=True)
        .execution_options(populate_existing=True)
    )


def is_due(at: datetime) -> ColumnElement[bool]:
    """The part of a statement that is true of sources due at `at` that nobody visits."""
    return and_(
        Source.state == SourceState.ACTIVE,
        Source.kind.in_(POLLED),
        Source.next_check_at <= at,
        or_(Source.lease_until.is_(None), Source.lease_until <= at),
    )


def advance(session: Session, *, at: datetime, since: datetime | None = None) -> Advance:
    """How far the visits have come at `at`, of those asked `since`: one statement."""
    recent = Source.last_check_at >= (since or at - _RECENT)
    row = session.execute(
        select(
            func.count().filter(is_due(at), Watch.closed_at.is_(None)),
            func.count().filter(Source.lease_until > at),
            func.count().filter(recent),
            func.count().filter(recent, Source.failures > 0),
        )
        .select_from(Source)
        .join(Watch, Watch.id == Source.watch_id)
    ).one()
    return Advance(*row)
