"""The only source of the present instant.

Instants are timezone-aware UTC everywhere; people see them in the time of Québec.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("America/Toronto")


def now() -> datetime:
    """The present instant, in UTC, to the microsecond."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """`moment` as the clocks of Québec show it."""
    return moment.astimezone(LOCAL_ZONE)
