"""A sheet made to be exactly what a file, or a revision, says."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.outbox import DocumentRef, queue
from inters4.members.models import Organisation
from inters4.members.services.organisations import DatedName, upsert_organisation
from inters4.practices.exports.sheets import CLASSIFICATION, COLUMNS, Sheet, sheet_of
from inters4.practices.models import (
    KIND,
    Block,
    Practice,
    PracticeAdopter,
    PracticeAttachment,
    PracticeBaseline,
    PracticeBlock,
    PracticeCondition,
    PracticeCost,
    PracticeOrganisation,
    PracticeOutcome,
    PracticeReference,
    PracticeStaffing,
    PracticeTerm,
    PracticeTransferability,
)
from inters4.practices.queries import (
    SLUGS,
    ids_named_by,
    ids_naming,
    load_practice,
    organisation_slugs,
)

_LINES: Mapping[str, type[Any]] = {
    "organisations": PracticeOrganisation,
    "adopters": PracticeAdopter,
    "baselines": PracticeBaseline,
    "outcomes": PracticeOutcome,
    "staffing": PracticeStaffing,
    "costs": PracticeCost,
    "success_conditions": PracticeCondition,
    "transferability": PracticeTransferability,
    "attachments": PracticeAttachment,
}
"""Lists of a sheet whose rows are known by their place."""
_CITE_ORGANISATIONS = {"organisations": "id", "adopters": "organisation"}


def save_sheet(session: Session, sheet: Sheet) -> Practice:
    """Make the practice be exactly what `sheet` says; a former address keeps redirecting."""
    values = sheet.values
    organisations = _organisations(session, organisation_slugs(session), values)
    practice = load_practice(session, values["id"])
    is_new = practice is None
    if practice is None:
        practice = _new(values)
    elif sheet_of(practice) != sheet:
        SLUGS.move(session, practice, values["slug"])
    _fill(practice, sheet, organisations)
    if is_new:
        session.add(practice)
    session.flush()
    return practice


def sheet_to_show(session: Session, sheet: Sheet) -> Practice:
    """A practice that says what `sheet` does, to draw it; nothing is kept."""
    practice = _new(sheet.values)
    organisations = _organisations(session, organisation_slugs(session), sheet.values)
    _fill(practice, sheet, organisations)
    return practice


def _new(values: Mapping[str, Any]) -> Practice:
    empty: dict[str, Any] = {name: [] for name in ("blocks", "terms", "references", *_LINES)}
    return Practice(id=values["id"], slug=values["slug"], **empty)


def _fill(practice: Practice, sheet: Sheet, organisations: Mapping[str, Organisation]) -> None:
    """Make all of `practice` say what `sheet` does, its address excepted."""
    values = sheet.values
    for name in COLUMNS:
        value = values[name]
        setattr(practice, name, list(value) if isinstance(value, tuple) else value)
    practice.translation_of = values["translation_of"] or None
    _set_blocks(practice, sheet.blocks)
    _set(practice.terms, PracticeTerm, ("scheme", "term"), _terms(values))
    _set(practice.references, PracticeReference, ("number",), values["references"])
    for name, kind in _LINES.items():
        rows = [{"position": place, **row} for place, row in enumerate(values[name])]
        if name in _CITE_ORGANISATIONS:
            rows = [
                _with_organisation(row, _CITE_ORGANISATIONS[name], organisations) for row in rows
            ]
        _set(getattr(practice, name), kind, ("position",), rows)


def save_organisation(session: Session, values: Mapping[str, Any]) -> Organisation:
    """Make an organisation be what its file says."""
    return upsert_organisation(
        session,
        slug=values["id"],
        name=values["name"],
        kind=values["kind"],
        short_name=values["short_name"],
        name_en=values["name_en"] or None,
        website=values["website"],
        is_consortium_member=values["is_consortium_member"],
        regions=values["regions"],
        names=[DatedName(row["name"], row["from"], row["to"]) for row in values["names"]],
    )


def index_again(session: Session, *, scheme: str, term: str) -> None:
    """A term changed: the sheets that its name finds must be found by the new one."""
    ids = ids_named_by(session, scheme=scheme, term=term)
    queue(session, [DocumentRef(KIND, practice_id) for practice_id in ids])


def index_renamed(session: Session, *, organisation_id: int) -> None:
    """An organisation changed its name: the sheets that name it are found by the new one."""
    ids = ids_naming(session, organisation_id)
    queue(session, [DocumentRef(KIND, practice_id) for practice_id in ids])


def _organisations(
    session: Session, numbers: Mapping[str, int], values: Mapping[str, Any]
) -> dict[str, Organisation]:
    slugs = {row[key] for name, key in _CITE_ORGANISATIONS.items() for row in values[name]}
    return {slug: session.get_one(Organisation, numbers[slug]) for slug in slugs if slug}


def _with_organisation(
    row: Mapping[str, Any], key: str, organisations: Mapping[str, Organisation]
) -> dict[str, Any]:
    """The row with the organisation itself in place of its permanent id."""
    others = {name: value for name, value in row.items() if name != key}
    return {**others, "organisation": organisations.get(row[key])}


def _set_blocks(practice: Practice, wanted: Mapping[Block, str]) -> None:
    """Make the long texts be exactly `wanted`."""
    found = []
    for block, source in wanted.items():
        row = practice.block(block) or PracticeBlock(block=block)
        row.write(source)
        found.append(row)
    practice.blocks[:] = found


def _terms(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"scheme": scheme, "term": term, "position": position}
        for scheme, key in CLASSIFICATION.items()
        for position, term in enumerate(values[key])
    ]


def _set(
    rows: list[Any], kind: type[Any], key: tuple[str, ...], wanted: Sequence[Mapping[str, Any]]
) -> None:
    """Make `rows` hold exactly `wanted`; a row whose `key` stays is changed in place."""
    present = {tuple(getattr(row, name) for name in key): row for row in rows}
    found = []
    for values in wanted:
        row = present.get(tuple(values[name] for name in key))
        if row is None:
            row = kind(**values)
        else:
            for name, value in values.items():
                setattr(row, name, value)
        found.append(row)
    rows[:] = found
