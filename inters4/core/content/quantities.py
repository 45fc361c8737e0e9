"""Fields that hold one number, day or moment.

YAML is not trusted with types: « 01 » and « 2019-02-30 » stay text until here.
"""

import re
from datetime import date, datetime, time

from inters4.core.clock import LOCAL_ZONE
from inters4.core.content.reading import scalar_text
from inters4.core.frontmatter import Plain, Reading, Value
from inters4.core.i18n import _
from inters4.core.values import dataclass

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number; `default` is left unwritten."""

    name: str
    low: int
    high: int
    required: bool = False
    default: int | None = None

    def empty(self) -> int | None:
        """What stands when nothing is said."""
        return self.default

    def read(self, value: Value, reading: Reading) -> int | None:
        """The number; « 01 » and « 1e3 » are not numbers."""
        text = scalar_text(value, self.name, reading)
        digits = text.isascii() and text.isdigit() and len(text) < 10 and str(int(text)) == text
        if not digits or not self.low <= int(text) <= self.high:
            reading.note(
                value.line,
                _(
                    "« %(name)s » doit être un nombre entier de %(low)s à %(high)s.",
                    name=self.name,
                    low=self.low,
                    high=self.high,
                ),
            )
            return self.default
        return int(text)

    def write(self, value: int) -> Plain:
        """In digits."""
        return str(value)


@dataclass(frozen=True, slots=True)
class Day:
    """A date, `2026-11-21`."""

    name: str
    required: bool = False

    def empty(self) -> None:
        """No date."""

    def read(self, value: Value, reading: Reading) -> date | None:
        """The date; one that no calendar holds is refused."""
        text = scalar_text(value, self.name, reading)
        try:
            if _DAY.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        reading.note(
            value.line,
            _(
                "« %(value)s » n’est pas une date du calendrier : écrivez AAAA-MM-JJ.",
                value=text[:40],
            ),
        )
        return None

    def write(self, value: date) -> Plain:
        """In ISO 8601."""
        return value.isoformat()


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment. A date alone means its first instant in Québec, and is written back as a date."""

    name: str
    required: bool = False

    def empty(self) -> None:
        """No moment."""

    def read(self, value: Value, reading: Reading) -> datetime | None:
        """The moment; it needs a zone unless it is a whole day."""
        text = scalar_text(value, self.name, reading)
        try:
            if _DAY.fullmatch(text):
                return datetime.combine(date.fromisoformat(text), time(), tzinfo=LOCAL_ZONE)
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is not None:
                return moment
        except ValueError:
            pass
        reading.note(
            value.line,
            _(
                "« %(value)s » n’est pas un moment : écrivez AAAA-MM-JJ, ou l’heure avec son "
                "fuseau.",
                value=text[:40],
            ),
        )
        return None

    def write(self, value: datetime) -> Plain:
        """The date when the moment is the first of a day, else everything."""
        there = value.astimezone(LOCAL_ZONE)
        if there.timetz().replace(tzinfo=None) == time():
            return there.date().isoformat()
        return there.isoformat()
