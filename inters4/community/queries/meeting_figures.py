"""What the balance sheet counts of meetings: those that were held, and who was there.

A meeting counts from its first minute on: it can no longer move, nor be cancelled. Hidden spaces
are in no count. A private space that is listed is known to everyone, its meetings
are not: they are counted, and say nothing but the name of the space.
"""

from functools import cache

from sqlalchemy import ColumnElement, func, select

from inters4.community.models import Meeting, Seat, Space, Visibility
from inters4.core.figures import Rows, during


@cache
def held(*, is_inter: bool | None = None) -> Rows:
    """Meetings held in the period; of several organisations or of one, when it is asked."""
    found = _held()
    return found if is_inter is None else found.where(Meeting.is_inter.is_(is_inter))


@cache
def presences() -> Rows:
    """Meetings held in the period whose attendance was taken, and how many were there: `amount`."""
    there = (
        select(func.count())
        .where(Seat.meeting_id == Meeting.id, Seat.was_present.is_(True))
        .correlate(Meeting)
        .scalar_subquery()
    )
    return _held(there.label("amount")).where(Meeting.attendance_at.is_not(None))


def _held(*more: ColumnElement[int]) -> Rows:
    return (
        select(
            Meeting.starts_at.label("at"),
            Meeting.public_id,
            Meeting.title,
            Meeting.is_inter,
            Space.id.label("space_id"),
            Space.slug,
            Space.name,
            Space.visibility,
            *more,
        )
        .join(Space, Space.id == Meeting.space_id)
        .where(
            during(Meeting.starts_at),
            Meeting.starts_at <= func.now(),
            Meeting.cancelled_at.is_(None),
            Space.visibility != Visibility.PRIVATE_HIDDEN,
        )
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
    )
