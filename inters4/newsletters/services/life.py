"""The life of an issue until it leaves: who makes each move, and from where.

Two people stand behind a message: whoever wrote a word of an issue does not approve it. What was
approved is the very message; an issue that is taken back to be changed is approved again. Where
the installation allows it, the coordination releases alone, with a reason, what nobody approves.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Role, Viewer
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.newsletters.models import Issue, IssueState
from inters4.newsletters.queries.approvals import waited_approval, writer_ids
from inters4.newsletters.services.steps import enter
from inters4.veille.queries.summaries import is_team
from inters4.veille.services.life import check_team

LONGEST_REASON = 600
_SPACES = re.compile(r"[ \t]+")


class Move(StrEnum):
    """What makes an issue change its state."""

    ASK = "ask"
    APPROVE = "approve"
    RETURN = "return"
    RELEASE = "release"
    TAKE_BACK = "take-back"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    CANCEL = "cancel"
    SENT_ELSEWHERE = "sent-elsewhere"


@dataclass(frozen=True, slots=True)
class _Way:
    """Where a move leads, and from which states."""

    sources: frozenset[IssueState]
    target: IssueState


def _way(target: IssueState, *sources: IssueState) -> _Way:
    return _Way(frozenset(sources), target)


_BEFORE = (IssueState.DRAFT, IssueState.IN_REVIEW, IssueState.APPROVED, IssueState.SCHEDULED)
WAYS: Mapping[Move, _Way] = {
    Move.ASK: _way(IssueState.IN_REVIEW, IssueState.DRAFT),
    Move.APPROVE: _way(IssueState.APPROVED, IssueState.IN_REVIEW),
    Move.RETURN: _way(IssueState.DRAFT, IssueState.IN_REVIEW),
    Move.RELEASE: _way(IssueState.APPROVED, IssueState.IN_REVIEW),
    Move.TAKE_BACK: _way(IssueState.DRAFT, *_BEFORE[1:]),
    Move.SCHEDULE: _way(IssueState.SCHEDULED, IssueState.APPROVED),
    Move.UNSCHEDULE: _way(IssueState.APPROVED, IssueState.SCHEDULED),
    Move.CANCEL: _way(IssueState.CANCELLED, *_BEFORE),
    Move.SENT_ELSEWHERE: _way(IssueState.SENT, IssueState.APPROVED, IssueState.SCHEDULED),
}
"""The table of docs/newsletters.md says the same, and who makes each."""

NEEDS_REASON = frozenset({Move.RETURN, Move.RELEASE, Move.CANCEL})


@dataclass(frozen=True, slots=True)
class Hands:
    """Who has a part in an issue: those who wrote in it, and the two who are asked to approve.

    `may_release`: this installation lets the coordination release an issue alone.
    """

    writers: frozenset[int]
    asked: frozenset[int] = frozenset()
    may_release: bool = False


def hands_of(session: Session, issue: Issue, *, may_release: bool = False) -> Hands:
    """Two statements; `may_release` as `INTERS4_RELEASE_ALONE` says."""
    waited = waited_approval(session, issue.id)
    asked = {waited.approver_id, waited.deputy_id} if waited else set()
    return Hands(
        writer_ids(session, issue),
        frozenset(number for number in asked if number is not None),
        may_release=may_release,
    )


def may_write(issue: Issue, *, by: Viewer) -> bool:
    """True of the team while the issue is a draft: what others judge does not change."""
    return by.member_id is not None and is_team(by) and issue.state is IssueState.DRAFT


def may_move(issue: Issue, move: Move, *, by: Viewer, hands: Hands) -> bool:
    """True when `by` may make this move now, whatever the issue may still lack."""
    if by.member_id is None or not is_team(by) or issue.state not in WAYS[move].sources:
        return False
    return _DECIDES.get(move, _team)(by, hands)


def _team(_by: Viewer, _hands: Hands) -> bool:
    return True


def _asked(by: Viewer, hands: Hands) -> bool:
    return by.member_id in hands.asked - hands.writers


def _coordinates(by: Viewer, hands: Hands) -> bool:
    return hands.may_release and by.has(Role.COORDINATION) and by.member_id not in hands.writers


_DECIDES: Mapping[Move, Callable[[Viewer, Hands], bool]] = {
    Move.APPROVE: _asked,
    Move.RETURN: _asked,
    Move.RELEASE: _coordinates,
}


def _asked_of_others() -> str:
    return _("L’approbation de ce numéro est demandée à quelqu’un d’autre.")


_REFUSED: Mapping[Move, Callable[[], str]] = {
    Move.RELEASE: lambda: _(
        "Ici, la coordination ne libère pas seule ce numéro : demandez à la personne qui "
        "l’approuve, ou à sa suppléance."
    )
}


def tidied(reason: str) -> str:
    """A reason, its spaces tidied line by line: what is a list stays one."""
    lines = (_SPACES.sub(" ", line).strip(" ") for line in reason.splitlines())
    return "\n".join(line for line in lines if line)


def check_move(
    session: Session,
    issue: Issue,
    move: Move,
    *,
    by: Viewer,
    reason: str = "",
    may_release: bool = False,
) -> str:
    """Refuse a move that is not to be made now; the reason, tidied.

    Raises:
        NotFound: `by` is not of the team.
        Conflict: the issue is elsewhere by now.
        NotAllowed: it is somebody else's to make.
        DomainError: a reason is needed, or is too long.
    """
    check_team(by)
    if issue.state not in WAYS[move].sources:
        raise Conflict(
            _("Ce numéro a changé d’étape entre-temps. Relisez où il en est, puis décidez.")
        )
    if not may_move(issue, move, by=by, hands=hands_of(session, issue, may_release=may_release)):
        raise NotAllowed(_REFUSED.get(move, _asked_of_others)())
    reason = tidied(reason)
    if move in NEEDS_REASON and not reason:
        raise DomainError(_("Écrivez pourquoi, en une phrase ou deux."), about="raison")
    if len(reason) > LONGEST_REASON:
        raise DomainError(_("Raccourcissez la raison : 600 caractères au plus."), about="raison")
    return reason


def go(
    session: Session,
    issue: Issue,
    move: Move,
    *,
    by: Viewer,
    reason: str = "",
    request_id: str = "",
) -> None:
    """Change the state and write it down, once everything was checked."""
    enter(session, issue, WAYS[move].target, by=by, reason=reason)
    audit.record(
        session,
        f"newsletters.{move.value}",
        by=by,
        subject=f"numero:{issue.id}",
        request_id=request_id,
        to_state=issue.state.value,
        **({"reason": reason} if move is Move.RELEASE else {}),
    )
    session.flush()
