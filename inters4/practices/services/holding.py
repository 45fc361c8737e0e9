"""What comes next for a sheet, and by when; who holds it is in `queries.queue`."""

from collections.abc import Mapping, Sequence
from datetime import date

from inters4.core.clock import local
from inters4.practices.models import WHOLE_LIFE, Move, PracticeRevision, PracticeState, PracticeStep
from inters4.practices.services.deciding import WAYS

PATH = (
    PracticeState.SKETCH,
    PracticeState.PROPOSED,
    PracticeState.ADMISSIBLE,
    PracticeState.DRAFTING,
    PracticeState.OWNER_VALIDATION,
    PracticeState.REVIEW,
    PracticeState.APPROVAL,
    PracticeState.PUBLISHED,
)
"""The steps of a sheet that goes straight to readers."""
_NEXT: Mapping[PracticeState, Move] = {
    PracticeState.SKETCH: Move.SUBMIT,
    PracticeState.DECLINED: Move.SUBMIT,
    PracticeState.PROPOSED: Move.ADMIT,
    PracticeState.ADMISSIBLE: Move.TAKE,
    PracticeState.DRAFTING: Move.SEND_TO_OWNER,
    PracticeState.OWNER_VALIDATION: Move.VALIDATE,
    PracticeState.REVIEW: Move.REVIEWED,
    PracticeState.APPROVAL: Move.PUBLISH,
}


def next_move(state: PracticeState) -> Move | None:
    """The move that brings the sheet nearer to its readers."""
    return _NEXT.get(state)


def next_state(state: PracticeState) -> PracticeState | None:
    """Where that move leads."""
    which = next_move(state)
    return WAYS[which].target if which else None


def aimed_on(revision: PracticeRevision, steps: Sequence[PracticeStep]) -> date | None:
    """The day by which readers should see it; None until it is proposed, or taken up again.

    None too of one that was declined: nobody works on it towards that day.
    """
    if revision.state is PracticeState.DECLINED:
        return None
    first = PracticeState.PROPOSED if revision.is_new_sheet else PracticeState.DRAFTING
    entered = [step for step in steps if step.revision_id == revision.id]
    start = next((step.at for step in entered if step.to_state is first), None)
    return local(start + WHOLE_LIFE).date() if start else None


def sent_back(revision: PracticeRevision, steps: Sequence[PracticeStep]) -> PracticeStep | None:
    """The step that sent it back where it is, with its reason; None when it came by itself."""
    last = next((step for step in reversed(steps) if step.revision_id == revision.id), None)
    return last if last and last.move in {Move.RETURN, Move.DECLINE} else None
