"""The item of an issue in which somebody read what made them act.

An address or a form names it; it is kept only when the domain of issues knows it as real, read by
everyone, and about the very document that the form is about: what is said of one sheet is never
counted under another. That domain says at start how it knows; until then no name is kept.
"""

import re
from collections.abc import Callable

from sqlalchemy.orm import Session

from inters4.core.outbox import DocumentRef

PARAMETER = "numero"
"""Of addresses, and of forms that carry it on."""
NAME = re.compile(r"[0-9a-f]{12}")

Knowing = Callable[[Session, str, DocumentRef | None], bool]
"""Public id of an item, document -> whether everyone may read in an issue that it cites it.

Without a document: whether everyone may read it.
"""


class ReadIn:
    """How items are known; nobody knows any until someone says how."""

    def __init__(self) -> None:
        self._knows: Knowing | None = None

    def known_by(self, knows: Knowing) -> None:
        """Say how.

        Raises:
            RuntimeError: somebody said it already.
        """
        if self._knows is not None:
            raise RuntimeError("registered twice: items of issues")
        self._knows = knows

    def real(self, session: Session, name: str, *, about: DocumentRef | None = None) -> str:
        """`name` when it is that of an item that everyone may read, else nothing.

        `about` is the document that the item must cite; None when there is none.
        """
        if self._knows is None or NAME.fullmatch(name) is None:
            return ""
        return name if self._knows(session, name, about) else ""


items = ReadIn()
