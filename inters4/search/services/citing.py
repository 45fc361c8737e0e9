"""What reference managers read of the documents of a list: of a summary, its article.

A citation is asked of the kind of each document, which checks again who reads it, and is kept for
as long as the index does not change: the documents of a list were just found there for this viewer.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from threading import Lock

from sqlalchemy.orm import Session

from indexer import Revision, SearchEngine
from inters4.core.access import Viewer
from inters4.core.citations import Citation
from inters4.core.hooks import hooks
from inters4.core.outbox import DocumentRef
from inters4.search.models.page import Card
from inters4.search.queries.engine import engine
from inters4.search.services.cards import by_kind

_REMEMBERED = 2_000
_Asked = tuple[SearchEngine, Revision, str, str]
_known: "OrderedDict[_Asked, Citation | None]" = OrderedDict()
_lock = Lock()


def citations(session: Session, keys: Sequence[str], *, viewer: Viewer) -> Mapping[str, Citation]:
    """Citations of those of `keys` that `viewer` may read now, in a fixed number of statements."""
    found: dict[str, Citation] = {}
    for name, identifiers in by_kind(keys).items():
        cite = hooks.document_kinds[name].cite
        if cite is not None:
            cited = cite(session, identifiers, viewer)
            found |= {DocumentRef(name, one).key: citation for one, citation in cited.items()}
    return found


def with_citations(session: Session, cards: Iterable[Card], *, viewer: Viewer) -> tuple[Card, ...]:
    """Cards of documents that the index has just found for `viewer`, with their citations.

    Raises:
        IndexUnavailable: no index can be read now.
    """
    shown = list(cards)
    now = (engine(), engine().revision, viewer.locale)
    with _lock:
        known = {card.key: _known[*now, card.key] for card in shown if (*now, card.key) in _known}
    missing = [card.key for card in shown if card.key not in known]
    if missing:
        found = citations(session, missing, viewer=viewer)
        fresh = {key: found.get(key) for key in missing}
        _remember({(*now, key): citation for key, citation in fresh.items()})
        known |= fresh
    return tuple(replace(card, citation=known[card.key]) for card in shown)


def _remember(fresh: Mapping[_Asked, Citation | None]) -> None:
    with _lock:
        _known.update(fresh)
        while len(_known) > _REMEMBERED:
            _known.popitem(last=False)
