"""The correction that waits, as the page of its summary shows it: each field, before and after."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from inters4.core.values import dataclass
from inters4.practices.services.comparing import Run, compare
from inters4.veille.forms.writing import FIELDS, shown
from inters4.veille.forms.writing_words import label_of
from inters4.veille.models import Summary, SummaryCorrection
from inters4.veille.queries.writing import people_named
from inters4.veille.services.correcting import second_readers
from inters4.veille.services.drafting import stored_fields
from inters4.veille.views.disputes import choices_of


@dataclass(frozen=True, slots=True)
class Proposed:
    """What somebody would change.

    Attributes:
        changes: the name of each field, and what differs from what readers have.
        is_returned: its reader gave it back.
        has_reader: somebody of the team may publish it.
        stamp: says which correction was read.
    """

    who: str
    at: datetime
    reason: str
    changes: Sequence[tuple[str, Sequence[Run]]]
    is_returned: bool
    has_reader: bool
    stamp: str


def proposed(session: Session, summary: Summary, correction: SummaryCorrection) -> Proposed:
    """The correction in words."""
    stored, choices = stored_fields(summary), choices_of(session)
    changes = [
        (
            label_of(name),
            compare(
                shown(name, stored[name], choices=choices),
                shown(name, correction.typed[name], choices=choices),
            ),
        )
        for name in FIELDS
        if name in correction.typed
    ]
    names = people_named(session, [correction.by_id])
    return Proposed(
        who=next((person.name for person in names.values()), ""),
        at=correction.at,
        reason=correction.reason,
        changes=changes,
        is_returned=correction.returned_at is not None,
        has_reader=bool(second_readers(session, summary, correction)),
        stamp=correction.stamp,
    )
