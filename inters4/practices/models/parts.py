"""The rows that make up a sheet: its texts, its classification, its sources, its documents.

Each names its sheet by its permanent id: a change of any puts the sheet in the outbox, without a
query.
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar
from urllib.parse import quote

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, Session, mapped_column

from inters4.core.db import Model
from inters4.core.outbox import AltersDocuments, DocumentRef
from inters4.core.richtext import Rendered, RichColumns
from inters4.core.wholes import PartOf
from inters4.practices.models.rendering import render_block
from inters4.practices.models.states import Accessibility, Block, Check, Licence, Scheme

KIND = "fiche"


class Part(AltersDocuments, PartOf):
    """What every row of a sheet has: the sheet it belongs to."""

    part_of: ClassVar[str] = "practice_id"

    practice_id: Mapped[str] = mapped_column(ForeignKey("practices.id"), primary_key=True)

    def search_dependents(self, session: Session) -> Iterable[DocumentRef]:  # noqa: ARG002
        """The sheet."""
        return (DocumentRef(KIND, self.practice_id),)


class Line(Part):
    """A part that is one line of a list, in the order in which the sheet gives them."""

    position: Mapped[int] = mapped_column(primary_key=True)


class PracticeBlock(RichColumns, Part, Model):
    """One long text."""

    __tablename__ = "practice_blocks"

    block: Mapped[Block] = mapped_column(primary_key=True)

    def rendered(self) -> Rendered:
        """The text with its citations linked."""
        return render_block(self.block, self.source)


class PracticeTerm(Part, Model):
    """The sheet is classified under a term; the first of a scheme is the main one."""

    __tablename__ = "practice_terms"
    __table_args__ = (Index("ix_practice_terms_term", "scheme", "term"),)

    scheme: Mapped[Scheme] = mapped_column(primary_key=True)
    term: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]


class PracticeReference(Part, Model):
    """A source, cited in the texts as [number].

    Attributes:
        language: code of that of its title; empty when it is that of the sheet.
    """

    __tablename__ = "practice_references"

    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    language: Mapped[str] = mapped_column(default="")
    publisher: Mapped[str] = mapped_column(default="")
    year: Mapped[int | None]
    url: Mapped[str] = mapped_column(default="")
    doi: Mapped[str] = mapped_column(default="")

    @property
    def doi_url(self) -> str:
        """Where the DOI leads, empty without one."""
        return f"https://doi.org/{quote(self.doi)}" if self.doi else ""


class PracticeAttachment(Line, Model):
    """A document that goes with the sheet: deposited here, or lying elsewhere.

    Attributes:
        url: where it lies; empty for one that was deposited.
        file: token of the deposited file; empty for one that lies elsewhere.
        name: under which a deposited file is kept by whoever downloads it.
        terms: its licence, of the closed list.
        licence: what else is said of it.
        language: code; empty when it is that of the sheet.
        accessibility: on the whole; each thing that was looked at has its own column.
        alt_text: images are described.
        structure: titles, lists and tables are tagged.
        contrast: texts stand out enough.
        captions: what is said has captions or a transcript.
        checked_on: when someone last looked.
    """

    __tablename__ = "practice_attachments"

    title: Mapped[str]
    url: Mapped[str] = mapped_column(default="")
    file: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(default="")
    terms: Mapped[Licence] = mapped_column(default=Licence.UNKNOWN)
    licence: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    accessibility: Mapped[Accessibility] = mapped_column(default=Accessibility.UNCHECKED)
    alt_text: Mapped[Check] = mapped_column(default=Check.UNKNOWN)
    structure: Mapped[Check] = mapped_column(default=Check.UNKNOWN)
    contrast: Mapped[Check] = mapped_column(default=Check.UNKNOWN)
    captions: Mapped[Check] = mapped_column(default=Check.UNKNOWN)
    checked_on: Mapped[date | None]

    @property
    def address(self) -> str:
        """Where it is read: a path of the portal for what was deposited."""
        return f"/fichiers/{self.file}" if self.file else self.url
