"""Days of work: those who decide are not late on a Sunday."""

from datetime import datetime, timedelta

from inters4.core.clock import local

_SATURDAY = 5


def working_days_since(start: datetime, at: datetime) -> int:
    """Whole days of work gone from `start` to `at`, by the clocks of Québec; no holiday counts."""
    begun, ended = local(start), local(at)
    count, day = 0, begun
    while day + timedelta(days=1) <= ended:
        day += timedelta(days=1)
        count += day.weekday() < _SATURDAY
    return count
