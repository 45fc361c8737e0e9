"""`content/practices/*.md`: what the fields of a sheet are, and a sheet written that way.

Structured fields are the front matter; long texts are the sections of the body, one for each
block. The same sheet always gives the same bytes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.content.quantities import Day, Instant, Whole
from inters4.core.content.scalars import Choice, Flag, Identifier, Known, Language, Text
from inters4.core.content.schema import Many, Rows, Schema
from inters4.core.frontmatter import dump
from inters4.core.values import dataclass
from inters4.practices.exports.headings import HEADINGS
from inters4.practices.exports.rows import (
    ADOPTER,
    ATTACHMENT,
    BASELINE,
    CONDITION,
    COST,
    DIMENSION,
    ORGANISATION,
    OUTCOME,
    PLAIN_ROWS,
    REFERENCE,
    SENTENCE,
    STAFFING,
)
from inters4.practices.models import (
    Block,
    Evaluation,
    Nature,
    Origin,
    Practice,
    PracticeAdopter,
    PracticeOrganisation,
    PracticeState,
    RatingStatus,
    Scheme,
    TranslationState,
)
from inters4.practices.queries import load_practice, readable_ids

FOLDER = "practices"
CLASSIFICATION = {
    Scheme.REGIONS: "regions",
    Scheme.THEMES: "themes",
    Scheme.SETTINGS: "settings",
    Scheme.POPULATIONS: "populations",
    Scheme.PROFESSIONS: "professions",
    Scheme.OUTCOMES: "outcome_types",
    Scheme.EVIDENCE_TYPES: "evidence_types",
    Scheme.KNOWLEDGE_SOURCES: "knowledge_sources",
}
"""Key of the front matter for each scheme; `outcomes` are the figures themselves."""

PRACTICE = Schema(
    (
        Identifier("id", required=True),
        Identifier("slug"),
        Language("language"),
        Known("translation_of", among="practices"),
        Text("title", required=True, limit=120),
        Text("subtitle", limit=200),
        Choice("origin", Origin, required=True),
        Choice("state", PracticeState, required=True),
        Text("state_reason", limit=SENTENCE),
        Instant("published_at"),
        Day("review_due"),
        Rows("organisations", ORGANISATION),
        Text("team", limit=200),
        Many(Known("regions", among="regions")),
        Text("started", limit=120),
        Whole("started_year", 1900, 2200),
        Known("stage", among="implementation_stage"),
        Text("stage_note", limit=SENTENCE),
        Text("problem", limit=SENTENCE),
        Text("solution", limit=SENTENCE),
        Text("result", limit=SENTENCE),
        Choice("result_nature", Nature),
        Text("audience", limit=SENTENCE),
        Rows("baselines", BASELINE),
        Choice("evaluation", Evaluation),
        Text("evaluation_design", limit=300),
        Rows("outcomes", OUTCOME),
        Choice("rating_status", RatingStatus, default=RatingStatus.PROPOSED),
        Day("rated_on"),
        Many(Text("reviewers", limit=200)),
        Known("maturity", among="maturity"),
        Text("maturity_reason", limit=SENTENCE),
        Known("evidence_strength", among="evidence_strength"),
        Text("evidence_reason", limit=SENTENCE),
        Rows("staffing", STAFFING),
        Rows("costs", COST),
        Text("equipment", limit=SENTENCE),
        Text("training", limit=SENTENCE),
        Text("funding", limit=SENTENCE),
        Rows("success_conditions", CONDITION, unique="condition"),
        Rows("transferability", DIMENSION, unique="dimension"),
        Many(Known("themes", among="themes")),
        Many(Known("settings", among="settings")),
        Many(Known("populations", among="populations")),
        Many(Known("professions", among="professions")),
        Many(Known("outcome_types", among="outcomes")),
        Many(Known("evidence_types", among="evidence_types")),
        Many(Known("knowledge_sources", among="knowledge_sources")),
        Rows("adopters", ADOPTER),
        Rows("attachments", ATTACHMENT),
        Text("interests", limit=SENTENCE),
        Text("approval", limit=300),
        Day("approved_on"),
        Flag("no_patient_information"),
        Many(Text("funders", limit=200)),
        Whole("edition", 1, 999, default=1),
        Choice("translation_state", TranslationState, default=TranslationState.ABSENT),
        Rows("references", REFERENCE, unique="number"),
    )
)
COLUMNS = tuple(
    name
    for name in PRACTICE.keys
    if name not in {"organisations", "adopters", *PLAIN_ROWS, *CLASSIFICATION.values()}
)
"""The fields that are columns of the sheet itself."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as its file gives it: `values` by field of `PRACTICE`, Markdown by block."""

    values: Mapping[str, Any]
    blocks: Mapping[Block, str]


def sheet_of(practice: Practice) -> Sheet:
    """The sheet of a practice; needs all its parts loaded."""
    values: dict[str, Any] = {name: _of(getattr(practice, name)) for name in COLUMNS}
    values["translation_of"] = practice.translation_of or ""
    for scheme, key in CLASSIFICATION.items():
        values[key] = tuple(practice.terms_of(scheme))
    values["organisations"] = tuple(_organisation(row) for row in practice.organisations)
    values["adopters"] = tuple(_adopter(row) for row in practice.adopters)
    for key, schema in PLAIN_ROWS.items():
        values[key] = tuple(
            {name: getattr(row, name) for name in schema.keys} for row in getattr(practice, key)
        )
    return Sheet(values, {row.block: row.source for row in practice.blocks})


def write_sheet(sheet: Sheet) -> str:
    """The file of a sheet. A slug equal to the id goes without saying and is left out."""
    values = dict(sheet.values)
    if values["slug"] == values["id"]:
        values["slug"] = ""
    headings = HEADINGS[values["language"]]
    body = "\n\n".join(
        f"## {headings[block]}\n\n{sheet.blocks[block]}" for block in Block if block in sheet.blocks
    )
    return dump(PRACTICE.write(values), body, key_order=PRACTICE.keys)


def practice_texts(session: Session, ids: Sequence[str]) -> Mapping[str, str]:
    """The file of each sheet as the database holds it now; those it does not hold are absent."""
    found = ((practice_id, load_practice(session, practice_id)) for practice_id in ids)
    return {
        practice_id: write_sheet(sheet_of(practice))
        for practice_id, practice in found
        if practice is not None
    }


def export_practices(session: Session) -> Iterator[tuple[str, str]]:
    """Every sheet that everyone may read; it does not name those that are not exported."""
    exported = list(readable_ids(session))
    for practice_id in exported:
        practice = load_practice(session, practice_id)
        if practice is not None:
            sheet = sheet_of(practice)
            if practice.translation_of not in exported:
                sheet = replace(sheet, values={**sheet.values, "translation_of": ""})
            yield file_name(practice), write_sheet(sheet)


def file_name(practice: Practice) -> str:
    """`ID.md`; the language comes before the ending when it is not French."""
    language = "" if practice.language == "fr" else f".{practice.language}"
    return f"{practice.id}{language}.md"


def _organisation(row: PracticeOrganisation) -> dict[str, Any]:
    return {"id": row.organisation.slug if row.organisation else "", "name": row.name}


def _adopter(row: PracticeAdopter) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in ADOPTER.keys if name != "organisation"}
    return {"organisation": row.organisation.slug if row.organisation else "", **values}


def _of(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
