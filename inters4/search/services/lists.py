"""Documents named by their keys: a list made by hand, or all that a search finds.

What is shown or exported is read from the database at that moment, through the query of each kind
that takes the viewer: a key is not a right to read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.citations import Citation
from inters4.core.hooks import Present, hooks
from inters4.core.outbox import DocumentRef
from inters4.search.exports.records import Record
from inters4.search.models import NOWHERE, Criteria, Place
from inters4.search.models.page import Card
from inters4.search.services.asking import admitted, ask
from inters4.search.services.cards import (
    CardMaker,
    find_present,
    origin_mark,
    several,
)
from inters4.search.services.citing import citations
from inters4.search.services.labels import Labels, in_a_sentence

EXPORT_LIMIT = 1_000
"""How many results an export holds at most."""
_BATCH = 100
_RATINGS = ("maturity", "evidence")


def make_list(
    session: Session, keys: Sequence[str], *, viewer: Viewer, place: Place = NOWHERE
) -> tuple[Card, ...]:
    """The cards of those of `keys` that `viewer` may read, in their order."""
    present = find_present(session, keys, viewer=viewer)
    readable = [key for key in keys if key in present]
    cited = citations(session, readable, viewer=viewer)
    labels = Labels.load(session)
    cards = CardMaker(labels, place.followed(labels.words.present))
    return tuple(
        replace(cards.of_present(DocumentRef.parse(key), present[key]), citation=cited.get(key))
        for key in readable
    )


def found_keys(session: Session, criteria: Criteria, *, viewer: Viewer) -> tuple[str, ...]:
    """The keys of all that a search finds, `EXPORT_LIMIT` at most, in its order.

    Raises:
        IndexUnavailable: no index can be read now.
    """
    labels = Labels.load(session)
    asked = labels.known(criteria).changed(page=1)
    found = ask(asked, admitted(session, viewer), labels, limit=EXPORT_LIMIT)
    return tuple(hit.key for hit in found.hits)


def records(
    session: Session, keys: Sequence[str], *, viewer: Viewer, site: str
) -> Iterator[list[Record]]:
    """What files say of those of `keys` that `viewer` may read, batch by batch, in their order.

    `site` is what absolute addresses start with.
    """
    labels = Labels.load(session)
    for start in range(0, len(keys), _BATCH):
        batch = keys[start : start + _BATCH]
        present = find_present(session, batch, viewer=viewer)
        cited = citations(session, batch, viewer=viewer)
        yield [
            _record(key, present[key], cited.get(key), labels, site)
            for key in batch
            if key in present
        ]


def _record(
    key: str, present: Present, citation: Citation | None, labels: Labels, site: str
) -> Record:
    reference = DocumentRef.parse(key)
    kind = hooks.document_kinds[reference.kind]
    fields = present.fields
    url = site + kind.url(reference.id, fields)
    return Record(
        key=key,
        kind=reference.kind,
        kind_label=str(kind.label()),
        title=present.title,
        url=url,
        summary=present.abstract,
        day=present.day,
        organisation=fields.get("organisation", ""),
        regions=tuple(labels.of("region", region) for region in several(fields, "region")),
        stage=labels.of("stage", fields["stage"]) if fields.get("stage") else "",
        ratings={
            labels.of_scale(name): in_a_sentence(labels.of(name, fields[name]))
            for name in _RATINGS
            if fields.get(name)
        },
        design=labels.of("design", fields["design"]) if fields.get("design") else "",
        origin=origin_mark(reference.kind, fields),
        is_proposed=fields.get("rating_status") == "proposed",
        citation=replace(citation, url=citation.url or url) if citation else None,
    )
