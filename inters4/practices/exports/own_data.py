"""What « Mes données » holds of sheets: what a person carries, wrote, reviewed, signed."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from inters4.members.queries import load_viewer
from inters4.practices.models import (
    PracticeApproval,
    PracticeAuthor,
    PracticeFile,
    PracticeReview,
    PracticeRevision,
    PracticeStep,
    PracticeWriter,
)
from inters4.practices.queries.revisions import takes_part


def sheets_of(session: Session, member_id: int) -> Iterable[Mapping[str, Any]]:
    """The sheets that a person carries, and those on which they worked.

    With their text, of those that the person may read today: whoever left a sheet is told that
    they worked on it, and nothing of what others wrote in it since.
    """
    for row in session.scalars(select(PracticeAuthor).where(PracticeAuthor.member_id == member_id)):
        yield {
            "practice": row.practice_id,
            "is_owner": row.is_owner,
            "added_at": row.added_at.isoformat(),
        }
    viewer = load_viewer(session, member_id)
    for revision, since, is_read in session.execute(
        select(PracticeRevision, PracticeWriter.since, takes_part(viewer))
        .join(PracticeWriter, PracticeWriter.revision_id == PracticeRevision.id)
        .where(PracticeWriter.member_id == member_id)
        .order_by(PracticeRevision.id)
    ):
        yield {
            "practice": revision.practice_id,
            "worked_on_since": since.isoformat(),
            "state": revision.state.value,
            "opened_at": revision.created_at.isoformat(),
            **(_text_of(revision) if is_read else {}),
        }


def files_by(session: Session, member_id: int) -> Iterable[Mapping[str, Any]]:
    """The files that a person deposited in sheets, or whose accessibility they checked."""
    rows = session.scalars(
        select(PracticeFile)
        .options(joinedload(PracticeFile.stored))
        .where(or_(PracticeFile.added_by_id == member_id, PracticeFile.checked_by_id == member_id))
        .order_by(PracticeFile.added_at)
    )
    for row in rows:
        yield {
            "practice": row.practice_id,
            "name": row.stored.name,
            "size": row.stored.size,
            "address": f"/fichiers/{row.stored.token}",
            "is_deposited": row.added_by_id == member_id,
            "is_checked": row.checked_by_id == member_id,
            "added_at": row.added_at.isoformat(),
        }


def moves_of(session: Session, member_id: int) -> Iterable[Mapping[str, Any]]:
    """The moves that a person made, with what they wrote then."""
    for step in session.scalars(
        select(PracticeStep).where(PracticeStep.by_id == member_id).order_by(PracticeStep.at)
    ):
        yield {
            "practice": step.practice_id,
            "move": step.move.value,
            "at": step.at.isoformat(),
            "reason": step.reason,
        }
    for approval in session.scalars(
        select(PracticeApproval).where(PracticeApproval.by_id == member_id)
    ):
        yield {
            "organisation": approval.organisation_id,
            "is_granted": approval.is_granted,
            "decided_at": approval.decided_at.isoformat() if approval.decided_at else None,
            "reason": approval.reason,
        }


def reviews_by(session: Session, member_id: int) -> Iterable[Mapping[str, Any]]:
    """The reviews asked of a person."""
    for review, practice_id in session.execute(
        select(PracticeReview, PracticeRevision.practice_id)
        .join(PracticeRevision, PracticeRevision.id == PracticeReview.revision_id)
        .where(PracticeReview.reviewer_id == member_id)
        .order_by(PracticeReview.asked_at)
    ):
        yield {
            "practice": practice_id,
            "asked_at": review.asked_at.isoformat(),
            "due_on": review.due_on.isoformat(),
            "maturity": review.maturity,
            "evidence_strength": review.evidence_strength,
            "advice": review.advice.value if review.advice else None,
            "reason": review.reason,
            "comments": review.comments,
            "submitted_at": review.submitted_at.isoformat() if review.submitted_at else None,
        }


def _text_of(revision: PracticeRevision) -> Mapping[str, Any]:
    return {"values": revision.values, "blocks": revision.blocks, "note": revision.note}
