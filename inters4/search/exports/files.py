"""RIS, BibTeX, CSV, JSON and plain text, written piece by piece.

Records come in batches, so that a large set never stands whole in memory.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from inters4.core.citations import REFERENCE_FORMATS, Citation, apa_text
from inters4.core.i18n import LazyText, _, lazy
from inters4.core.tables import CSV, write_csv
from inters4.core.values import dataclass
from inters4.search.exports.records import Record

Batches = Iterable[Sequence[Record]]
_RIS, _BIBTEX = REFERENCE_FORMATS["ris"], REFERENCE_FORMATS["bib"]


@dataclass(frozen=True, slots=True)
class Format:
    """A format offered: its name, its media type, and how it is written."""

    label: LazyText
    media_type: str
    write: Callable[[Batches], Iterator[str]]


def write_ris(batches: Batches) -> Iterator[str]:
    """For Zotero, EndNote and the like; what nobody cites is left out."""
    for batch in batches:
        yield _RIS.write(_citations(batch))


def write_bibtex(batches: Batches) -> Iterator[str]:
    """For LaTeX; what nobody cites is left out."""
    for batch in batches:
        yield _BIBTEX.write(_citations(batch)) + "\n"


def write_table(batches: Batches) -> Iterator[str]:
    """For spreadsheets."""
    heads = (
        _("Type"),
        _("Titre"),
        _("Date"),
        _("Organisation"),
        _("Régions"),
        _("Étape"),
        _("Devis"),
        _("Cotes"),
        _("Révision des cotes"),
        _("Origine"),
        _("Adresse"),
        _("Identifiant"),
    )
    return write_csv(heads, (_row(record) for batch in batches for record in batch))


def write_json(batches: Batches) -> Iterator[str]:
    """For programs: one array of objects."""
    yield "["
    is_first = True
    for batch in batches:
        for record in batch:
            yield ("\n" if is_first else ",\n") + json.dumps(_object(record), ensure_ascii=False)
            is_first = False
    yield "\n]\n"


def write_text(batches: Batches) -> Iterator[str]:
    """For a message or a document: references in words, one a paragraph."""
    for batch in batches:
        for record in batch:
            said = apa_text(record.citation) if record.citation else _in_words(record)
            if record.origin.casefold() not in said.casefold():
                said = f"{said} [{record.origin}]"
            yield f"{said}\n\n"


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "ris": Format(lazy("RIS (Zotero, EndNote)"), _RIS.media_type, write_ris),
        "bib": Format(lazy("BibTeX"), _BIBTEX.media_type, write_bibtex),
        "csv": Format(lazy("CSV (tableur)"), CSV, write_table),
        "json": Format(lazy("JSON"), "application/json", write_json),
        "txt": Format(lazy("Texte"), "text/plain", write_text),
    }
)
"""Formats by the end of a file's name."""


def _citations(batch: Iterable[Record]) -> Iterator[Citation]:
    return (record.citation for record in batch if record.citation)


def _row(record: Record) -> tuple[str, ...]:
    ratings = "; ".join(
        f"{name}\N{NO-BREAK SPACE}: {value}" for name, value in record.ratings.items()
    )
    return (
        record.kind_label,
        record.title,
        record.day.isoformat() if record.day else "",
        record.organisation,
        "; ".join(record.regions),
        record.stage,
        record.design,
        ratings,
        record.ratings_status,
        record.origin,
        record.url,
        record.key,
    )


def _object(record: Record) -> dict[str, object]:
    return {
        "id": record.key,
        "type": record.kind,
        "title": record.title,
        "url": record.url,
        "date": record.day.isoformat() if record.day else None,
        "summary": record.summary,
        "organisation": record.organisation,
        "regions": list(record.regions),
        "stage": record.stage,
        "ratings": dict(record.ratings),
        "ratings_status": record.ratings_status or None,
        "design": record.design,
        "origin": record.origin or None,
    }


def _in_words(record: Record) -> str:
    year = record.day.year if record.day else _("s. d.")
    return f"{record.title} ({year}). {record.url}"
