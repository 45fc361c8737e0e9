"""Changes to practices. For now, what a file of `content/` brings."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.outbox import DocumentRef, queue
from inters4.members.models import Organisation
from inters4.members.queries import find_organisation
from inters4.members.services.organisations import DatedName, upsert_organisation
from inters4.practices.exports.sheets import CLASSIFICATION, COLUMNS, Sheet, sheet_of
from inters4.practices.models import (
    KIND,
    Block,
    Practice,
    PracticeAdopter,
    PracticeBlock,
    PracticeOrganisation,
    PracticeOutcome,
    PracticeReference,
    PracticeSlug,
    PracticeTerm,
)
from inters4.practices.queries import ids_named_by, load_practice, organisation_slugs

Row = TypeVar(
    "Row",
    PracticeAdopter,
    PracticeOrganisation,
    PracticeOutcome,
    PracticeReference,
    PracticeTerm,
)


def save_sheet(session: Session, sheet: Sheet) -> Practice:
    """Make the practice be exactly what `sheet` says; a former address keeps redirecting."""
    values = sheet.values
    numbers = organisation_slugs(session)
    organisations = _organisations(session, numbers, values)
    practice = load_practice(session, values["id"])
    is_new = practice is None
    if practice is None:
        practice = Practice(
            id=values["id"],
            slug=values["slug"],
            blocks=[],
            terms=[],
            references=[],
            outcomes=[],
            adopters=[],
            organisations=[],
        )
    elif sheet_of(practice) != sheet:
        practice.updated_at = now()  # a part may be all that changes
        _move(session, practice, values["slug"])
    for name in COLUMNS:
        setattr(practice, name, values[name])
    practice.translation_of = values["translation_of"] or None
    _set_blocks(practice, sheet.blocks)
    _set(practice.terms, PracticeTerm, ("scheme", "term"), _terms(values))
    _set(practice.references, PracticeReference, ("number",), values["references"])
    _set(practice.outcomes, PracticeOutcome, ("position",), _numbered(values["outcomes"]))
    _set(
        practice.adopters,
        PracticeAdopter,
        ("position",),
        [
            {
                **{name: value for name, value in row.items() if name != "organisation"},
                "organisation": organisations.get(row["organisation"]),
            }
            for row in _numbered(values["adopters"])
        ],
    )
    _set(
        practice.organisations,
        PracticeOrganisation,
        ("position",),
        [
            {
                "position": row["position"],
                "name": row["name"],
                "organisation": organisations.get(row["id"]),
            }
            for row in _numbered(values["organisations"])
        ],
    )
    if is_new:
        session.add(practice)
    session.flush()
    return practice


def save_organisation(session: Session, values: Mapping[str, Any]) -> Organisation:
    """Make an organisation be what its file says; the names it bore stay."""
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
        names=_dated_names(session, values["id"]),
    )


def index_again(session: Session, *, scheme: str, term: str) -> None:
    """A term changed: the sheets that its name finds must be found by the new one."""
    ids = ids_named_by(session, scheme=scheme, term=term)
    queue(session, [DocumentRef(KIND, practice_id) for practice_id in ids])


def _move(session: Session, practice: Practice, slug: str) -> None:
    """Give the practice another address, and keep the one it leaves."""
    if practice.slug == slug:
        return
    again = session.get(PracticeSlug, slug)
    if again is not None:
        session.delete(again)
    session.add(PracticeSlug(slug=practice.slug, practice_id=practice.id))


def _dated_names(session: Session, slug: str) -> list[DatedName]:
    found = find_organisation(session, slug)
    rows = found.names if found else []
    return [DatedName(row.name, row.valid_from, row.valid_to) for row in rows]


def _organisations(
    session: Session, numbers: Mapping[str, int], values: Mapping[str, Any]
) -> dict[str, Organisation]:
    slugs = {row["id"] for row in values["organisations"]}
    slugs |= {row["organisation"] for row in values["adopters"]}
    return {slug: session.get_one(Organisation, numbers[slug]) for slug in slugs if slug}


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


def _numbered(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"position": position, **row} for position, row in enumerate(rows)]


def _set(
    rows: list[Row],
    kind: type[Row],
    key: tuple[str, ...],
    wanted: Sequence[Mapping[str, Any]],
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
