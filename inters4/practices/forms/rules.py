"""What a sheet must respect once its fields are read: rows, citations, ratings, completeness."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inters4.core.content.reading import row_lines
from inters4.core.frontmatter import FrontMatter, Reading, Section
from inters4.core.i18n import _
from inters4.practices.exports.headings import HEADINGS
from inters4.practices.exports.rows import PLAIN_ROWS
from inters4.practices.models import (
    READABLE,
    Block,
    Evaluation,
    Origin,
    RatingStatus,
    cited_numbers,
    without_citations,
)

_TO_PUBLISH = (
    "published_at",
    "problem",
    "solution",
    "audience",
    "themes",
    "settings",
    "populations",
)
_PROPOSED_TO_PUBLISH = ("interests", "approval", "approved_on", "no_patient_information")
_BLOCKS_TO_PUBLISH = (Block.CONTEXT, Block.DESCRIPTION, Block.RESOURCES)
_MAX_WORDS: Mapping[str | Block, int] = {
    Block.CONTEXT: 250,
    Block.DESCRIPTION: 400,
    "maturity_reason": 100,
    "evidence_reason": 100,
}
_ONE_OF_TWO = (
    ("organisations", "id"),
    ("adopters", "organisation"),
    ("staffing", "profession"),
)
_LISTS = ("organisations", "adopters", *(key for key in PLAIN_ROWS if key != "references"))
_REVIEWERS = 2

Sections = Sequence[tuple[Block, Section]]


def check_sheet(
    values: Mapping[str, Any], sections: Sections, document: FrontMatter, reading: Reading
) -> None:
    """Note every rule that the sheet breaks, with its line."""
    _check_rows(values, document, reading)
    _check_citations(values, sections, document, reading)
    _check_words(values, sections, document, reading)
    _check_ratings(values, document, reading)
    if values["state"] in READABLE:
        _check_complete(values, {block for block, _section in sections}, document, reading)


def words_in(text: str) -> int:
    """How many words a text has; signs of Markdown and citations are none."""
    return sum(
        any(character.isalnum() for character in word) for word in without_citations(text).split()
    )


def _check_rows(values: Mapping[str, Any], document: FrontMatter, reading: Reading) -> None:
    for key, identifier in _ONE_OF_TWO:
        for row, line in _rows(values, key, document):
            if not row[identifier] and not row["name"]:
                reading.note(line, _("Donnez « %(id)s » ou « name » à cette ligne.", id=identifier))
    for row, line in _rows(values, "outcomes", document):
        if not (row["value"] or row["before"] or row["after"]):
            reading.note(line, _("Donnez « value », ou « before » et « after », à cet indicateur."))
    for row, line in _rows(values, "adopters", document):
        if row["everywhere"] and row["region"]:
            reading.note(line, _("« everywhere » et « region » ne vont pas ensemble."))


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


def _check_words(
    values: Mapping[str, Any], sections: Sections, document: FrontMatter, reading: Reading
) -> None:
    texts: list[tuple[str | Block, str, str, int]] = [
        (block, f"## {section.title}", section.text, section.line) for block, section in sections
    ]
    texts += [
        (key, key, values[key], document.lines.get(key, 1))
        for key in _MAX_WORDS
        if not isinstance(key, Block)
    ]
    for key, name, text, line in texts:
        limit = _MAX_WORDS.get(key)
        length = words_in(text) if limit is not None else 0
        if limit is not None and length > limit:
            reading.note(
                line,
                _(
                    "« %(name)s » a %(length)s mots : la limite est de %(limit)s.",
                    name=name,
                    length=length,
                    limit=limit,
                ),
            )


def _check_ratings(values: Mapping[str, Any], document: FrontMatter, reading: Reading) -> None:
    """Ratings are reviewed only when reviewers stand behind them."""
    if values["rating_status"] is not RatingStatus.REVIEWED:
        return
    line = document.lines.get("rating_status", 1)
    if values["rated_on"] is None and "rated_on" not in document.entries:
        reading.note(line, _("Des cotes révisées ont besoin de « rated_on »."))
    if len(values["reviewers"]) < _REVIEWERS:
        reading.note(line, _("Des cotes révisées ont besoin de deux « reviewers »."))


def _check_complete(
    values: Mapping[str, Any], given: set[Block], document: FrontMatter, reading: Reading
) -> None:
    """What a sheet must hold before anyone reads it; nobody answers for a starter sheet yet."""
    line = document.lines.get("state", 1)
    wanted: tuple[str, ...] = _TO_PUBLISH
    if values["origin"] is Origin.PROPOSED:
        wanted += _PROPOSED_TO_PUBLISH
    for name in wanted:
        if not values[name] and _is_silent(name, document):
            reading.note(line, _("Une fiche publiée a besoin de « %(name)s ».", name=name))
    for block in _BLOCKS_TO_PUBLISH:
        if block not in given:
            title = HEADINGS["fr"][block]
            reading.note(line, _("Une fiche publiée a besoin de « ## %(name)s ».", name=title))
    if Block.EVALUATION not in given and values["evaluation"] is not Evaluation.NOT_EVALUATED:
        reading.note(
            line,
            _("Dites comment la pratique est évaluée, ou « evaluation: not-evaluated »."),
        )


def _is_silent(name: str, document: FrontMatter) -> bool:
    """True unless the field was given and refused: one mistake is told once."""
    return name not in document.entries or name == "no_patient_information"


def _rows(
    values: Mapping[str, Any], key: str, document: FrontMatter
) -> Iterator[tuple[Mapping[str, Any], int]]:
    yield from zip(values[key], row_lines(document.entries.get(key)), strict=False)
