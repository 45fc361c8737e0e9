"""What was last imported, so that a later import never overwrites what people changed since."""

import hashlib

from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment


class ContentImport(Model):
    """One object that an import put into the database.

    Attributes:
        file: path of its file, relative to the content folder.
        file_digest: digest of the object as the file gave it.
        row_digest: digest of the object as the database held it right after.
    """

    __tablename__ = "content_imports"

    kind: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(primary_key=True)
    file: Mapped[str]
    file_digest: Mapped[str]
    row_digest: Mapped[str]
    imported_at: Mapped[Moment] = mapped_column(default=now)


def digest(text: str) -> str:
    """A stable fingerprint of a canonical text."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
