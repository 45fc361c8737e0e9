"""The archive of an issue, cut where it differs from one reader to the next.

What an issue says is drawn once for everyone; under each sheet and each summary, a reader finds
the answer that their browser gave of it, here or on its own page: it is one and the same.
"""

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence

from flask import url_for
from sqlalchemy.orm import Session

from inters4.core.outbox import DocumentRef
from inters4.core.values import dataclass
from inters4.reactions.forms import mark_of, number_of_browser
from inters4.reactions.models import Reaction
from inters4.reactions.queries import own_reactions


@dataclass(frozen=True, slots=True)
class Place:
    """Under an item: what it cites, and what this browser said of it.

    Attributes:
        item: its public id.
        action: the address that takes a tap.
        back: the path to come back to.
    """

    item: str
    title: str
    action: str
    back: str
    own: Reaction | None


Piece = tuple[str, Place | None]


def new_mark() -> str:
    """What stands around a place while an issue is drawn: nobody can have written it."""
    return secrets.token_hex(16)


def cut(drawn: str, mark: str) -> tuple[str, ...]:
    """Text, place, text, place… text."""
    return tuple(drawn.split(mark))


def filled(session: Session, pieces: Sequence[str], *, path: str) -> list[Piece]:
    """Each text with the place that follows it; `path` is that of the issue.

    A browser that never tapped costs no statement.
    """
    said = [json.loads(one) for one in pieces[1::2]]
    documents = [DocumentRef(one["kind"], one["document"]) for one in said]
    number = number_of_browser()
    own = own_reactions(session, documents, browser=mark_of(number) if number else "")
    return list(_joined(pieces[::2], said, documents, own, path=path))


def _joined(
    texts: Sequence[str],
    said: Sequence[dict[str, str]],
    documents: Sequence[DocumentRef],
    own: Mapping[DocumentRef, Reaction],
    *,
    path: str,
) -> Iterator[Piece]:
    for number, text in enumerate(texts):
        if number == len(said):
            yield text, None
            return
        one, document = said[number], documents[number]
        yield (
            text,
            Place(
                one["item"],
                one["title"],
                url_for("reactions.react", kind=document.kind, document_id=document.id),
                f"{path}#avis-{one['item']}",
                own.get(document),
            ),
        )
