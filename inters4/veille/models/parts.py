"""The rows beside a summary.

Each names its summary by its permanent id: a change of any puts the summary in the outbox,
without a query.
"""

from collections.abc import Iterable
from typing import ClassVar

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, Session, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment
from inters4.core.outbox import AltersDocuments, DocumentRef
from inters4.core.wholes import PartOf
from inters4.veille.models.states import Scheme

KIND = "resume"


class SummaryTerm(AltersDocuments, PartOf, Model):
    """The summary is classified under a term; the first of a scheme is the main one."""

    __tablename__ = "summary_terms"
    part_of: ClassVar[str] = "summary_id"
    __table_args__ = (Index("ix_summary_terms_term", "scheme", "term"),)

    summary_id: Mapped[str] = mapped_column(ForeignKey("summaries.id"), primary_key=True)
    scheme: Mapped[Scheme] = mapped_column(primary_key=True)
    term: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]

    def search_dependents(self, session: Session) -> Iterable[DocumentRef]:  # noqa: ARG002
        """The summary."""
        return (DocumentRef(KIND, self.summary_id),)


class SummaryPractice(PartOf, Model):
    """The summary informs a practice sheet; neither shows the other's words in the index."""

    __tablename__ = "summary_practices"
    part_of: ClassVar[str] = "summary_id"

    summary_id: Mapped[str] = mapped_column(ForeignKey("summaries.id"), primary_key=True)
    practice_id: Mapped[str] = mapped_column(
        ForeignKey("practices.id"), primary_key=True, index=True
    )
    position: Mapped[int]


class SummarySlug(Model):
    """An address that a summary had before: it redirects for ever."""

    __tablename__ = "summary_slugs"

    slug: Mapped[str] = mapped_column(primary_key=True)
    summary_id: Mapped[str] = mapped_column(ForeignKey("summaries.id"), index=True)
    left_at: Mapped[Moment] = mapped_column(default=now)
