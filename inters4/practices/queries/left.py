"""How a sheet went, and what was being written of it then: its authors lose nothing of it."""

from datetime import datetime

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session, aliased, joinedload

from inters4.core.access import Viewer
from inters4.core.values import dataclass
from inters4.practices.models import (
    READABLE,
    TOMBSTONES,
    Move,
    Practice,
    PracticeAuthor,
    PracticeRevision,
    PracticeState,
    PracticeStep,
)
from inters4.practices.queries.sheets import sees_all


@dataclass(frozen=True, slots=True)
class Gone:
    """Since when a sheet is gone, and the one that everyone reads in its place, if any."""

    since: datetime
    replacement: Practice | None


def how_it_went(session: Session, practice_id: str) -> Gone | None:
    """None for a sheet that came so with its file: one statement."""
    other = aliased(Practice)
    row = session.execute(
        select(PracticeStep.at, other)
        .outerjoin(other, and_(other.id == PracticeStep.replaced_by, other.state.in_(READABLE)))
        .where(PracticeStep.practice_id == practice_id, PracticeStep.to_state.in_(TOMBSTONES))
        .order_by(PracticeStep.at.desc(), PracticeStep.id.desc())
        .limit(1)
    ).first()
    return Gone(row[0], row[1]) if row else None


def find_left(session: Session, practice_id: str, *, viewer: Viewer) -> PracticeRevision | None:
    """The last revision of a sheet that is gone, unless readers saw it, or it was given up.

    It is read by those who carry the sheet and by the brokering team; nobody writes in it.
    """
    if viewer.member_id is None:
        return None
    was_given_up = exists().where(
        PracticeStep.revision_id == PracticeRevision.id, PracticeStep.move == Move.ABANDON
    )
    carries = exists().where(
        PracticeAuthor.practice_id == practice_id, PracticeAuthor.member_id == viewer.member_id
    )
    last = session.scalars(
        select(PracticeRevision)
        .join(Practice, Practice.id == PracticeRevision.practice_id)
        .options(joinedload(PracticeRevision.practice))
        .where(
            PracticeRevision.practice_id == practice_id,
            PracticeRevision.closed_at.is_not(None),
            Practice.state.in_(TOMBSTONES),
            ~was_given_up,
            *(() if sees_all(viewer) else (carries,)),
        )
        .order_by(PracticeRevision.id.desc())
        .limit(1)
    ).first()
    return last if last is not None and last.state is not PracticeState.PUBLISHED else None
