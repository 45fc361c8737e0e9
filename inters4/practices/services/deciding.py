"""Who may write a sheet, and whose each move is: the table of docs/practices.md.

Nobody lets pass alone what they wrote: whoever worked on a text, even once, even if they left the
sheet since, neither admits nor publishes it.
"""

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.core.values import dataclass
from inters4.practices.models import Move, PracticeRevision, PracticeState
from inters4.practices.queries.revisions import author_ids, writer_ids


@dataclass(frozen=True, slots=True)
class _Way:
    """Where a move leads, and from which states."""

    sources: frozenset[PracticeState]
    target: PracticeState


def _way(target: PracticeState, *sources: PracticeState) -> _Way:
    return _Way(frozenset(sources), target)


WAYS: Mapping[Move, _Way] = {
    Move.SUBMIT: _way(PracticeState.PROPOSED, PracticeState.SKETCH, PracticeState.DECLINED),
    Move.ADMIT: _way(PracticeState.ADMISSIBLE, PracticeState.PROPOSED),
    Move.DECLINE: _way(PracticeState.DECLINED, PracticeState.PROPOSED, PracticeState.ADMISSIBLE),
    Move.TAKE: _way(PracticeState.DRAFTING, PracticeState.ADMISSIBLE, PracticeState.DRAFTING),
    Move.SEND_TO_OWNER: _way(PracticeState.OWNER_VALIDATION, PracticeState.DRAFTING),
    Move.VALIDATE: _way(PracticeState.REVIEW, PracticeState.OWNER_VALIDATION),
    Move.RETURN: _way(
        PracticeState.DRAFTING,
        PracticeState.OWNER_VALIDATION,
        PracticeState.REVIEW,
        PracticeState.APPROVAL,
    ),
    Move.REVIEWED: _way(PracticeState.APPROVAL, PracticeState.REVIEW),
    Move.PUBLISH: _way(PracticeState.PUBLISHED, PracticeState.APPROVAL),
    Move.PUBLISH_MINOR: _way(PracticeState.PUBLISHED, PracticeState.DRAFTING),
}
"""The moves of a revision; the graph of docs/practices.md is drawn from it."""


def may_write(revision: PracticeRevision, *, by: Viewer, authors: frozenset[int]) -> bool:
    """True of who may change the text now.

    Its authors write until it is proposed and while it is drafted or declined; the brokering team
    while it is drafted. While others judge it, nobody changes it.
    """
    if by.member_id is None or not revision.is_open:
        return False
    is_author = by.member_id in authors
    match revision.state:
        case PracticeState.SKETCH | PracticeState.PROPOSED | PracticeState.DECLINED:
            return is_author
        case PracticeState.ADMISSIBLE | PracticeState.DRAFTING:
            return is_author or is_team(by)
        case _:
            return False


def is_team(by: Viewer) -> bool:
    """True of the brokering team and the coordination."""
    return by.has(Role.BROKER) or by.has(Role.COORDINATION)


@dataclass(frozen=True, slots=True)
class Hands:
    """Who had a hand in what is being decided.

    Attributes:
        authors: those who carry the sheet.
        writers: those who wrote in this revision, and who carried it and left.
    """

    authors: frozenset[int]
    writers: frozenset[int]

    @property
    def everyone(self) -> frozenset[int]:
        """All of them."""
        return self.authors | self.writers


def hands_of(session: Session, revision: PracticeRevision) -> Hands:
    """Those of a revision: two statements."""
    return Hands(author_ids(session, revision.practice_id), writer_ids(session, revision))


def may_move(revision: PracticeRevision, move: Move, *, by: Viewer, hands: Hands) -> bool:
    """True when `by` may make this move now, whatever the sheet may still lack."""
    if move not in WAYS or by.member_id is None or not revision.is_open:
        return False
    decides = _DECIDES.get(move)
    return (
        revision.state in WAYS[move].sources
        and decides is not None
        and decides(revision, by, hands)
    )


def _author(_revision: PracticeRevision, by: Viewer, hands: Hands) -> bool:
    return by.member_id in hands.authors


def _team(_revision: PracticeRevision, by: Viewer, _hands: Hands) -> bool:
    return is_team(by)


def _takes(revision: PracticeRevision, by: Viewer, _hands: Hands) -> bool:
    """The team; a sheet being drafted only while nobody of the team has it."""
    is_free = revision.state is PracticeState.ADMISSIBLE or revision.drafter_id is None
    return is_team(by) and is_free


def _admits(_revision: PracticeRevision, by: Viewer, hands: Hands) -> bool:
    return is_team(by) and by.member_id not in hands.everyone


def _declines(_revision: PracticeRevision, by: Viewer, hands: Hands) -> bool:
    return is_team(by) and by.member_id not in hands.authors


def _owners(_revision: PracticeRevision, by: Viewer, hands: Hands) -> bool:
    """Its authors; the coordination for a sheet that nobody carries."""
    return by.member_id in hands.authors if hands.authors else by.has(Role.COORDINATION)


def _sends_back(revision: PracticeRevision, by: Viewer, hands: Hands) -> bool:
    if revision.state is PracticeState.OWNER_VALIDATION:
        return by.member_id in hands.authors or is_team(by)
    return is_team(by) and by.member_id not in hands.authors


def _publishes(revision: PracticeRevision, by: Viewer, hands: Hands) -> bool:
    worked = {revision.drafter_id, *hands.everyone}
    return by.has(Role.COORDINATION) and by.member_id not in worked


def _publishes_minor(revision: PracticeRevision, by: Viewer, hands: Hands) -> bool:
    others = by.member_id not in hands.everyone
    return is_team(by) and others and not revision.is_new_sheet


_DECIDES: Mapping[Move, Callable[[PracticeRevision, Viewer, Hands], bool]] = {
    Move.SUBMIT: _author,
    Move.ADMIT: _admits,
    Move.DECLINE: _declines,
    Move.TAKE: _takes,
    Move.SEND_TO_OWNER: _team,
    Move.VALIDATE: _owners,
    Move.RETURN: _sends_back,
    Move.PUBLISH: _publishes,
    Move.PUBLISH_MINOR: _publishes_minor,
}
