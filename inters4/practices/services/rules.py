"""What a sheet must respect once its fields are read: rows, citations, ratings, completeness."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inters4.core.content.reading import row_lines
from inters4.core.frontmatter import FrontMatter, Reading, Section, is_closed
from inters4.core.i18n import _
from inters4.practices.exports.headings import HEADINGS
from inters4.practices.exports.rows import PLAIN_ROWS
from inters4.practices.exports.sheets import Sheet
from inters4.practices.models import Block, Origin, RatingStatus, cited_numbers
from inters4.practices.services.requirements import GATES, Gate, lacks_of, too_long

_ONE_OF_TWO = (
    ("organisations", "id"),
    ("adopters", "organisation"),
    ("staffing", "profession"),
)
_LISTS = ("organisations", "adopters", *(key for key in PLAIN_ROWS if key != "references"))
_REVIEWERS = 2
_LONGEST_SECTION = 20_000

Sections = Sequence[tuple[Block, Section]]


def check_sheet(
    values: Mapping[str, Any],
    sections: Sections,
    document: FrontMatter,
    reading: Reading,
    *,
    cited: Reading | None = None,
) -> None:
    """Note every rule that the sheet breaks, with its line.

    Sources that are cited and not described are noted in `cited`, when it is given.
    """
    _check_rows(values, document, reading)
    _check_sections(sections, reading)
    _check_citations(values, sections, document, reading if cited is None else cited)
    _check_ratings(values, document, reading)
    _check_requirements(values, sections, document, reading)


def _check_rows(values: Mapping[str, Any], document: FrontMatter, reading: Reading) -> None:
    for key, identifier in _ONE_OF_TWO:
        for row, line in _rows(values, key, document):
            if not row[identifier] and not row["name"]:
                reading.note(line, _("Donnez « %(id)s » ou « name » à cette ligne.", id=identifier))
    for row, line in _rows(values, "attachments", document):
        if bool(row["url"]) == bool(row["file"]):
            reading.note(line, _("Donnez « url » ou « file » à cette pièce, et un seul des deux."))
    for row, line in _rows(values, "outcomes", document):
        if not (row["value"] or row["before"] or row["after"]):
            reading.note(line, _("Donnez « value », ou « before » et « after », à cet indicateur."))
    for row, line in _rows(values, "adopters", document):
        if row["everywhere"] and row["region"]:
            reading.note(line, _("« everywhere » et « region » ne vont pas ensemble."))


def _check_sections(sections: Sections, reading: Reading) -> None:
    for _block, section in sections:
        if len(section.text) > _LONGEST_SECTION:
            reading.note(section.line, _("Cette section dépasse 20 000 caractères."))
        elif not is_closed(section.text):
            reading.note(section.line, _("Un bloc de code de cette section n’est pas fermé."))


def _check_citations(
    values: Mapping[str, Any], sections: Sections, document: FrontMatter, reading: Reading
) -> None:
    """Every [n] names a source of the sheet."""
    known = {row["number"] for row in values["references"]}
    cited: list[tuple[int, int]] = []
    for key, value in values.items():
        if isinstance(value, str):
            cited += ((number, document.lines.get(key, 1)) for number in cited_numbers(value))
    for key in _LISTS:
        for row, line in _rows(values, key, document):
            cited += ((number, line) for number in _cited_by(row))
    for _block, section in sections:
        cited += ((number, section.line) for number in cited_numbers(section.text))
    for number, line in cited:
        if number not in known:
            reading.note(
                line, _("La source [%(number)s] n’est pas dans « references ».", number=number)
            )


def _cited_by(row: Mapping[str, Any]) -> Iterator[int]:
    for key in ("reference", "source"):
        if row.get(key):
            yield row[key]
    for value in row.values():
        if isinstance(value, str):
            yield from cited_numbers(value)


def _check_ratings(values: Mapping[str, Any], document: FrontMatter, reading: Reading) -> None:
    """Ratings are reviewed only when reviewers stand behind them, and a team behind the sheet."""
    if values["rating_status"] is not RatingStatus.REVIEWED:
        return
    line = document.lines.get("rating_status", 1)
    if values["origin"] is Origin.STARTER:
        reading.note(
            line, _("Une fiche de départ n’est jamais révisée : ses cotes sont proposées.")
        )
    if values["rated_on"] is None and "rated_on" not in document.entries:
        reading.note(line, _("Des cotes révisées ont besoin de « rated_on »."))
    if len(values["reviewers"]) < _REVIEWERS:
        reading.note(line, _("Des cotes révisées ont besoin de deux « reviewers »."))


def _check_requirements(
    values: Mapping[str, Any], sections: Sections, document: FrontMatter, reading: Reading
) -> None:
    """What the state asks for, and texts that are too long; one mistake is told once."""
    sheet = Sheet(values, {block: section.text for block, section in sections})
    lines = {block.field: section.line for block, section in sections}
    for lack in too_long(sheet):
        reading.note(lines.get(lack.field) or document.lines.get(lack.field, 1), lack.message)
    state = values["state"]
    state_line = document.lines.get("state", 1)
    asks = GATES.get(state, Gate.PROPOSAL) > Gate.PROPOSAL  # a draft may be incomplete
    for lack in lacks_of(sheet, state) if asks else ():
        if lack.field not in document.entries or not _was_refused(lack.field, document, reading):
            where = _("« %(name)s »", name=_written(lack.field, values["language"]))
            reading.note(state_line, _("%(where)s : %(what)s", where=where, what=lack.message))


def _was_refused(field: str, document: FrontMatter, reading: Reading) -> bool:
    """True when the field was given, and a mistake on its line was told."""
    line = document.lines.get(field)
    return any(error.line == line for error in reading.errors)


def _written(field: str, language: str) -> str:
    """How the file names a field: its key, or the heading of its section."""
    titles = {block.field: f"## {title}" for block, title in HEADINGS[language].items()}
    return titles.get(field, field)


def _rows(
    values: Mapping[str, Any], key: str, document: FrontMatter
) -> Iterator[tuple[Mapping[str, Any], int]]:
    yield from zip(values[key], row_lines(document.entries.get(key)), strict=False)
