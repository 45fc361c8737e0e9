"""Where sheets, adoptions and what is being written name terms: all follow when a term moves."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.content.reading import Field
from inters4.core.content.scalars import Known
from inters4.core.content.schema import Many, Rows
from inters4.core.i18n import ngettext
from inters4.practices.exports.sheets import PRACTICE
from inters4.practices.models import (
    Adoption,
    Practice,
    PracticeAdopter,
    PracticeCondition,
    PracticeReview,
    PracticeRevision,
    PracticeStaffing,
    PracticeTerm,
    PracticeTransferability,
    Scheme,
)
from inters4.vocabulary.services import Bearer, rows_bearing

_ON_SCALES: tuple[tuple[type[Any], str, str, str], ...] = (
    (Practice, "id", "stage", "implementation_stage"),
    (Practice, "id", "maturity", "maturity"),
    (Practice, "id", "evidence_strength", "evidence_strength"),
    (PracticeCondition, "practice_id", "condition", "success_conditions"),
    (PracticeTransferability, "practice_id", "dimension", "transferability"),
    (PracticeReview, "id", "maturity", "maturity"),
    (PracticeReview, "id", "evidence_strength", "evidence_strength"),
)
"""Class, whose row it is, column, scheme."""


def count_bearing(session: Session, scheme: str, ids: Collection[str]) -> int:
    """How many open revisions name at least one of these terms."""
    wanted = dict.fromkeys(ids, "")
    return sum(
        _with_renamed(one.values, scheme, wanted) != one.values for one in _open_revisions(session)
    )


def carry_terms(session: Session, scheme: str, renamed: Mapping[str, str]) -> None:
    """Open revisions that named a former term name the one that stands for it, once each."""
    for revision in _open_revisions(session):
        values = _with_renamed(revision.values, scheme, renamed)
        if values != revision.values:
            revision.values = values
    session.flush()


REVISIONS = Bearer(
    "practice-revisions",
    lambda count: ngettext(
        "%(num)s fiche en cours d’écriture", "%(num)s fiches en cours d’écriture", count
    ),
    count_bearing,
    carry_terms,
)


def _open_revisions(session: Session) -> Iterator[PracticeRevision]:
    yield from session.scalars(select(PracticeRevision).where(PracticeRevision.closed_at.is_(None)))


def _with_renamed(
    values: Mapping[str, Any], scheme: str, renamed: Mapping[str, str]
) -> dict[str, Any]:
    fields: Mapping[str, Field] = {item.name: item for item in PRACTICE.fields}
    return {
        name: _renamed(fields[name], value, scheme, renamed) if name in fields else value
        for name, value in values.items()
    }


def _renamed(item: Field, value: Any, scheme: str, renamed: Mapping[str, str]) -> Any:
    if isinstance(item, Known) and item.among == scheme and isinstance(value, str):
        return renamed.get(value, value)
    if isinstance(item, Many) and isinstance(value, list):
        found = [_renamed(item.each, one, scheme, renamed) for one in value]
        return list(dict.fromkeys(found)) if isinstance(item.each, Known) else found
    if isinstance(item, Rows) and isinstance(value, list):
        inner = {cell.name: cell for cell in item.schema.fields}
        return [
            {
                key: _renamed(inner[key], text, scheme, renamed) if key in inner else text
                for key, text in row.items()
            }
            if isinstance(row, Mapping)
            else row
            for row in value
        ]
    return value


def every_bearer() -> tuple[Bearer, ...]:
    """Every kind of row of practices that names terms, and the sheets being written."""
    return (
        REVISIONS,
        rows_bearing(
            "practices",
            _sheets,
            PracticeTerm,
            owner="practice_id",
            term="term",
            where=lambda name: PracticeTerm.scheme == Scheme(name) if name in set(Scheme) else None,
            is_once=True,
        ),
        rows_bearing(
            "adopters",
            lambda count: ngettext(
                "%(num)s fiche par un milieu qui a adopté la pratique",
                "%(num)s fiches par un milieu qui a adopté la pratique",
                count,
            ),
            PracticeAdopter,
            owner="practice_id",
            term="region",
            where=lambda name: PracticeAdopter.region != "" if name == Scheme.REGIONS else None,
            is_once=False,
        ),
        rows_bearing(
            "staffing",
            lambda count: ngettext(
                "%(num)s fiche par le personnel requis",
                "%(num)s fiches par le personnel requis",
                count,
            ),
            PracticeStaffing,
            owner="practice_id",
            term="profession",
            where=lambda name: (
                PracticeStaffing.profession != "" if name == Scheme.PROFESSIONS else None
            ),
            is_once=False,
        ),
        _adoptions_bearing("adoption regions", "region", Scheme.REGIONS),
        _adoptions_bearing("adoption settings", "setting", Scheme.SETTINGS),
        *(_scale_bearing(*one) for one in _ON_SCALES),
    )


def _scale_bearing(kind: type[Any], owner: str, term: str, scheme: str) -> Bearer:
    """A column that names a degree, or a dimension; once in a sheet for those that are listed."""
    return rows_bearing(
        f"{kind.__tablename__} {term}",
        _reviews if kind is PracticeReview else _sheets,
        kind,
        owner=owner,
        term=term,
        where=lambda asked: getattr(kind, term) != "" if asked == scheme else None,
        is_once=owner == "practice_id",
    )


def _sheets(count: int) -> str:
    return ngettext("%(num)s fiche de pratique", "%(num)s fiches de pratiques", count)


def _reviews(count: int) -> str:
    return ngettext("%(num)s relecture", "%(num)s relectures", count)


def _adoptions_bearing(name: str, term: str, scheme: Scheme) -> Bearer:
    return rows_bearing(
        name,
        lambda count: ngettext(
            "%(num)s adoption déclarée par une équipe",
            "%(num)s adoptions déclarées par des équipes",
            count,
        ),
        Adoption,
        owner="id",
        term=term,
        where=lambda asked: getattr(Adoption, term) != "" if asked == scheme else None,
        is_once=False,
    )
