"""What is said in spaces is hidden, moved or removed at once; the index follows a moment later.

Until it has, the documents of spaces that changed are not believed: their hits are confirmed by
the query of their kind, and show what the database says, without a word of what was indexed.
"""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from indexer import Hit
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.search.queries.index import pending_among
from inters4.search.services.asking import SPACE
from inters4.search.services.cards import confirm


def settled(session: Session, hits: Iterable[Hit], *, viewer: Viewer) -> tuple[Hit, ...]:
    """The hits to show; at most a statement, and those of confirming when something changed."""
    found = tuple(hits)
    waiting = unsettled(session, (hit.key for hit in found if hit.audience.startswith(SPACE)))
    if not waiting:
        return found
    changed = [hit for hit in found if hit.key in waiting]
    present = {hit.key: hit for hit in confirm(session, changed, viewer=viewer)}
    return tuple(
        present.get(hit.key, hit) for hit in found if hit.key not in waiting or hit.key in present
    )


def unsettled(session: Session, keys: Iterable[str]) -> frozenset[str]:
    """Those of the keys that the index has not followed yet; no statement for no key."""
    asked = frozenset(keys)
    return pending_among(session, asked, at=now()) if asked else frozenset()
