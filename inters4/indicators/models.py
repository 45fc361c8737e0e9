"""Figures that others published, and the digital plan.

A figure is kept as its source writes it, with its date: it is read only, never added to what the
portal counts. A plan is read whole and never searched: its rows are lists inside one row.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.db import Model, Timestamps


class Topic(StrEnum):
    """The page on which a figure stands."""

    CONSORTIUM = "consortium"
    DIGITAL_PLAN = "digital-plan"
    INNOVATION = "innovation"


class Counted(StrEnum):
    """What the portal counts beside a figure."""

    SHEET = "fiche"
    SUMMARY = "resume"
    ISSUE = "numero"
    ORGANISATION = "organisation"
    ADOPTION = "adoption"
    MEMBER = "personne"
    SUBSCRIBER = "abonne"


class Fact(Timestamps, Model):
    """One figure, as a source gives it.

    Attributes:
        value: text, « plus de 100 » is not 100.
        period: the date or the years, « s. d. » when the source has none.
        quote: the words of the source.
        counted_as: what the portal counts beside it, None when nothing matches.
    """

    __tablename__ = "facts"

    id: Mapped[str] = mapped_column(primary_key=True)
    topic: Mapped[Topic] = mapped_column(index=True)
    organisation: Mapped[str]
    category: Mapped[str]
    label: Mapped[str]
    value: Mapped[str]
    unit: Mapped[str] = mapped_column(default="")
    period: Mapped[str] = mapped_column(default="")
    source: Mapped[str]
    quote: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    counted_as: Mapped[Counted | None]
    position: Mapped[int]


class DigitalPlan(Timestamps, Model):
    """A plan of digital transformation: what it aims at, year by year, and what may hinder it.

    Attributes:
        objectives, conditions, risks, related: rows as `exports.plans` describes them.
        related_source: who says which plans are related; another source than the plan's own.
    """

    __tablename__ = "digital_plans"

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    source: Mapped[str]
    objectives: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    conditions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    risks: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    related: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    related_source: Mapped[str] = mapped_column(default="")

    @property
    def years(self) -> list[str]:
        """Every year that has a target, in order."""
        return sorted({target["year"] for row in self.objectives for target in row["targets"]})
