"""What left outside the portal, as the rhythm that readers chose counts it.

Who received an issue there is not known: it is taken as received, on the day that the team told, by
those it was for, as the portal would have chosen them. Told of each issue for everyone, someone who
reads one a month would be left out of every issue of a newsletter that leaves each week: as the
file of addresses did, only those far enough apart are counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.values import dataclass
from inters4.newsletters.models import READABLE, Issue


@dataclass(frozen=True, slots=True)
class Past:
    """An issue of the same newsletter that came out."""

    id: str
    published_at: datetime
    audience: Mapping[str, Sequence[str]]
    is_elsewhere: bool

    @property
    def is_narrowed(self) -> bool:
        """True when it was not for everyone."""
        return any(self.audience.values())


def came_out(session: Session, issue: Issue) -> list[Past]:
    """What came out beside `issue`, the last first, in one statement; errata are no issues."""
    rows = session.execute(
        select(Issue.id, Issue.published_at, Issue.audience, Issue.sent_elsewhere)
        .where(
            Issue.newsletter_id == issue.newsletter_id,
            Issue.id != issue.id,
            Issue.erratum_of_id.is_(None),
            Issue.state.in_(READABLE),
            Issue.published_at.is_not(None),
        )
        .order_by(Issue.published_at.desc())
    )
    return [
        Past(row.id, row.published_at, row.audience or {}, row.sent_elsewhere is not None)
        for row in rows
    ]


def lately(past: Iterable[Past], *, apart: timedelta, at: datetime) -> list[Past]:
    """What left elsewhere since the last one that those who read this rarely received there.

    Nothing once that one is `apart` away.
    """
    elsewhere = [one for one in reversed(list(past)) if one.is_elsewhere]
    last = last_received(elsewhere, apart=apart)
    if last is None or last <= at - apart:
        return []
    return [one for one in elsewhere if one.published_at >= last]


def last_received(
    elsewhere: Iterable[Past], *, apart: timedelta, since: datetime | None = None
) -> datetime | None:
    """The last day that somebody who received an issue at `since` received one; the first first."""
    last = since
    for one in elsewhere:
        if last is None or one.published_at >= last + apart:
            last = one.published_at
    return last
