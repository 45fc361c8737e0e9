"""The rows that make up a sheet.

Each names its sheet by its permanent id: a change of any puts the sheet in the outbox, without a
query.
"""

from collections.abc import Iterable
from urllib.parse import quote

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from inters4.core.db import Model
from inters4.core.outbox import AltersDocuments, DocumentRef
from inters4.core.richtext import Rendered, RichColumns
from inters4.members.models import Organisation
from inters4.practices.models.rendering import render_block
from inters4.practices.models.states import Block, Scheme

KIND = "fiche"


class _Part(AltersDocuments):
    """What every row below has: the sheet it belongs to."""

    practice_id: Mapped[str] = mapped_column(ForeignKey("practices.id"), primary_key=True)

    def search_dependents(self, session: Session) -> Iterable[DocumentRef]:  # noqa: ARG002
        """The sheet."""
        return (DocumentRef(KIND, self.practice_id),)


class PracticeBlock(RichColumns, _Part, Model):
    """One long text."""

    __tablename__ = "practice_blocks"

    block: Mapped[Block] = mapped_column(primary_key=True)

    def rendered(self) -> Rendered:
        """The text with its citations linked."""
        return render_block(self.block, self.source)


class PracticeTerm(_Part, Model):
    """The sheet is classified under a term; the first of a scheme is the main one."""

    __tablename__ = "practice_terms"
    __table_args__ = (Index("ix_practice_terms_term", "scheme", "term"),)

    scheme: Mapped[Scheme] = mapped_column(primary_key=True)
    term: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]


class PracticeReference(_Part, Model):
    """A source, cited in the texts as [number]."""

    __tablename__ = "practice_references"

    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    publisher: Mapped[str] = mapped_column(default="")
    year: Mapped[int | None]
    url: Mapped[str] = mapped_column(default="")
    doi: Mapped[str] = mapped_column(default="")

    @property
    def doi_url(self) -> str:
        """Where the DOI leads, empty without one."""
        return f"https://doi.org/{quote(self.doi)}" if self.doi else ""


class PracticeOutcome(_Part, Model):
    """One figure, as its source gives it: `before` and `after`, or a single `value`.

    Figures stay text: « plus de 7 000 » is not 7 000.
    """

    __tablename__ = "practice_outcomes"

    position: Mapped[int] = mapped_column(primary_key=True)
    indicator: Mapped[str]
    before: Mapped[str] = mapped_column(default="")
    after: Mapped[str] = mapped_column(default="")
    value: Mapped[str] = mapped_column(default="")
    unit: Mapped[str] = mapped_column(default="")
    n: Mapped[str] = mapped_column(default="")
    period: Mapped[str] = mapped_column(default="")
    design: Mapped[str] = mapped_column(default="")
    reference: Mapped[int | None]


class PracticeAdopter(_Part, Model):
    """Someone who adopted the practice, *as a source reports*; `region` is a vocabulary id."""

    __tablename__ = "practice_adopters"

    position: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(default="")
    region: Mapped[str] = mapped_column(default="")
    since: Mapped[str] = mapped_column(default="")
    source: Mapped[int | None]

    organisation: Mapped[Organisation | None] = relationship(lazy="raise")

    @property
    def label(self) -> str:
        """The name as the source writes it, else the organisation's."""
        return _name(self)


class PracticeOrganisation(_Part, Model):
    """An organisation that carries the practice: one of ours, or a name."""

    __tablename__ = "practice_organisations"

    position: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(default="")

    organisation: Mapped[Organisation | None] = relationship(lazy="raise")

    @property
    def label(self) -> str:
        """The name as the sheet writes it, else the organisation's."""
        return _name(self)


def _name(row: PracticeAdopter | PracticeOrganisation) -> str:
    return row.name or (row.organisation.name if row.organisation else "")
