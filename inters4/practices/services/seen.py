"""Deciding on what one saw: a page left open decides nothing of a sheet that moved meanwhile.

A button carries where the sheet stood. Pressed twice by the same person it is one decision.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.errors import Conflict
from inters4.core.i18n import _, format_moment
from inters4.practices.exports.step_words import state_word
from inters4.practices.models import Move, PracticeRevision, PracticeStep


def stance(revision: PracticeRevision) -> str:
    """Where a revision stands, for the button of a page."""
    return f"{revision.state}/{revision.state_since.isoformat()}"


def check_unmoved(revision: PracticeRevision, seen: str) -> None:
    """Refuse to decide on a page that is no longer true.

    Raises:
        Conflict: says where the sheet stands now.
    """
    if seen != stance(revision):
        raise Conflict(
            _(
                "Quelqu’un a fait avancer cette fiche entre-temps : « %(state)s », depuis le "
                "%(moment)s. Rien de ce que vous avez choisi n’a été fait. Relisez, puis décidez.",
                state=state_word(revision.state),
                moment=format_moment(revision.state_since),
            )
        )


def is_done(session: Session, practice_id: str, which: Move, *, by: Viewer) -> bool:
    """True when the last thing that happened to the sheet is this very move by this person."""
    last = session.scalars(
        select(PracticeStep)
        .where(PracticeStep.practice_id == practice_id)
        .order_by(PracticeStep.at.desc(), PracticeStep.id.desc())
        .limit(1)
    ).first()
    return last is not None and last.move is which and last.by_id == by.member_id
