"""The figures of a sheet: where things stood, what was measured, who it takes, what it costs.

Figures stay text, as their source writes them: « plus de 7 000 » is not 7 000. `reference` is the
number of the source in the sheet.
"""

from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.db import Model
from inters4.practices.models.parts import Line
from inters4.practices.models.states import CostKind


def with_unit(value: str, unit: str) -> str:
    """« 30 % »: a value and its unit, which stay on one line."""
    return f"{value}\N{NO-BREAK SPACE}{unit}" if value and unit else value or unit


class PracticeBaseline(Line, Model):
    """Where one thing stood before the practice."""

    __tablename__ = "practice_baselines"

    indicator: Mapped[str]
    value: Mapped[str]
    unit: Mapped[str] = mapped_column(default="")
    date: Mapped[str] = mapped_column(default="")
    reference: Mapped[int | None]


class PracticeOutcome(Line, Model):
    """One figure, as its source gives it: `before` and `after`, or a single `value`."""

    __tablename__ = "practice_outcomes"

    indicator: Mapped[str]
    before: Mapped[str] = mapped_column(default="")
    after: Mapped[str] = mapped_column(default="")
    value: Mapped[str] = mapped_column(default="")
    unit: Mapped[str] = mapped_column(default="")
    n: Mapped[str] = mapped_column(default="")
    period: Mapped[str] = mapped_column(default="")
    design: Mapped[str] = mapped_column(default="")
    reference: Mapped[int | None]


class PracticeStaffing(Line, Model):
    """Who it takes: a profession of the vocabulary, or a name, or both."""

    __tablename__ = "practice_staffing"

    profession: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(default="")
    fte: Mapped[str] = mapped_column(default="")
    reference: Mapped[int | None]


class PracticeCost(Line, Model):
    """What it costs to start or to run, or what it saves."""

    __tablename__ = "practice_costs"

    kind: Mapped[CostKind]
    amount: Mapped[str]
    period: Mapped[str] = mapped_column(default="")
    reference: Mapped[int | None]
