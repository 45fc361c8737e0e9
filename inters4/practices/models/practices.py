"""The sheet itself, and the addresses it had."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from inters4.core.clock import now
from inters4.core.db import Model, Moment
from inters4.core.outbox import DocumentRef, Searchable
from inters4.core.wholes import Whole
from inters4.practices.models.measures import (
    PracticeBaseline,
    PracticeCost,
    PracticeOutcome,
    PracticeStaffing,
)
from inters4.practices.models.parts import (
    KIND,
    Line,
    PracticeAttachment,
    PracticeBlock,
    PracticeReference,
    PracticeTerm,
)
from inters4.practices.models.places import (
    PracticeAdopter,
    PracticeCondition,
    PracticeOrganisation,
    PracticeTransferability,
)
from inters4.practices.models.states import (
    READABLE,
    TOMBSTONES,
    Block,
    Evaluation,
    Nature,
    Origin,
    PracticeState,
    RatingStatus,
    Scheme,
    TranslationState,
)


def _lines(kind: type[Line]) -> Any:
    """The lines of one kind, in their order."""
    return relationship(kind, lazy="raise", cascade="all, delete-orphan", order_by=kind.position)


class Practice(Searchable, Whole, Model):
    """A promising practice, described on one sheet.

    Attributes:
        id: permanent text id; files, the index and other domains cite it.
        state_reason: why the sheet was declined, withdrawn or replaced.
        started: when the practice started, as vaguely as the sources say.
        stage, maturity, evidence_strength: vocabulary ids.
        audience: for whom, in one sentence.
        team: the carrying team; it is written to by form only.
        reviewers: who rated, with their organisation, as the sheet shows them.
        edition: grows with each revision that readers should know of; `version` guards the row.
        translation_state: of the English version.
        read_in: public id of the item of an issue after which it was proposed; empty without one.
    """

    __tablename__ = "practices"
    __table_args__ = (Index("ix_practices_state_of_all", "updated_at", "version"),)
    document_kind: ClassVar[str] = KIND

    id: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str] = mapped_column(default="fr")
    translation_of: Mapped[str | None] = mapped_column(ForeignKey("practices.id"), index=True)
    title: Mapped[str]
    subtitle: Mapped[str] = mapped_column(default="")
    origin: Mapped[Origin]
    state: Mapped[PracticeState] = mapped_column(index=True)
    state_reason: Mapped[str] = mapped_column(default="")
    team: Mapped[str] = mapped_column(default="")
    started: Mapped[str] = mapped_column(default="")
    started_year: Mapped[int | None]
    stage: Mapped[str] = mapped_column(default="")
    stage_note: Mapped[str] = mapped_column(default="")
    problem: Mapped[str] = mapped_column(default="")
    solution: Mapped[str] = mapped_column(default="")
    result: Mapped[str] = mapped_column(default="")
    result_nature: Mapped[Nature | None]
    audience: Mapped[str] = mapped_column(default="")
    evaluation: Mapped[Evaluation | None]
    evaluation_design: Mapped[str] = mapped_column(default="")
    rating_status: Mapped[RatingStatus] = mapped_column(default=RatingStatus.PROPOSED)
    rated_on: Mapped[date | None]
    reviewers: Mapped[list[str]] = mapped_column(JSON, default=list)
    maturity: Mapped[str] = mapped_column(default="")
    maturity_reason: Mapped[str] = mapped_column(default="")
    evidence_strength: Mapped[str] = mapped_column(default="")
    evidence_reason: Mapped[str] = mapped_column(default="")
    equipment: Mapped[str] = mapped_column(default="")
    training: Mapped[str] = mapped_column(default="")
    funding: Mapped[str] = mapped_column(default="")
    interests: Mapped[str] = mapped_column(default="")
    approval: Mapped[str] = mapped_column(default="")
    approved_on: Mapped[date | None]
    no_patient_information: Mapped[bool] = mapped_column(default=False)
    funders: Mapped[list[str]] = mapped_column(JSON, default=list)
    edition: Mapped[int] = mapped_column(default=1)
    translation_state: Mapped[TranslationState] = mapped_column(default=TranslationState.ABSENT)
    published_at: Mapped[Moment | None]
    review_due: Mapped[date | None]
    read_in: Mapped[str] = mapped_column(default="", index=True)

    blocks: Mapped[list[PracticeBlock]] = relationship(lazy="raise", cascade="all, delete-orphan")
    terms: Mapped[list[PracticeTerm]] = relationship(
        lazy="raise",
        cascade="all, delete-orphan",
        order_by=(PracticeTerm.scheme, PracticeTerm.position),
    )
    references: Mapped[list[PracticeReference]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by=PracticeReference.number
    )
    organisations: Mapped[list[PracticeOrganisation]] = _lines(PracticeOrganisation)
    adopters: Mapped[list[PracticeAdopter]] = _lines(PracticeAdopter)
    baselines: Mapped[list[PracticeBaseline]] = _lines(PracticeBaseline)
    outcomes: Mapped[list[PracticeOutcome]] = _lines(PracticeOutcome)
    staffing: Mapped[list[PracticeStaffing]] = _lines(PracticeStaffing)
    costs: Mapped[list[PracticeCost]] = _lines(PracticeCost)
    success_conditions: Mapped[list[PracticeCondition]] = _lines(PracticeCondition)
    transferability: Mapped[list[PracticeTransferability]] = _lines(PracticeTransferability)
    attachments: Mapped[list[PracticeAttachment]] = _lines(PracticeAttachment)

    @property
    def document_id(self) -> str:
        """The permanent id."""
        return self.id

    @property
    def is_readable(self) -> bool:
        """True when everyone may read the sheet."""
        return self.state in READABLE

    @property
    def is_tombstone(self) -> bool:
        """True when everyone may read that the sheet is gone, and why."""
        return self.state in TOMBSTONES

    @property
    def is_starter(self) -> bool:
        """True for a sheet that the carrying team has not read."""
        return self.origin is Origin.STARTER

    @property
    def has_proposed_ratings(self) -> bool:
        """True while no reviewer stands behind the ratings: it must be said wherever they show."""
        return self.rating_status is RatingStatus.PROPOSED

    def is_overdue(self, *, on: date) -> bool:
        """True when the sheet should have been reviewed before the day `on`."""
        return self.is_readable and self.review_due is not None and self.review_due < on

    def terms_of(self, scheme: Scheme | str) -> list[str]:
        """Vocabulary ids under one scheme, the main one first; needs `terms` loaded."""
        return [row.term for row in self.terms if row.scheme == scheme]

    def block(self, block: Block) -> PracticeBlock | None:
        """One long text; needs `blocks` loaded."""
        return next((row for row in self.blocks if row.block is block), None)

    @property
    def organisation_labels(self) -> list[str]:
        """Names of the organisations that carry it; needs them loaded."""
        return [row.label for row in self.organisations]

    @property
    def regions(self) -> list[str]:
        """Vocabulary ids of the regions of the carrying organisations; needs `terms` loaded."""
        return self.terms_of(Scheme.REGIONS)

    def search_dependents(self, session: Session) -> Iterable[DocumentRef]:  # noqa: ARG002
        """Nothing else shows a sheet's words."""
        return ()


class PracticeSlug(Model):
    """An address that a sheet had before: it redirects for ever."""

    __tablename__ = "practice_slugs"

    slug: Mapped[str] = mapped_column(primary_key=True)
    practice_id: Mapped[str] = mapped_column(ForeignKey("practices.id"), index=True)
    left_at: Mapped[Moment] = mapped_column(default=now)
