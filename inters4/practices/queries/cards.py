"""What cards show beside the sheet itself: its organisations and, of its terms, the regions only.

The other terms of a page of cards are four hundred rows. Each list of parts is read by a statement
made once: eager loading by relationship makes it anew for each page, and takes twice as long.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, inspect, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from inters4.members.models import Organisation
from inters4.practices.models import Practice, PracticeOrganisation, PracticeTerm, Scheme


def load_cards(session: Session, practices: Sequence[Practice]) -> Sequence[Practice]:
    """`practices`, their organisations and regions loaded; parts in memory stay as they are.

    A session that has read cards has no other term of these sheets: whatever shows a whole sheet
    reads it first.
    """
    ids = [practice.id for practice in practices]
    for name, statement in _statements().items() if ids else ():
        parts: dict[str, list[Any]] = {practice_id: [] for practice_id in ids}
        for row in session.scalars(statement, {"ids": ids}):
            parts[row.practice_id].append(row)
        for practice in practices:
            if name in inspect(practice).unloaded:
                set_committed_value(practice, name, parts[practice.id])
    return practices


@cache
def _statements() -> Mapping[str, Select[Any]]:
    """How each list of parts is read for several sheets."""
    ids: BindParameter[Any] = bindparam("ids", expanding=True)
    named = joinedload(PracticeOrganisation.organisation).load_only(
        Organisation.name, Organisation.short_name
    )
    return {
        "organisations": select(PracticeOrganisation)
        .where(PracticeOrganisation.practice_id.in_(ids))
        .order_by(PracticeOrganisation.position)
        .options(named),
        "terms": select(PracticeTerm)
        .where(PracticeTerm.practice_id.in_(ids), PracticeTerm.scheme == Scheme.REGIONS)
        .order_by(PracticeTerm.position),
    }
