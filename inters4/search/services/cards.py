"""From a hit of the index to the card that shows it.

The stored fields of a document hold ids of the vocabulary (`maturity`, `evidence`, `stage`,
`region`) and texts (`organisation`, `source`); `rating_status` says `proposed` or `reviewed`.
A field that a kind does not store is not shown.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from indexer import Hit, Segment, Snippet
from inters4.core.access import Viewer
from inters4.core.hooks import Present, hooks
from inters4.core.i18n import _, current_locale, format_date
from inters4.core.outbox import DocumentRef
from inters4.search.models.page import Card
from inters4.search.services.labels import Labels, in_a_sentence

_RATINGS = ("maturity", "evidence")
_UNKNOWN_STAGE = "inconnu"


def make_cards(hits: Iterable[Hit], labels: Labels) -> tuple[Card, ...]:
    """Cards of the hits whose kind is still registered."""
    return tuple(_card(hit, labels) for hit in hits if hit.kind in hooks.document_kinds)


def confirm(session: Session, hits: Sequence[Hit], *, viewer: Viewer) -> tuple[Hit, ...]:
    """Hits of an older index that the database still shows to `viewer`, as it says them now."""
    wanted: dict[str, list[str]] = {}
    for hit in hits:
        reference = DocumentRef.parse(hit.key)
        wanted.setdefault(reference.kind, []).append(reference.id)
    present = {
        DocumentRef(name, identifier).key: found
        for name, identifiers in wanted.items()
        if name in hooks.document_kinds
        for identifier, found in hooks.document_kinds[name]
        .confirm(session, identifiers, viewer)
        .items()
    }
    return tuple(_updated(hit, present[hit.key]) for hit in hits if hit.key in present)


def _updated(hit: Hit, present: Present) -> Hit:
    return replace(
        hit,
        title=(Segment(present.title),),
        snippet=Snippet((Segment(present.abstract),)) if present.abstract else None,
        date=present.day,
        fields=present.fields,
    )


def _card(hit: Hit, labels: Labels) -> Card:
    identifier = DocumentRef.parse(hit.key).id
    fields = hit.fields
    return Card(
        key=hit.key,
        kind=hit.kind,
        url=hooks.document_kinds[hit.kind].url(identifier, fields),
        title=hit.title,
        language="" if hit.language == current_locale() else hit.language,
        snippet=tuple(_segments(hit.snippet)) if hit.snippet else (),
        ratings=tuple(
            (labels.of_scale(name), in_a_sentence(labels.of(name, fields[name])))
            for name in _RATINGS
            if fields.get(name)
        ),
        proposed=fields.get("rating_status") == "proposed",
        meta=tuple(_facts(hit, fields, labels)),
    )


def _facts(hit: Hit, fields: Mapping[str, str], labels: Labels) -> Iterator[str]:
    for name in ("organisation", "source"):
        if fields.get(name):
            yield fields[name]
    regions = [region for region in fields.get("region", "").split(",") if region]
    if regions:
        yield ", ".join(labels.of("region", region) for region in regions)
    if fields.get("stage", _UNKNOWN_STAGE) != _UNKNOWN_STAGE:
        yield labels.of("stage", fields["stage"])
    if hit.date:
        yield format_date(hit.date)


def _segments(snippet: Snippet) -> Iterator[Segment]:
    if snippet.attachment:
        where = (
            _("%(file)s, page %(page)s : ", file=snippet.attachment, page=snippet.page)
            if snippet.page
            else _("%(file)s : ", file=snippet.attachment)
        )
        yield Segment(where)
    if snippet.cut_before:
        yield Segment("…")
    yield from snippet.segments
    if snippet.cut_after:
        yield Segment("…")
