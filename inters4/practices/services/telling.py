"""Telling people that a sheet moved, or awaits them, in the transaction of the move."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.core.hooks import hooks
from inters4.members.models import Organisation
from inters4.members.queries.holders import holders_of
from inters4.practices.exports.notices import (
    APPROVAL_KIND,
    REVIEW_KIND,
    STEP_KIND,
    TASK_KIND,
    TEAM,
    Task,
    about_approval,
    about_review,
    about_sheet,
)
from inters4.practices.models import (
    Move,
    PracticeApproval,
    PracticeReview,
    PracticeRevision,
    PracticeState,
    PracticeStep,
)
from inters4.practices.queries.revisions import author_ids
from inters4.practices.queries.telling import signers_of
from inters4.practices.services.settling import settle_step, settle_tasks

_NEXT_TASK: Mapping[PracticeState, Task] = {
    PracticeState.PROPOSED: Task.EXAMINE,
    PracticeState.ADMISSIBLE: Task.TAKE,
    PracticeState.DRAFTING: Task.DRAFT,
    PracticeState.REVIEW: Task.NAME_REVIEWERS,
    PracticeState.REVIEW_DUE: Task.REVISE,
}
_EVERYONE = frozenset({Task.EXAMINE, Task.TAKE, Task.REVISE})
"""Tasks of the whole team; the others are the coordination's, or the drafter's, if there is one."""
_AFTER_ALL_OTHERS = frozenset({Task.SETTLE, Task.PUBLISH})
"""Tasks that come once nothing else of the same state is awaited."""


def tell_step(
    session: Session, step: PracticeStep, revision: PracticeRevision | None, *, by: Viewer
) -> None:
    """Tell who carries the sheet where it came, and whoever holds it now.

    Whoever moves a sheet knows it; a proposal alone is acknowledged to whoever sends it. A sketch
    is nobody else's affair; a sheet taken up again is.
    """
    if step.to_state is PracticeState.SKETCH:
        return
    session.flush()
    settle_step(session, step, revision)
    authors = author_ids(session, step.practice_id)
    mover = frozenset() if step.move is Move.SUBMIT else frozenset({by.member_id})
    hooks.notifier.notify(
        session,
        STEP_KIND,
        sorted(authors - mover),
        subject=about_sheet(step.practice_id),
        facts={"step": step.id},
        once=f"step/{step.id}",
    )
    task = _NEXT_TASK.get(step.to_state)
    if task is not None:
        _tell(session, step.practice_id, task, revision, once=f"step/{step.id}", but=by)


def tell_team(
    session: Session, revision: PracticeRevision, task: Task, *, once: str, but: Viewer
) -> None:
    """Tell the coordination, or whoever does that task, that it awaits them."""
    if task in _AFTER_ALL_OTHERS:
        settle_tasks(session, revision.practice_id)
    _tell(session, revision.practice_id, task, revision, once=once, but=but)


def tell_reviewer(session: Session, review: PracticeReview, *, is_late: bool = False) -> None:
    """Tell a reviewer that a sheet awaits them, or that they are late."""
    hooks.notifier.notify(
        session,
        REVIEW_KIND,
        [review.reviewer_id],
        subject=about_review(review),
        facts={"is_late": is_late},
        once=f"{review.public_id}/{'late' if is_late else 'asked'}",
    )


def tell_signers(session: Session, revision: PracticeRevision, approval: PracticeApproval) -> bool:
    """Tell whoever signs for an organisation that it is asked, or reminded; False for nobody."""
    place = session.get_one(Organisation, approval.organisation_id)
    asked = approval.reminded_at or approval.asked_at
    asked_for = (revision.practice_id, place.id)
    people = signers_of(session, [asked_for])[asked_for]
    hooks.notifier.notify(
        session,
        APPROVAL_KIND,
        people,
        subject=about_approval(revision.practice_id, place.slug),
        once=f"{revision.id}/{place.slug}/{asked.isoformat()}",
    )
    return bool(people)


def _tell(
    session: Session,
    practice_id: str,
    task: Task,
    revision: PracticeRevision | None,
    *,
    once: str,
    but: Viewer,
) -> None:
    people = _doers(session, task, revision) - author_ids(session, practice_id)
    hooks.notifier.notify(
        session,
        TASK_KIND,
        sorted(people - {but.member_id}),
        subject=about_sheet(practice_id),
        facts={"task": task.value},
        once=f"{practice_id}/{task}/{once}",
    )


def _doers(session: Session, task: Task, revision: PracticeRevision | None) -> frozenset[int]:
    if task is Task.DRAFT:
        drafter = revision.drafter_id if revision else None
        return holders_of(session, TEAM) if drafter is None else frozenset({drafter})
    return holders_of(session, TEAM if task in _EVERYONE else (Role.COORDINATION,))
