"""The life of a sheet: each move says who may make it, from where, and what must be there.

A move checks, changes the state, writes a step and an audit entry, and tells those whom it
concerns, in the caller's transaction.
Nobody lets pass alone what they wrote: whoever worked on a text, even once, even if they left the
sheet since, neither admits nor publishes it.
"""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Role, Viewer
from inters4.core.clock import local, now
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.i18n import _
from inters4.practices.exports.sheets import Sheet
from inters4.practices.models import (
    Move,
    Practice,
    PracticeRevision,
    PracticeState,
    PracticeStep,
    RatingStatus,
)
from inters4.practices.queries.revisions import author_ids, writer_ids
from inters4.practices.services.drafts import read_revision
from inters4.practices.services.requirements import Lack, lacks_of
from inters4.practices.services.telling import tell_step

REVIEW_PERIOD_MONTHS = 24

ELSEWHERE = "approved_elsewhere"
"""Where a revision keeps who approved it of organisations that are not on the portal; no file and
no page has it."""
JUDGEMENTS = ("rating_status", "rated_on", "reviewers", "approval", "approved_on")
"""What reviewers and organisations write in a sheet."""
RATINGS = ("maturity", "maturity_reason", "evidence_strength", "evidence_reason")
"""What those who write propose, then reviewers settle."""
PROPOSED = "proposed_ratings"
"""Where a revision keeps, among its values, the ratings that were proposed, once reviewers settled
others; no file and no page has it."""

Known = Mapping[str, Container[str]]


class Incomplete(DomainError):
    """The sheet lacks something to go further.

    Attributes:
        lacks: what, by field.
    """

    status = 422

    def __init__(self, lacks: tuple[Lack, ...]) -> None:
        super().__init__(_("Il manque quelque chose à cette fiche pour passer à l’étape suivante."))
        self.lacks = lacks


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


def move(
    session: Session,
    revision: PracticeRevision,
    which: Move,
    *,
    by: Viewer,
    known: Known,
    reason: str = "",
    request_id: str = "",
) -> None:
    """Make a move that a person decides.

    Raises:
        NotAllowed: it is not theirs to make.
        Conflict: the sheet is not there any more.
        Incomplete: the sheet lacks something.
        DomainError: a reason is needed.
    """
    way = WAYS[which]
    if revision.state not in way.sources or not revision.is_open:
        raise Conflict(
            _("Cette fiche a changé d’étape entre-temps. Relisez où elle en est, puis décidez.")
        )
    if not may_move(revision, which, by=by, hands=hands_of(session, revision)):
        raise NotAllowed(_("Cette décision revient à quelqu’un d’autre."))
    if which in {Move.DECLINE, Move.RETURN} and not reason.strip():
        raise DomainError(_("Écrivez pourquoi : la personne qui propose le lira."))
    check_complete(revision, way.target, known=known)
    if which is Move.TAKE:
        revision.drafter_id = by.member_id
    if which is Move.VALIDATE:
        revision.round += 1
        forget_judgements(revision)
    go(session, revision, which, by=by, reason=reason, request_id=request_id)


def forget_judgements(revision: PracticeRevision) -> None:
    """Reviewers and organisations start anew: nothing of an earlier passage counts, nor shows.

    The ratings are those that were proposed.
    """
    judged = {*JUDGEMENTS, ELSEWHERE, PROPOSED}
    kept = {name: value for name, value in revision.values.items() if name not in judged}
    proposed = revision.values.get(PROPOSED, {})
    revision.values = {**kept, **proposed, "rating_status": RatingStatus.PROPOSED.value}


def check_complete(revision: PracticeRevision, state: PracticeState, *, known: Known) -> Sheet:
    """The sheet of a revision that may be in `state`.

    Raises:
        Incomplete: something is wrong or missing.
    """
    read = read_revision(revision, known=known)
    lacks = (*read.mistakes, *lacks_of(read.sheet, state))
    if lacks and state is not PracticeState.DECLINED:
        raise Incomplete(lacks)
    return read.sheet


def go(
    session: Session,
    revision: PracticeRevision,
    which: Move,
    *,
    by: Viewer,
    reason: str = "",
    request_id: str = "",
) -> PracticeStep:
    """Change the state and write it down, once everything was checked."""
    target = WAYS[which].target
    step = note_step(
        session,
        revision.practice,
        which,
        by=by,
        from_state=revision.state,
        to_state=target,
        revision=revision,
        reason=reason,
        request_id=request_id,
    )
    revision.state, revision.state_since = target, step.at
    if which is Move.RETURN:
        forget_judgements(revision)
    if revision.is_new_sheet:
        revision.practice.state = target
        revision.practice.state_reason = reason.strip() if which is Move.DECLINE else ""
    session.flush()
    return step


def note_step(
    session: Session,
    practice: Practice,
    which: Move,
    *,
    by: Viewer,
    from_state: PracticeState | None,
    to_state: PracticeState,
    revision: PracticeRevision | None = None,
    reason: str = "",
    request_id: str = "",
) -> PracticeStep:
    """Write down that a sheet moved, and who moved it; tell those whom it concerns."""
    step = PracticeStep(
        practice_id=practice.id,
        revision_id=revision.id if revision else None,
        move=which,
        from_state=from_state,
        to_state=to_state,
        at=now(),
        by_id=by.member_id,
        reason=reason.strip(),
    )
    session.add(step)
    audit.record(
        session,
        f"practices.{which.name.lower()}",
        by=by,
        subject=f"fiche:{practice.id}",
        request_id=request_id,
        to_state=to_state.value,
    )
    tell_step(session, step, revision, by=by)
    return step


def next_review(on: date) -> date:
    """The day two years later, when a sheet is to be looked at again."""
    year, month = divmod(on.year * 12 + on.month - 1 + REVIEW_PERIOD_MONTHS, 12)
    return date(year, month + 1, min(on.day, 28))


def today() -> date:
    """The day in Québec."""
    return local(now()).date()
