"""When a source is visited next: its own rhythm, unless its server asks for more patience.

next check = clamp(the longest of the adaptive interval and what the server asks, 5 min, 24 h),
a little later by chance, so that sources added together do not stay together.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LEAST_MINUTES = 5
MOST_MINUTES = 24 * 60
FIRST_MINUTES = 60
"""The interval of a new source, and the shortest of one that often has news."""
CALM_MINUTES = 12 * 60
"""The longest interval of a source that has no news and asks for nothing."""
_JITTER = 0.1
_CALMING, _WAKING = 1.25, 0.5


def adapted(minutes: int, *, has_news: bool, ttl: int | None = None) -> int:
    """The interval that follows `minutes`: shorter after news, longer without.

    `ttl` is how long the feed itself asks to be left alone; it is remembered in the interval, for
    the visits that do not read it again.
    """
    following = round(minutes * (_WAKING if has_news else _CALMING))
    calm = max(FIRST_MINUTES, min(following, CALM_MINUTES))
    asked = ttl or (minutes if minutes > CALM_MINUTES and not has_news else 0)
    return max(calm, min(asked, MOST_MINUTES))


def backed_off(failures: int) -> int:
    """Minutes before a source that failed `failures` times in a row is tried again.

    Twice as long each time, up to one probe a day.
    """
    doublings = min(max(failures, 1) - 1, 10)
    return min(FIRST_MINUTES << doublings, MOST_MINUTES)


def asked_minutes(headers: Mapping[str, str], *, at: datetime) -> int:
    """How long the server asks to be left alone: Retry-After, max-age or Expires; 0 for nothing.

    Headers that cannot be read ask for nothing.
    """
    seconds = [_retry_after(headers.get("retry-after", ""), at=at)]
    rules = _directives(headers.get("cache-control", ""))
    if "no-cache" not in rules and "no-store" not in rules:
        if "max-age" in rules:
            seconds.append(_number(rules["max-age"]) - _number(headers.get("age", "")))
        else:
            seconds.append(_until(headers.get("expires", ""), at=at))
    return max(0, *seconds) // 60


def next_check(minutes: int, *, at: datetime, asked: int = 0, chance: float = 0.0) -> datetime:
    """The instant of the next visit, `minutes` or `asked` minutes after `at`.

    `chance`, from 0 to 1, moves it by a tenth at most, and never past a day.
    """
    chosen = max(LEAST_MINUTES, min(max(minutes, asked), MOST_MINUTES))
    later = min(chosen * (1 + _JITTER * chance), MOST_MINUTES)
    return at + timedelta(minutes=later)


def _directives(written: str) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in written.lower().split(","))
    return {name.strip(): value.strip(' "') for name, _equals, value in pairs}


def _retry_after(written: str, *, at: datetime) -> int:
    return _number(written) or _until(written, at=at)


def _number(written: str) -> int:
    text = written.strip()
    is_number = text.isascii() and text.isdigit()
    return int(text[:9]) if is_number else 0


def _until(written: str, *, at: datetime) -> int:
    with suppress(ValueError, TypeError, OverflowError):
        moment = parsedate_to_datetime(written)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0, int((aware - at).total_seconds()))
    return 0
