"""Which deposited files belong to a sheet: the row that says who may read each."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inters4.core.clock import now
from inters4.core.db import Model, Moment
from inters4.core.files import StoredFile


class PracticeFile(Model):
    """A file deposited for a sheet; what it is called, and on what terms, is written in the sheet.

    Attributes:
        published_at: when readers first saw it; from then on a version cites it, and it stays.
        checked_by_id: who last said how accessible it is.
    """

    __tablename__ = "practice_files"

    practice_id: Mapped[str] = mapped_column(
        ForeignKey("practices.id", ondelete="CASCADE"), primary_key=True
    )
    file_id: Mapped[int] = mapped_column(
        ForeignKey("stored_files.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    added_at: Mapped[Moment] = mapped_column(default=now)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    published_at: Mapped[Moment | None]

    stored: Mapped[StoredFile] = relationship(lazy="raise")
