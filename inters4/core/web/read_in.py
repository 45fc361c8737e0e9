"""What the present request says of the item of an issue that led to it."""

from flask import request
from sqlalchemy.orm import Session

from inters4.core.outbox import DocumentRef
from inters4.core.read_in import NAME, PARAMETER, items


def named_item() -> str:
    """The name that the address or the form bears, to be carried on: well formed, not checked."""
    name = request.values.get(PARAMETER, "")
    return name if NAME.fullmatch(name) else ""


def item_read(session: Session, *, about: DocumentRef | None = None) -> str:
    """The same, once it is known to be real; empty otherwise. What is kept is this.

    `about` is the document that the form is about, which the item then cites.
    """
    return items.real(session, named_item(), about=about)
