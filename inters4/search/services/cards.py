"""From a hit of the index, or from a row of the database, to the card that shows it.

The stored fields of a document hold ids of the vocabulary (`maturity`, `evidence`, `design`,
`stage`; `region` and `profession`, several joined by commas) and texts (`source`; `organisation`,
several joined by semicolons, of which a card names the first);
`rating_status` says `proposed` or `reviewed`, `origin` may say `starter`, `state` `corrected`. A
field that a kind does not store is not shown.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from sqlalchemy.orm import Session

from indexer import Hit, Segment, Snippet
from inters4.core.access import Viewer
from inters4.core.hooks import Present, hooks
from inters4.core.i18n import _, foreign, format_date, ngettext
from inters4.core.outbox import DocumentRef
from inters4.core.richtext import between_lines
from inters4.core.values import dataclass
from inters4.search.models import NOWHERE, Place
from inters4.search.models.page import Card
from inters4.search.services.labels import Labels, in_a_sentence

PART = "part"
"""The field that leads a hit to the place of its passage; never stored."""
_RATINGS = ("maturity", "evidence")
_STARTER = "starter"
_CORRECTED = "corrected"
_SUMMARY = "resume"
_SNIPPET_LENGTH = 240
_UNKNOWN_STAGE = "inconnu"
_REGIONS_NAMED = 3
_LINE_END = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class CardMaker:
    """Makes cards for one reader: in their language, marked with what is of their surroundings."""

    labels: Labels
    place: Place = NOWHERE

    def of_hits(self, hits: Iterable[Hit]) -> tuple[Card, ...]:
        """Cards of the hits whose kind is still registered."""
        return tuple(self._of_hit(hit) for hit in hits if hit.kind in hooks.document_kinds)

    def of_present(self, reference: DocumentRef, present: Present) -> Card:
        """The card of a document as the database has it now."""
        snippet = (Segment(_beginning(present.abstract)),) if present.abstract else ()
        return self._make(
            reference, present.fields, present.day, (Segment(present.title),), snippet
        )

    def _of_hit(self, hit: Hit) -> Card:
        card = self._make(
            DocumentRef.parse(hit.key),
            _placed(hit),
            hit.date,
            hit.title,
            tuple(_segments(hit.snippet)) if hit.snippet else (),
        )
        return replace(card, language=foreign(hit.language), found_by=hit.found_by)

    def _make(
        self,
        reference: DocumentRef,
        fields: Mapping[str, str],
        day: date | None,
        title: tuple[Segment, ...],
        snippet: tuple[Segment, ...],
    ) -> Card:
        return Card(
            key=reference.key,
            kind=reference.kind,
            url=hooks.document_kinds[reference.kind].url(reference.id, fields),
            title=title,
            snippet=snippet,
            ratings=tuple(self._ratings(fields)),
            proposed=fields.get("rating_status") == "proposed",
            meta=tuple(self._facts(reference.kind, fields, day)),
            near=self._near(fields),
            day=day,
            note=origin_mark(reference.kind, fields),
        )

    def _ratings(self, fields: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for name in _RATINGS:
            if fields.get(name):
                value = in_a_sentence(self.labels.of(name, fields[name]))
                yield self.labels.of_scale(name), value

    def _facts(self, kind: str, fields: Mapping[str, str], day: date | None) -> Iterator[str]:
        if fields.get("design"):
            yield self.labels.of("design", fields["design"])
        leading = _first_of(fields.get("organisation", ""))
        if leading:
            yield leading
        if fields.get("source"):
            yield fields["source"]
        names = [self.labels.of("region", region) for region in several(fields, "region")]
        if regions := [name for name in names if name not in leading]:
            yield _few_of(regions)
        if fields.get("stage", _UNKNOWN_STAGE) != _UNKNOWN_STAGE:
            yield self.labels.of("stage", fields["stage"])
        if day:
            yield format_date(day).replace(" ", "\N{NO-BREAK SPACE}")
        if fields.get("state") == _CORRECTED:
            yield _("corrigé depuis")
        if fields.get("origin") == _STARTER:
            yield _("résumé de départ") if kind == _SUMMARY else _("fiche de départ")

    def _near(self, fields: Mapping[str, str]) -> str:
        if self.place.region and self.place.region in several(fields, "region"):
            return _("dans votre région")
        if self.place.profession and self.place.profession in several(fields, "profession"):
            return _("pour votre profession")
        return ""


def origin_mark(kind: str, fields: Mapping[str, str]) -> str:
    """What goes with a starter document wherever it goes; nothing for the others."""
    if fields.get("origin") != _STARTER:
        return ""
    if kind == _SUMMARY:
        return _("résumé de départ, sans auteur")
    return _("fiche de départ, non relue par l’équipe porteuse")


def confirm(session: Session, hits: Sequence[Hit], *, viewer: Viewer) -> tuple[Hit, ...]:
    """Hits of an older index that the database still shows to `viewer`, as it says them now."""
    present = find_present(session, [hit.key for hit in hits], viewer=viewer)
    return tuple(_updated(hit, present[hit.key]) for hit in hits if hit.key in present)


def find_present(session: Session, keys: Iterable[str], *, viewer: Viewer) -> Mapping[str, Present]:
    """Those of `keys` that `viewer` may read now, in a fixed number of statements a kind."""
    return {
        DocumentRef(name, identifier).key: found
        for name, identifiers in by_kind(keys).items()
        for identifier, found in hooks.document_kinds[name]
        .confirm(session, identifiers, viewer)
        .items()
    }


def by_kind(keys: Iterable[str]) -> dict[str, list[str]]:
    """The permanent ids of `keys` by kind; kinds that nobody registered are left out."""
    wanted: dict[str, list[str]] = {}
    for reference in map(DocumentRef.parse, keys):
        if reference.kind in hooks.document_kinds:
            wanted.setdefault(reference.kind, []).append(reference.id)
    return wanted


def several(fields: Mapping[str, str], name: str) -> list[str]:
    """The values of a field that holds several."""
    return [value for value in fields.get(name, "").split(",") if value]


def _first_of(names: str) -> str:
    """The first of several organisations, and how many others there are."""
    first, *others = names.split("; ")
    if not others:
        return first
    return ngettext(
        "%(first)s et %(num)s autre", "%(first)s et %(num)s autres", len(others), first=first
    )


def _few_of(regions: Sequence[str]) -> str:
    """Up to three regions by name; of more, the first two and how many others there are."""
    if len(regions) <= _REGIONS_NAMED:
        return ", ".join(regions)
    first = ", ".join(regions[:2])
    return _("%(first)s et %(num)s autres régions", first=first, num=len(regions) - 2)


def _beginning(text: str) -> str:
    """A line or two, cut between words."""
    if len(text) <= _SNIPPET_LENGTH:
        return text
    return text[: _SNIPPET_LENGTH + 1].rpartition(" ")[0].rstrip(".,;: \N{NO-BREAK SPACE}") + "…"


def _updated(hit: Hit, present: Present) -> Hit:
    return replace(
        hit,
        title=(Segment(present.title),),
        snippet=Snippet((Segment(_beginning(present.abstract)),)) if present.abstract else None,
        date=present.day,
        fields=present.fields,
    )


def _placed(hit: Hit) -> Mapping[str, str]:
    """What is stored of a document and, in `part`, which part of it the passage comes from."""
    snippet = hit.snippet
    if snippet is None or snippet.page is None or snippet.attachment:
        return hit.fields
    return {**hit.fields, PART: str(snippet.page)}


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
    yield from snippet.segments if snippet.attachment else _on_one_line(snippet.segments)
    if snippet.cut_after:
        yield Segment("…")


def _on_one_line(segments: Sequence[Segment]) -> Iterator[Segment]:
    """Titles and items that end without a stop are told apart from what follows them."""
    whole, at = "".join(segment.text for segment in segments), 0
    for segment in segments:
        ends = partial(_line_end, whole=whole, at=at)
        yield replace(segment, text=_LINE_END.sub(ends, segment.text))
        at += len(segment.text)


def _line_end(found: re.Match[str], *, whole: str, at: int) -> str:
    return between_lines(whole[: at + found.start()], whole[at + found.end() :])
