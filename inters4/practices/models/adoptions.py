"""Who tries a practice, as teams themselves declare it, and the journal that they keep.

What sources report is `PracticeAdopter`: the two are never mixed, and only what teams declare is
counted. A change of an adoption dates the sheet, whose page and document show the public ones;
whatever changes a journal dates its adoption (`news_at`).
"""

import secrets
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import ClassVar

from markupsafe import Markup
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey, Timestamps, Versioned
from inters4.core.outbox import AltersDocuments, DocumentRef
from inters4.core.richtext import Profile, Rendered, RichColumns, render, stored
from inters4.core.wholes import PartOf
from inters4.members.models import Organisation
from inters4.practices.models.parts import KIND
from inters4.practices.models.practices import Practice

_ENTRY_HEADING = 4


class AdoptionState(StrEnum):
    """How far a team has come with a practice."""

    INTENTION = "intention"
    TRIAL = "trial"
    IN_PLACE = "in-place"
    EXTENDED = "extended"
    ABANDONED = "abandoned"


class Openness(StrEnum):
    """Who reads an adoption and its journal: everyone, people who registered, its organisation."""

    PUBLIC = "public"
    MEMBERS = "members"
    US = "us"


class Aspect(StrEnum):
    """What an entry of the journal is about: the five dimensions of RE-AIM, and two more."""

    REACH = "reach"
    EFFECTIVENESS = "effectiveness"
    ADOPTION = "adoption"
    IMPLEMENTATION = "implementation"
    MAINTENANCE = "maintenance"
    ADAPTATIONS = "adaptations"
    LESSONS = "lessons"


def _public_id() -> str:
    return secrets.token_hex(8)


class Adoption(AltersDocuments, PartOf, Timestamps, Versioned, Model):
    """A team of an organisation that tries a practice, as it declares it.

    Attributes:
        public_id: names it in addresses; the number never leaves the database.
        team: the unit or team, one declaration each.
        region, setting: vocabulary ids; the region is one that the organisation serves, or none.
        since: as vaguely as the team knows.
        state_since: when it came to its state.
        state_reason: why it was abandoned.
        news_at: the last time that anyone said anything of it.
        news_asked_at: when news were asked for, None once some came.
        hidden_at: when the coordination took it out of others' sight.
        read_in: public id of the item of an issue that it came of; empty without one.
    """

    __tablename__ = "adoptions"
    __table_args__ = (UniqueConstraint("practice_id", "organisation_id", "team"),)
    part_of: ClassVar[str] = "practice_id"

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(unique=True, default=_public_id)
    practice_id: Mapped[str] = mapped_column(ForeignKey("practices.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    team: Mapped[str]
    region: Mapped[str] = mapped_column(default="")
    setting: Mapped[str] = mapped_column(default="")
    since: Mapped[str] = mapped_column(default="")
    openness: Mapped[Openness]
    state: Mapped[AdoptionState]
    state_since: Mapped[Moment] = mapped_column(default=now)
    state_reason: Mapped[str] = mapped_column(default="")
    news_at: Mapped[Moment] = mapped_column(default=now, index=True)
    news_asked_at: Mapped[Moment | None]
    hidden_at: Mapped[Moment | None]
    hidden_reason: Mapped[str] = mapped_column(default="")
    read_in: Mapped[str] = mapped_column(default="", index=True)

    practice: Mapped[Practice] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")

    @property
    def label(self) -> str:
        """The organisation and the team; needs the organisation loaded."""
        return f"{self.organisation.name}, {self.team}"

    @property
    def is_hidden(self) -> bool:
        """True while the coordination keeps it out of others' sight."""
        return self.hidden_at is not None

    def search_dependents(self, session: Session) -> Iterable[DocumentRef]:  # noqa: ARG002
        """The sheet, which names those who adopted it."""
        return (DocumentRef(KIND, self.practice_id),)


class AdoptionHolder(Model):
    """A person who answers for an adoption; all belong to its organisation."""

    __tablename__ = "adoption_holders"

    adoption_id: Mapped[int] = mapped_column(ForeignKey("adoptions.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)
    joined_at: Mapped[Moment] = mapped_column(default=now)


class AdoptionStep(Model):
    """One change of state; rows are only ever added."""

    __tablename__ = "adoption_steps"

    id: Mapped[PrimaryKey]
    adoption_id: Mapped[int] = mapped_column(ForeignKey("adoptions.id"), index=True)
    from_state: Mapped[AdoptionState | None]
    to_state: Mapped[AdoptionState]
    at: Mapped[Moment] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    reason: Mapped[str] = mapped_column(default="")


class AdoptionEntry(RichColumns, Timestamps, Versioned, Model):
    """An entry of the journal: one aspect, one day, a text and its figures."""

    __tablename__ = "adoption_entries"
    __table_args__ = (Index("ix_adoption_entries_day", "adoption_id", "on_day"),)

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(unique=True, default=_public_id)
    adoption_id: Mapped[int] = mapped_column(ForeignKey("adoptions.id"))
    aspect: Mapped[Aspect]
    on_day: Mapped[date]
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)

    results: Mapped[list["AdoptionResult"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="AdoptionResult.position"
    )

    def rendered(self) -> Rendered:
        """The text; several stand on one page, hence nothing in it has an id."""
        return render(self.source, profile=Profile.POST, top_heading=_ENTRY_HEADING)

    @property
    def markup(self) -> Markup:
        """The HTML to show."""
        return stored(self.html, renderer=self.renderer, profile=Profile.POST, again=self.rendered)


class AdoptionResult(Model):
    """A figure of the journal, of the same shape as those of sheets (`PracticeOutcome`)."""

    __tablename__ = "adoption_results"

    entry_id: Mapped[int] = mapped_column(ForeignKey("adoption_entries.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    indicator: Mapped[str]
    before: Mapped[str] = mapped_column(default="")
    after: Mapped[str] = mapped_column(default="")
    value: Mapped[str] = mapped_column(default="")
    unit: Mapped[str] = mapped_column(default="")
    n: Mapped[str] = mapped_column(default="")
    period: Mapped[str] = mapped_column(default="")


class TransferAssessment(Timestamps, Versioned, Model):
    """« Est-ce que ça marcherait ici? »: what a team answers, for its organisation's eyes alone.

    No role opens it: neither the coordination nor the technical administration.
    """

    __tablename__ = "transfer_assessments"
    __table_args__ = (UniqueConstraint("practice_id", "organisation_id", "team"),)

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(unique=True, default=_public_id)
    practice_id: Mapped[str] = mapped_column(ForeignKey("practices.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    team: Mapped[str]
    fit: Mapped[str] = mapped_column(default="")
    worth: Mapped[str] = mapped_column(default="")
    feasible: Mapped[str] = mapped_column(default="")
    how: Mapped[str] = mapped_column(default="")
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)

    practice: Mapped[Practice] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")
