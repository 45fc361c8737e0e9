"""The row of a stored file."""

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey


class StoredFile(Model):
    """A file that someone deposited, as it is kept: checked, images without their metadata.

    Attributes:
        token: random, in the address of the file and in its name on disk.
        name: as the person named it, cleaned, with the extension of its true type.
        size: bytes, as kept; 0 once what it held was erased, and its address says so.
        width: pixels, for images only.
        uploaded_by: id of the member, kept as a number: core knows no people.
    """

    __tablename__ = "stored_files"

    id: Mapped[PrimaryKey]
    token: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    width: Mapped[int | None]
    height: Mapped[int | None]
    created_at: Mapped[Moment] = mapped_column(default=now, index=True)
    uploaded_by: Mapped[int | None] = mapped_column(index=True)

    @property
    def is_emptied(self) -> bool:
        """True once what it held was erased: no file that is accepted is empty."""
        return self.size == 0

    @property
    def is_image(self) -> bool:
        """True when a page may show it."""
        return self.media_type.startswith("image/")
