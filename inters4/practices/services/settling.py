"""What was asked is done: notices of it await nobody any more, whoever did it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.hooks import hooks
from inters4.members.models import Organisation
from inters4.practices.exports.notices import (
    APPROVAL_KIND,
    REVIEW_KIND,
    STEP_KIND,
    TASK_KIND,
    about_approval,
    about_review,
    about_sheet,
)
from inters4.practices.models import (
    PracticeApproval,
    PracticeReview,
    PracticeRevision,
    PracticeState,
    PracticeStep,
)


def settle_step(session: Session, step: PracticeStep, revision: PracticeRevision | None) -> None:
    """A sheet moved: where it came before, and what was awaited of it there, is over."""
    hooks.notifier.settle(session, STEP_KIND, TASK_KIND, subject=about_sheet(step.practice_id))
    if revision is None:
        return
    if step.from_state is PracticeState.REVIEW:
        for review in session.scalars(
            select(PracticeReview).where(PracticeReview.revision_id == revision.id)
        ):
            settle_review(session, review)
    if step.from_state is PracticeState.APPROVAL:
        for approval in session.scalars(
            select(PracticeApproval).where(PracticeApproval.revision_id == revision.id)
        ):
            settle_approval(session, revision, approval)


def settle_news(session: Session, practice_id: str) -> None:
    """Those who carry the sheet need not read where it was."""
    hooks.notifier.settle(session, STEP_KIND, subject=about_sheet(practice_id))


def settle_tasks(session: Session, practice_id: str) -> None:
    """Nothing of what the team was told awaits it any more."""
    hooks.notifier.settle(session, TASK_KIND, subject=about_sheet(practice_id))


def settle_review(session: Session, review: PracticeReview) -> None:
    """It was sent, declined, or is not waited for."""
    hooks.notifier.settle(session, REVIEW_KIND, subject=about_review(review))


def settle_approval(
    session: Session, revision: PracticeRevision, approval: PracticeApproval
) -> None:
    """Someone signed for the organisation, or nobody asks it any more."""
    place = session.get_one(Organisation, approval.organisation_id)
    subject = about_approval(revision.practice_id, place.slug)
    hooks.notifier.settle(session, APPROVAL_KIND, subject=subject)
