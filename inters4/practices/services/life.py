"""The life of a sheet: a move asks who makes it, from where, and what must be there.

A move checks, changes the state, writes a step and an audit entry, and tells those whom it
concerns, in the caller's transaction.
"""

from collections.abc import Container, Mapping
from datetime import date

from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import local, now
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.frontmatter import ContentErrors, parse
from inters4.core.i18n import _
from inters4.practices.exports.sheets import Sheet, write_sheet
from inters4.practices.models import (
    Move,
    Practice,
    PracticeRevision,
    PracticeState,
    PracticeStep,
    RatingStatus,
)
from inters4.practices.services.deciding import WAYS, hands_of, may_move
from inters4.practices.services.drafts import read_revision
from inters4.practices.services.requirements import Lack, lacks_of
from inters4.practices.services.telling import tell_step

REVIEW_PERIOD_MONTHS = 24

ELSEWHERE = "approved_elsewhere"
"""Where a revision keeps who approved it of organisations that are not on the portal, by their name
as it is compared; no file and no page has it."""
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
    if state is PracticeState.DECLINED:
        return read.sheet
    if lacks or (lacks := _unkept(read.sheet)):
        raise Incomplete(lacks)
    return read.sheet


def _unkept(sheet: Sheet) -> tuple[Lack, ...]:
    """What keeps a sheet from being a file, which each version is: its length, first of all."""
    try:
        parse(write_sheet(sheet).encode(), path="")
    except ContentErrors as refusal:
        told = " ".join(error.message for error in refusal.errors)
        return (Lack("title", _("La fiche ne peut pas être gardée : %(told)s", told=told)),)
    return ()


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
