"""The life of a summary: each move says who may make it, from where, and what must be there.

A move checks, changes the state, writes a step and an audit entry, and tells those whom it
concerns, in the caller's transaction. Two people stand behind whatever readers see: nobody reviews
or corrects alone what they wrote.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotAllowed, NotFound
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.veille.models import Summary, SummaryState, SummaryStep
from inters4.veille.queries.summaries import is_team
from inters4.veille.queries.writing import waited_review, waiting_correction, writer_ids

LONGEST_REASON = 600


class Move(StrEnum):
    """What makes a summary change its state."""

    ASK = "ask"
    APPROVE = "approve"
    REWORK = "rework"
    TAKE_BACK = "take-back"
    PUBLISH = "publish"
    CORRECT = "correct"
    REPLACE = "replace"
    RETRACT = "retract"
    ARCHIVE = "archive"
    ABANDON = "abandon"


@dataclass(frozen=True, slots=True)
class _Way:
    """Where a move leads, and from which states."""

    sources: frozenset[SummaryState]
    target: SummaryState


def _way(target: SummaryState, *sources: SummaryState) -> _Way:
    return _Way(frozenset(sources), target)


_SHOWN = (SummaryState.PUBLISHED, SummaryState.CORRECTED)
WAYS: Mapping[Move, _Way] = {
    Move.ASK: _way(SummaryState.IN_REVIEW, SummaryState.DRAFT),
    Move.APPROVE: _way(SummaryState.READY, SummaryState.IN_REVIEW),
    Move.REWORK: _way(SummaryState.DRAFT, SummaryState.IN_REVIEW),
    Move.TAKE_BACK: _way(SummaryState.DRAFT, SummaryState.IN_REVIEW, SummaryState.READY),
    Move.PUBLISH: _way(SummaryState.PUBLISHED, SummaryState.READY),
    Move.CORRECT: _way(SummaryState.CORRECTED, *_SHOWN),
    Move.REPLACE: _way(SummaryState.REPLACED, *_SHOWN),
    Move.RETRACT: _way(
        SummaryState.RETRACTED, *_SHOWN, SummaryState.REPLACED, SummaryState.ARCHIVED
    ),
    Move.ARCHIVE: _way(SummaryState.ARCHIVED, *_SHOWN),
    Move.ABANDON: _way(SummaryState.ARCHIVED, SummaryState.DRAFT),
}
"""The table of docs/veille.md says the same, and who makes each."""

NEEDS_REASON = frozenset(
    {Move.REWORK, Move.CORRECT, Move.REPLACE, Move.RETRACT, Move.ARCHIVE, Move.ABANDON}
)


@dataclass(frozen=True, slots=True)
class Hands:
    """Who has a part in a summary.

    Attributes:
        writers: who wrote or corrected a word of it, or of the correction that waits.
        reviewer: whoever it waits for.
    """

    writers: frozenset[int]
    reviewer: int | None = None


def hands_of(session: Session, summary: Summary) -> Hands:
    """Two statements; a third for what everyone reads."""
    review = waited_review(session, summary.id)
    correction = waiting_correction(session, summary.id) if summary.is_readable else None
    writers = writer_ids(session, summary)
    if correction is not None and correction.by_id is not None:
        writers |= {correction.by_id}
    return Hands(writers, review.reviewer_id if review else None)


def may_write(summary: Summary, *, by: Viewer) -> bool:
    """True of the team, while the summary is a draft: what others judge does not change."""
    return by.member_id is not None and is_team(by) and summary.state is SummaryState.DRAFT


def may_move(summary: Summary, move: Move, *, by: Viewer, hands: Hands) -> bool:
    """True when `by` may make this move now, whatever the summary may still lack."""
    if by.member_id is None or not is_team(by) or summary.state not in WAYS[move].sources:
        return False
    if move is Move.RETRACT and summary.published_at is None:
        return False
    return _DECIDES.get(move, _team)(summary, by, hands)


def _team(_summary: Summary, _by: Viewer, _hands: Hands) -> bool:
    return True


def _reviewer(_summary: Summary, by: Viewer, hands: Hands) -> bool:
    return by.member_id == hands.reviewer and by.member_id not in hands.writers


def _two_people(summary: Summary, _by: Viewer, hands: Hands) -> bool:
    return summary.reviewer_id is not None and summary.reviewer_id not in hands.writers


def _not_alone(_summary: Summary, by: Viewer, hands: Hands) -> bool:
    return by.member_id not in hands.writers


_DECIDES: Mapping[Move, Callable[[Summary, Viewer, Hands], bool]] = {
    Move.APPROVE: _reviewer,
    Move.REWORK: _reviewer,
    Move.PUBLISH: _two_people,
    Move.CORRECT: _not_alone,
}


def check_move(
    session: Session, summary: Summary, move: Move, *, by: Viewer, reason: str = ""
) -> str:
    """Refuse a move that is not to be made now; the reason, tidied.

    Raises:
        NotFound: `by` is not of the team.
        Conflict: the summary is elsewhere by now.
        NotAllowed: it is somebody else's to make.
        DomainError: a reason is needed, or is too long.
    """
    check_team(by)
    if summary.state not in WAYS[move].sources:
        raise Conflict(
            _("Ce résumé a changé d’étape entre-temps. Relisez où il en est, puis décidez.")
        )
    if not may_move(summary, move, by=by, hands=hands_of(session, summary)):
        raise NotAllowed(_REFUSALS.get(move, _somebody_else)())
    reason = " ".join(reason.split())
    if move in NEEDS_REASON and not reason:
        raise DomainError(_("Écrivez pourquoi, en une phrase ou deux."), about="raison")
    if len(reason) > LONGEST_REASON:
        raise DomainError(_("Raccourcissez la raison : 600 caractères au plus."), about="raison")
    return reason


def _somebody_else() -> str:
    return _("Cette décision revient à quelqu’un d’autre.")


_REFUSALS: Mapping[Move, Callable[[], str]] = {
    Move.APPROVE: lambda: _("Cette relecture est demandée à quelqu’un d’autre."),
    Move.REWORK: lambda: _("Cette relecture est demandée à quelqu’un d’autre."),
    Move.PUBLISH: lambda: _(
        "Une personne qui n’a pas écrit ce résumé doit d’abord le relire et le dire prêt."
    ),
    Move.CORRECT: lambda: _(
        "Une personne qui n’a écrit ni ce résumé ni ses corrections lit celle-ci et la publie."
    ),
}


def check_team(by: Viewer) -> int:
    """The number of a person of the team.

    Raises:
        NotFound: someone else, for whom none of this exists.
    """
    if by.member_id is None or not is_team(by):
        raise NotFound(_("Cette page n’existe pas."))
    return by.member_id


def go(
    session: Session,
    summary: Summary,
    move: Move,
    *,
    by: Viewer,
    reason: str = "",
    request_id: str = "",
) -> SummaryStep:
    """Change the state and write it down, once everything was checked."""
    before, summary.state = summary.state, WAYS[move].target
    return note_step(
        session, summary, move.value, before=before, by=by, reason=reason, request_id=request_id
    )


def note_step(
    session: Session,
    summary: Summary,
    verb: str,
    *,
    before: SummaryState | None,
    by: Viewer,
    reason: str = "",
    request_id: str = "",
) -> SummaryStep:
    """Write down that a summary came to the state in which it stands, and who brought it there."""
    step = SummaryStep(
        summary_id=summary.id,
        before=before,
        after=summary.state,
        by_id=by.member_id,
        reason=reason,
        at=now(),
    )
    session.add(step)
    audit.record(
        session,
        f"veille.{verb}",
        by=by,
        subject=f"resume:{summary.id}",
        request_id=request_id,
        to_state=summary.state.value,
    )
    session.flush()
    return step
