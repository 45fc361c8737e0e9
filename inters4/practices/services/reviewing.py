"""Two reviewers from outside rate a sheet apart; a third settles their gap."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.i18n import _
from inters4.members.queries import load_viewer
from inters4.members.queries.people import links_of
from inters4.practices.models import (
    Advice,
    Move,
    PracticeReview,
    PracticeRevision,
    PracticeState,
)
from inters4.practices.queries.revisions import (
    author_ids,
    carrying_organisations,
    organisations_of_member,
    reviews_of,
)
from inters4.practices.services.approving import ask_organisations
from inters4.practices.services.life import go, is_team, today

REVIEWERS = 2
TIME_TO_REVIEW = timedelta(days=21)


def refusal(session: Session, revision: PracticeRevision, member_id: int) -> str:
    """Why this person may not review this sheet; empty when they may."""
    person = load_viewer(session, member_id)
    if not person.has(Role.REVIEWER):
        return _("Cette personne n’a pas le rôle de relecture.")
    if member_id in {*author_ids(session, revision.practice_id), revision.drafter_id}:
        return _("Cette personne a écrit la fiche.")
    carrying = carrying_organisations(session, revision.practice_id)
    if carrying & organisations_of_member(session, member_id):
        return _("Cette personne est d’une organisation qui porte la pratique.")
    if any(one.reviewer_id == member_id for one in reviews_of(session, revision)):
        return _("Cette personne relit déjà cette fiche.")
    return ""


def ask_review(
    session: Session,
    revision: PracticeRevision,
    member_id: int,
    *,
    by: Viewer,
    request_id: str = "",
) -> PracticeReview:
    """Ask a person to rate the sheet; the third one settles the gap between two.

    Raises:
        NotAllowed: `by` is not of the brokering team, or wrote the sheet.
        Conflict: the sheet is not being reviewed, or needs nobody else.
        DomainError: this person may not review it, and why.
    """
    if not is_team(by) or by.member_id in author_ids(session, revision.practice_id):
        raise NotAllowed(_("La coordination et l’équipe de courtage choisissent qui relit."))
    if revision.state is not PracticeState.REVIEW or not revision.is_open:
        raise Conflict(_("Cette fiche n’est pas en relecture."))
    asked = reviews_of(session, revision)
    needs_third = has_gap(asked)
    if len(asked) >= REVIEWERS and not needs_third:
        raise Conflict(_("Deux personnes relisent déjà cette fiche."))
    if why_not := refusal(session, revision, member_id):
        raise DomainError(why_not)
    review = PracticeReview(
        public_id=secrets.token_hex(8),
        revision_id=revision.id,
        round=revision.round,
        reviewer_id=member_id,
        is_adjudication=needs_third,
        asked_by_id=by.member_id,
        due_on=today() + TIME_TO_REVIEW,
    )
    session.add(review)
    session.flush()
    _record(session, "review_asked", revision, by=by, request_id=request_id, member=member_id)
    return review


def decline_review(
    session: Session,
    review: PracticeReview,
    revision: PracticeRevision,
    *,
    by: Viewer,
    reason: str,
    request_id: str = "",
) -> None:
    """A reviewer cannot, or a conflict of interest appears: somebody else is asked.

    Raises:
        NotAllowed: it is not theirs, nor is `by` of the team.
        Conflict: it was sent already.
    """
    if review.reviewer_id != by.member_id and not is_team(by):
        raise NotAllowed(_("Cette relecture est demandée à quelqu’un d’autre."))
    if not review.is_waited_for:
        raise Conflict(_("Cette relecture est déjà rendue."))
    review.declined_at = now()
    review.reason = " ".join(reason.split())
    _record(session, "review_declined", revision, by=by, request_id=request_id)


def submit_review(
    session: Session,
    review: PracticeReview,
    revision: PracticeRevision,
    *,
    by: Viewer,
    maturity: str,
    evidence_strength: str,
    reason: str,
    comments: str,
    advice: Advice,
    has_no_interest: bool,
    request_id: str = "",
) -> None:
    """Send one's ratings; the sheet goes on once both agree, or once the gap is settled.

    Raises:
        NotAllowed: the review is asked to somebody else.
        Conflict: it was sent already, or the sheet left the reviewers.
        DomainError: a rating, its reason or the declaration is missing.
    """
    if review.reviewer_id != by.member_id:
        raise NotAllowed(_("Cette relecture est demandée à quelqu’un d’autre."))
    if not review.is_waited_for or not is_current(review, revision):
        raise Conflict(_("Cette relecture est déjà rendue, ou n’est plus attendue."))
    if not has_no_interest:
        raise DomainError(
            _(
                "Confirmez que vous n’avez aucun intérêt dans cette pratique; sinon, dites que "
                "vous ne pouvez pas la relire."
            )
        )
    if not (maturity and evidence_strength and reason.strip()):
        raise DomainError(_("Donnez les deux cotes et leur justification."))
    review.maturity, review.evidence_strength = maturity, evidence_strength
    review.reason, review.comments = reason.strip(), comments.strip()
    review.advice, review.has_no_interest = advice, True
    review.submitted_at = now()
    session.flush()
    _record(session, "review_sent", revision, by=by, request_id=request_id)
    _go_on(session, revision, by=by, request_id=request_id)


def is_current(review: PracticeReview, revision: PracticeRevision) -> bool:
    """True while the review is of the passage that the sheet is in."""
    return (
        revision.is_open
        and revision.state is PracticeState.REVIEW
        and review.revision_id == revision.id
        and review.round == revision.round
    )


def has_gap(reviews: Sequence[PracticeReview]) -> bool:
    """True when two sent reviews do not give the same ratings or advice, and nobody settled it."""
    sent = [one for one in reviews if one.submitted_at is not None]
    if len(sent) < REVIEWERS or any(one.is_adjudication for one in reviews):
        return False
    return len({(one.maturity, one.evidence_strength, one.advice) for one in sent}) > 1


def outcome(reviews: Sequence[PracticeReview]) -> PracticeReview | None:
    """The review whose ratings the sheet takes; None while it is not known."""
    sent = [one for one in reviews if one.submitted_at is not None]
    settled = next((one for one in sent if one.is_adjudication), None)
    if settled is not None:
        return settled
    return sent[0] if len(sent) >= REVIEWERS and not has_gap(reviews) else None


def _go_on(session: Session, revision: PracticeRevision, *, by: Viewer, request_id: str) -> None:
    """Take the ratings that stand; the sheet goes to its organisations, or back to be reworked."""
    reviews = reviews_of(session, revision)
    settled = outcome(reviews)
    if settled is None:
        return
    if settled.advice is Advice.REWORK:
        go(
            session,
            revision,
            Move.RETURN,
            by=by,
            reason=_("Les relectures demandent de retravailler la fiche."),
            request_id=request_id,
        )
        return
    sent = [one for one in reviews if one.submitted_at is not None]
    revision.values = {
        **revision.values,
        "maturity": settled.maturity,
        "evidence_strength": settled.evidence_strength,
        "rating_status": "reviewed",
        "rated_on": today().isoformat(),
        "reviewers": [reviewer_line(session, one.reviewer_id) for one in sent],
    }
    go(session, revision, Move.REVIEWED, by=by, request_id=request_id)
    ask_organisations(session, revision)


def reviewer_line(session: Session, member_id: int) -> str:
    """« Ariane Essai (CISSS d’ailleurs) », as the sheet names those who rated it."""
    name = load_viewer(session, member_id).display_name
    where = [link.organisation.name for link in links_of(session, member_id) if link.confirmed_at]
    return f"{name} ({', '.join(where)})" if where else name


def _record(
    session: Session,
    what: str,
    revision: PracticeRevision,
    *,
    by: Viewer,
    request_id: str,
    **detail: int,
) -> None:
    audit.record(
        session,
        f"practices.{what}",
        by=by,
        subject=f"fiche:{revision.practice_id}",
        request_id=request_id,
        **detail,
    )
