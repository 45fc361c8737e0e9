"""The only source of the present instant.

Instants are timezone-aware UTC everywhere; people see them in the time of Québec.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("America/Toronto")


def now() -> datetime:
    """The present instant, in UTC, to the microsecond."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """`moment` as the clocks of Québec show it."""
    return moment.astimezone(LOCAL_ZONE)


def day_of(moment: datetime | None) -> date | None:
    """The day in Québec at `moment`, None for none."""
    return local(moment).date() if moment else None
