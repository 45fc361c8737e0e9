"""How often sheets are read, and what became of each in a quarter: numbers, never who."""

from datetime import date, timedelta
from typing import Self

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment
from inters4.core.values import dataclass

DAYS_KEPT = 400
"""How long readings are kept by day; those of a quarter stay."""


@dataclass(frozen=True, slots=True)
class Quarter:
    """Three months, from `first` to the day before `end`."""

    first: date
    end: date

    @classmethod
    def of(cls, day: date) -> Self:
        """The one in which `day` is."""
        first = date(day.year, day.month - (day.month - 1) % 3, 1)
        after = first + timedelta(days=95)
        return cls(first, date(after.year, after.month, 1))

    @classmethod
    def before(cls, day: date) -> Self:
        """The last that was over on `day`."""
        return cls.of(cls.of(day).first - timedelta(days=1))

    @property
    def last(self) -> date:
        """Its last day."""
        return self.end - timedelta(days=1)


class PracticeReading(Model):
    """How many times a sheet was read on a day, in local time."""

    __tablename__ = "practice_readings"

    practice_id: Mapped[str] = mapped_column(
        ForeignKey("practices.id", ondelete="CASCADE"), primary_key=True
    )
    on_day: Mapped[date] = mapped_column(primary_key=True, index=True)
    number: Mapped[int]


class PracticeQuarter(Model):
    """What became of a sheet in a quarter; its team is told as the row is written, if at all.

    Attributes:
        first: the first day of the quarter.
        adoptions: declared in the quarter, of those that people who registered may read.
        adoptions_in_all: declared until its end.
        yes, not_yet, no: reactions of the quarter.
        said: what readers added to them, as `reactions` counts it; never of a few people.
    """

    __tablename__ = "practice_quarters"

    practice_id: Mapped[str] = mapped_column(
        ForeignKey("practices.id", ondelete="CASCADE"), primary_key=True
    )
    first: Mapped[date] = mapped_column(primary_key=True)
    readings: Mapped[int]
    adoptions: Mapped[int]
    adoptions_in_all: Mapped[int]
    questions: Mapped[int]
    yes: Mapped[int]
    not_yet: Mapped[int]
    no: Mapped[int]
    said: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, server_default="{}")
    counted_at: Mapped[Moment] = mapped_column(default=now)

    @property
    def is_empty(self) -> bool:
        """True when nothing happened: nobody is written to for that."""
        return not (
            self.readings or self.adoptions or self.questions or self.yes or self.not_yet or self.no
        )
