"""A colleague reads what another wrote, and says that it is ready or what to mend."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.members.models import Member
from inters4.members.queries.holders import holders_of
from inters4.veille.exports.summary_notices import (
    PUBLISH_KIND,
    REVIEW_KIND,
    STEP_KIND,
    TEAM,
    TOLD,
    about_review,
    about_summary,
)
from inters4.veille.models import (
    Opinion,
    Origin,
    Summary,
    SummaryReview,
    SummaryStep,
)
from inters4.veille.queries.writing import people_named, waited_review, writer_ids
from inters4.veille.services.life import Move, check_move, go, note_step
from inters4.veille.services.requirements import check_complete

LONGEST_COMMENTS = 10_000


def candidates(session: Session, summary: Summary) -> Sequence[Member]:
    """Colleagues who may review a summary, by name: whoever wrote in it may not."""
    team = holders_of(session, TEAM) - writer_ids(session, summary)
    people: Mapping[int, Member] = people_named(session, sorted(team))
    return sorted(people.values(), key=lambda person: (person.name, person.id))


def ask_review(
    session: Session, summary: Summary, reviewer_id: int, *, by: Viewer, request_id: str = ""
) -> SummaryReview:
    """Show a whole draft to a colleague, who is told.

    A starter draft has no author: whoever shows it answers for it.

    Raises:
        NotFound, Conflict: as `check_move` says.
        Incomplete: the draft lacks something.
        DomainError: this person may not review it.
    """
    check_move(session, summary, Move.ASK, by=by)
    if summary.writer_id is None:
        summary.writer_id, summary.origin = by.member_id, Origin.WRITTEN
        note_step(session, summary, "write", before=summary.state, by=by)
    if reviewer_id not in {person.id for person in candidates(session, summary)}:
        raise DomainError(
            _("Choisissez une personne de l’équipe qui n’a pas écrit ce résumé."), about="personne"
        )
    check_complete(summary)
    review = SummaryReview(
        summary_id=summary.id, reviewer_id=reviewer_id, asked_by_id=by.member_id, comments=""
    )
    session.add(review)
    go(session, summary, Move.ASK, by=by, request_id=request_id)
    hooks.notifier.notify(
        session,
        REVIEW_KIND,
        sorted({reviewer_id} - {by.member_id}),
        subject=about_review(review),
        once=f"{review.public_id}/asked",
    )
    return review


def give_opinion(
    session: Session,
    summary: Summary,
    opinion: Opinion,
    *,
    comments: str = "",
    by: Viewer,
    request_id: str = "",
) -> SummaryReview:
    """Say that a summary is ready, or what to mend; those who wrote it are told.

    Raises:
        NotFound, Conflict, NotAllowed: as `check_move` says.
        DomainError: it must be mended and nothing says how, or the comments are too long.
        Incomplete: it is said ready and lacks something.
    """
    move = Move.APPROVE if opinion is Opinion.READY else Move.REWORK
    comments = tidy_comments(comments)
    check_move(session, summary, move, by=by, reason=_said(move, comments))
    if len(comments) > LONGEST_COMMENTS:
        raise DomainError(_("Raccourcissez vos remarques."), about="commentaires")
    review = waited_review(session, summary.id)
    if review is None:
        raise Conflict(_("Cette relecture n’est plus attendue."))
    if opinion is Opinion.READY:
        check_complete(summary)
        summary.reviewer_id, summary.reviewed_at = by.member_id, now()
    review.opinion, review.comments, review.answered_at = opinion, comments, now()
    step = go(session, summary, move, by=by, request_id=request_id)
    hooks.notifier.settle(session, REVIEW_KIND, subject=about_review(review))
    tell_writers(session, summary, step, by=by)
    if opinion is Opinion.READY:
        hooks.notifier.notify(
            session,
            PUBLISH_KIND,
            sorted(holders_of(session, TEAM) - writer_ids(session, summary) - {by.member_id}),
            subject=about_summary(summary.id),
            once=f"step/{step.id}",
        )
    return review


def tidy_comments(comments: str) -> str:
    """What is kept of the remarks that somebody typed."""
    return comments.replace("\r\n", "\n").strip()


def take_back(session: Session, summary: Summary, *, by: Viewer, request_id: str = "") -> None:
    """Write again what is being reviewed, or was said ready: that opinion holds no more.

    Raises:
        NotFound, Conflict: as `check_move` says.
    """
    check_move(session, summary, Move.TAKE_BACK, by=by)
    review = waited_review(session, summary.id)
    if review is not None:
        review.withdrawn_at = now()
        hooks.notifier.settle(session, REVIEW_KIND, subject=about_review(review))
    summary.reviewer_id = summary.reviewed_at = None
    step = go(session, summary, Move.TAKE_BACK, by=by, request_id=request_id)
    hooks.notifier.settle(session, PUBLISH_KIND, subject=about_summary(summary.id))
    tell_writers(session, summary, step, by=by)


def tell_writers(session: Session, summary: Summary, step: SummaryStep, *, by: Viewer) -> None:
    """Tell those who wrote where their summary came, but whoever brought it there."""
    if step.after not in TOLD:
        return
    hooks.notifier.notify(
        session,
        STEP_KIND,
        sorted(writer_ids(session, summary) - {by.member_id}),
        subject=about_summary(summary.id),
        facts={"step": step.id},
        once=f"step/{step.id}",
    )


def _said(move: Move, comments: str) -> str:
    """The comments of who sends back are the reason; their length is checked apart."""
    return comments[:100] if move is Move.REWORK else ""
