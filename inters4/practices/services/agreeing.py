"""What comes of the reviews of a sheet: their ratings where they agree, or a third's."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.i18n import _
from inters4.members.models import Member
from inters4.members.queries.people import links_of
from inters4.practices.exports.notices import Task
from inters4.practices.models import (
    Advice,
    Move,
    Origin,
    PracticeReview,
    PracticeRevision,
    PracticeState,
)
from inters4.practices.queries.known import citable
from inters4.practices.queries.revisions import REVIEWERS, reviews_of
from inters4.practices.services.approving import ask_organisations
from inters4.practices.services.drafts import one_line
from inters4.practices.services.life import (
    PROPOSED,
    RATINGS,
    Incomplete,
    check_complete,
    go,
    today,
)
from inters4.practices.services.telling import tell_team


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


def go_on(session: Session, revision: PracticeRevision, *, by: Viewer, request_id: str) -> None:
    """Take the ratings that stand, and why; the sheet goes to its organisations, or back.

    It goes back when it is to be reworked, or lacks something that the next step asks for: those
    who reviewed it cannot mend it.
    """
    reviews = reviews_of(session, revision)
    settled = outcome(reviews)
    if settled is None:
        if has_gap(reviews):
            tell_team(session, revision, Task.SETTLE, once=f"round/{revision.round}", but=by)
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
    reason = one_line(settled.reason)
    revision.values = {
        **revision.values,
        PROPOSED: {name: revision.values.get(name, "") for name in (*RATINGS, "origin")},
        "origin": Origin.PROPOSED.value,
        "maturity": settled.maturity,
        "maturity_reason": reason,
        "evidence_strength": settled.evidence_strength,
        "evidence_reason": reason,
        "rating_status": "reviewed",
        "rated_on": today().isoformat(),
        "reviewers": told_apart(
            one_line(reviewer_line(session, one.reviewer_id)) for one in standing_reviews(reviews)
        ),
    }
    try:
        check_complete(revision, PracticeState.APPROVAL, known=citable(session))
    except Incomplete as refusal:
        lacks = " ".join(lack.message for lack in refusal.lacks)
        why = _("Il manque quelque chose à la fiche : %(lacks)s", lacks=lacks)
        go(session, revision, Move.RETURN, by=by, reason=why, request_id=request_id)
        return
    go(session, revision, Move.REVIEWED, by=by, request_id=request_id)
    ask_organisations(session, revision)


def standing_reviews(reviews: Sequence[PracticeReview]) -> list[PracticeReview]:
    """Those that stand behind the ratings: `reviewers` names their writers, in the same order."""
    return [one for one in reviews if one.submitted_at is not None]


def told_apart(lines: Iterable[str]) -> list[str]:
    """Lines of which no two are the same: two people of one name, or erased, are numbered."""
    found: list[str] = []
    for line in lines:
        number, told = 1, line
        while told in found:
            number += 1
            told = f"{line} ({number})"
        found.append(told)
    return found


def reviewer_line(session: Session, member_id: int) -> str:
    """« Ariane Essai (CISSS d’ailleurs) », as the sheet names those who rated it.

    A review that was sent counts whatever became of the account of whoever wrote it: the name
    stays, and is « Personne retirée » once the person is erased.
    """
    name = session.get_one(Member, member_id).name
    where = [link.organisation.name for link in links_of(session, member_id) if link.confirmed_at]
    return f"{name} ({', '.join(where)})" if where else name
