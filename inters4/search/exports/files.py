"""RIS, BibTeX, CSV, JSON and plain text, written piece by piece.

Records come in batches, so that a large set never stands whole in memory.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from types import MappingProxyType

from inters4.core.citations import apa_text, bibtex, ris
from inters4.core.i18n import LazyText, _, lazy
from inters4.search.exports.records import Record

Batches = Iterable[Sequence[Record]]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Format:
    """A format offered: its name, its media type, and how it is written."""

    label: LazyText
    media_type: str
    write: Callable[[Batches], Iterator[str]]


def write_ris(batches: Batches) -> Iterator[str]:
    """For Zotero, EndNote and the like; what nobody cites is left out."""
    for batch in batches:
        yield ris(record.citation for record in batch if record.citation)


def write_bibtex(batches: Batches) -> Iterator[str]:
    """For LaTeX; what nobody cites is left out."""
    for batch in batches:
        yield bibtex(record.citation for record in batch if record.citation) + "\n"


def write_csv(batches: Batches) -> Iterator[str]:
    """For spreadsheets: semicolons and a byte order mark, as Excel of French Canada expects.

    A cell that a spreadsheet would take for a formula is given as text.
    """
    heads = (
        _("Type"),
        _("Titre"),
        _("Date"),
        _("Organisation"),
        _("Régions"),
        _("Étape"),
        _("Cotes"),
        _("Adresse"),
        _("Identifiant"),
    )
    yield "\N{ZERO WIDTH NO-BREAK SPACE}" + _lines([heads])
    for batch in batches:
        yield _lines(_row(record) for record in batch)


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
            yield f"{said}\n\n"


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "ris": Format(
            lazy("RIS (Zotero, EndNote)"), "application/x-research-info-systems", write_ris
        ),
        "bib": Format(lazy("BibTeX"), "application/x-bibtex", write_bibtex),
        "csv": Format(lazy("CSV (tableur)"), "text/csv", write_csv),
        "json": Format(lazy("JSON"), "application/json", write_json),
        "txt": Format(lazy("Texte"), "text/plain", write_text),
    }
)
"""Formats by the end of a file's name."""


def _row(record: Record) -> tuple[str, ...]:
    ratings = "; ".join(f"{name}\N{NO-BREAK SPACE}: {value}" for name, value in _ratings(record))
    return (
        record.kind_label,
        record.title,
        record.day.isoformat() if record.day else "",
        record.organisation,
        ", ".join(record.regions),
        record.stage,
        ratings,
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
        "ratings_proposed": record.is_proposed,
    }


def _ratings(record: Record) -> Iterator[tuple[str, str]]:
    """A proposed rating says so wherever it goes."""
    for name, value in record.ratings.items():
        yield name, _("%(value)s (proposée)", value=value) if record.is_proposed else value


def _in_words(record: Record) -> str:
    year = record.day.year if record.day else _("s. d.")
    return f"{record.title} ({year}). {record.url}"


def _lines(rows: Iterable[Sequence[str]]) -> str:
    written = StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerows([_cell(value) for value in row] for row in rows)
    return written.getvalue()


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value
