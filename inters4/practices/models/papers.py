"""A sheet as a PDF: asked for by a reader, made by the worker, made anew when the sheet changes."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment


class PracticePaper(Model):
    """The PDF of a sheet that somebody asked for; nothing tells who.

    Attributes:
        file_id: the last that was made; none before the first.
        made_of: version of the sheet that it shows.
        refused_of: version of which none could be made; the next is tried, or the next demand.
    """

    __tablename__ = "practice_papers"

    practice_id: Mapped[str] = mapped_column(
        ForeignKey("practices.id", ondelete="CASCADE"), primary_key=True
    )
    asked_at: Mapped[Moment] = mapped_column(default=now, index=True)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"), unique=True)
    made_of: Mapped[int | None]
    refused_of: Mapped[int | None]
