"""The summary itself: what it says, and what is known of the article it tells."""

from typing import ClassVar
from urllib.parse import quote

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inters4.core.db import Model, Moment
from inters4.core.outbox import Searchable
from inters4.core.richtext import RichColumns
from inters4.core.wholes import Whole
from inters4.veille.models.parts import KIND, SummaryPractice, SummaryTerm
from inters4.veille.models.states import (
    IN_PROGRESS,
    READABLE,
    TOMBSTONES,
    AppraisalTool,
    LimitSource,
    OpenAccess,
    Origin,
    Scheme,
    SummaryState,
)


class Summary(RichColumns, Searchable, Whole, Model):
    """One article or report, told in one paragraph: `source` and `html`.

    Lists that are only ever read whole (authors, what was deduced, what a draft waits for) are
    JSON columns.

    Attributes:
        id: permanent text id; files, the index and other domains cite it.
        hook: why read on, in one sentence.
        state_reason: why the summary was corrected, replaced or retracted.
        state_since: since when, unless it came so with its file.
        replaced_by: id of the summary that takes its place; it may not exist yet.
        limit: the main limit of the study, `limit_source` says according to whom.
        context: « Pour notre contexte », in one sentence.
        design, evidence_strength: vocabulary ids.
        year: of the article; `published_at` is when the portal published the summary.
        inferred: names of the fields whose value was deduced, not seen.
        missing: what a draft waits for, in words.
        writer_id, reviewer_id, publisher_id: who did it; nobody for a starter summary.
    """

    __tablename__ = "summaries"
    __table_args__ = (Index("ix_summaries_state_of_all", "updated_at", "version"),)
    document_kind: ClassVar[str] = KIND

    id: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str] = mapped_column(default="fr")
    translation_of: Mapped[str | None] = mapped_column(ForeignKey("summaries.id"), index=True)
    title: Mapped[str]
    hook: Mapped[str] = mapped_column(default="")
    origin: Mapped[Origin]
    state: Mapped[SummaryState] = mapped_column(index=True)
    state_reason: Mapped[str] = mapped_column(default="")
    state_since: Mapped[Moment | None]
    published_at: Mapped[Moment | None]
    replaced_by: Mapped[str] = mapped_column(default="")
    limit: Mapped[str] = mapped_column(default="")
    limit_source: Mapped[LimitSource] = mapped_column(default=LimitSource.SOURCE)
    context: Mapped[str] = mapped_column(default="")
    design: Mapped[str] = mapped_column(default="")
    evidence_strength: Mapped[str] = mapped_column(default="")
    appraisal_tool: Mapped[AppraisalTool | None]
    appraisal_result: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="")
    population_studied: Mapped[str] = mapped_column(default="")
    open_access: Mapped[OpenAccess] = mapped_column(default=OpenAccess.UNKNOWN)
    article_title: Mapped[str]
    article_language: Mapped[str] = mapped_column(default="")
    authors: Mapped[list[str]] = mapped_column(JSON, default=list)
    journal: Mapped[str] = mapped_column(default="")
    year: Mapped[int | None]
    volume: Mapped[str] = mapped_column(default="")
    number: Mapped[str] = mapped_column(default="")
    pages: Mapped[str] = mapped_column(default="")
    doi: Mapped[str] = mapped_column(default="")
    pmid: Mapped[str] = mapped_column(default="")
    pmcid: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(default="")
    url_french: Mapped[str] = mapped_column(default="")
    inferred: Mapped[list[str]] = mapped_column(JSON, default=list)
    missing: Mapped[list[str]] = mapped_column(JSON, default=list)
    writer_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    reviewed_at: Mapped[Moment | None]
    publisher_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)

    terms: Mapped[list[SummaryTerm]] = relationship(
        lazy="raise",
        cascade="all, delete-orphan",
        order_by=(SummaryTerm.scheme, SummaryTerm.position),
    )
    practices: Mapped[list[SummaryPractice]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by=SummaryPractice.position
    )

    @property
    def document_id(self) -> str:
        """The permanent id."""
        return self.id

    @property
    def is_readable(self) -> bool:
        """True when everyone may read the summary."""
        return self.state in READABLE

    @property
    def is_tombstone(self) -> bool:
        """True when everyone may read that the summary no longer holds, and why."""
        return self.state in TOMBSTONES or self.is_archived

    @property
    def is_archived(self) -> bool:
        """True when it was public once and nobody keeps it up to date."""
        return self.state is SummaryState.ARCHIVED and self.published_at is not None

    @property
    def is_draft(self) -> bool:
        """True while the brokering team works on it."""
        return self.state in IN_PROGRESS

    @property
    def is_starter(self) -> bool:
        """True for a summary made from public sources, without an author."""
        return self.origin is Origin.STARTER

    @property
    def has_proposed_rating(self) -> bool:
        """True while no appraisal stands behind the strength of the evidence: it must be said."""
        return self.appraisal_tool is None

    @property
    def doi_url(self) -> str:
        """Where the DOI leads, empty without one."""
        return f"https://doi.org/{quote(self.doi, safe='/:;()._-')}" if self.doi else ""

    @property
    def article_url(self) -> str:
        """Where the article is read: its DOI, else its page."""
        return self.doi_url or self.url

    @property
    def source_line(self) -> str:
        """The journal or publisher, and the year: « BMC Health Services Research, 2015 »."""
        return ", ".join(part for part in (self.journal, str(self.year or "")) if part)

    def terms_of(self, scheme: Scheme | str) -> list[str]:
        """Vocabulary ids under one scheme, the main one first; needs `terms` loaded."""
        return [row.term for row in self.terms if row.scheme == scheme]
