"""Who may read a file: the domain that owns the link to it says so, and core asks."""

from collections.abc import Callable
from enum import StrEnum

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.files.models import StoredFile


class Opening(StrEnum):
    """How a file opens: for everyone, for this reader alone, or no more though it once did."""

    PUBLIC = "public"
    PRIVATE = "private"
    GONE = "gone"


FileOwner = Callable[[Session, StoredFile, Viewer], "Opening | None"]
"""None for a file that is not its own, and for one of which the reader may not know."""
