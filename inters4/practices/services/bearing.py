"""Terms that sheets being written name, in the fields kept as they were typed."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.content.reading import Field
from inters4.core.content.scalars import Known
from inters4.core.content.schema import Many, Rows
from inters4.core.i18n import ngettext
from inters4.practices.exports.sheets import PRACTICE
from inters4.practices.models import PracticeRevision
from inters4.vocabulary.services import Bearer


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
