"""What a sheet keeps of somebody who is erased: their work, under no name."""

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.i18n import _
from inters4.practices.models import (
    Practice,
    PracticeAuthor,
    PracticeReview,
    PracticeRevision,
    PracticeState,
    PracticeVersion,
)
from inters4.practices.services.pieces import drop_unpublished, forget_depositor
from inters4.practices.services.reviewing import reviewer_line


def forget_author(session: Session, member_id: int) -> None:
    """Take a person off the sheets they carry, review and rated; called while their name is known.

    Their sketches go with them, and reviews that they had not sent. A sheet that others work on
    stays, and the coordination answers for it. Ratings stay: they are the sheet's, and « Personne
    retirée » stands behind them.
    """
    own = select(PracticeAuthor.practice_id).where(
        PracticeAuthor.member_id == member_id, PracticeAuthor.is_owner
    )
    for revision in session.scalars(
        select(PracticeRevision).where(
            PracticeRevision.practice_id.in_(own),
            PracticeRevision.state == PracticeState.SKETCH,
            PracticeRevision.closed_at.is_(None),
        )
    ):
        revision.values = {
            name: value
            for name, value in revision.values.items()
            if name in {"id", "slug", "origin", "state"}
        }
        revision.blocks, revision.closed_at = {}, now()
        practice = session.get_one(Practice, revision.practice_id)
        practice.title, practice.state = _("Fiche retirée"), PracticeState.DECLINED
        drop_unpublished(session, practice.id)
    session.execute(delete(PracticeAuthor).where(PracticeAuthor.member_id == member_id))
    unsent = (PracticeReview.reviewer_id == member_id) & PracticeReview.submitted_at.is_(None)
    session.execute(
        update(PracticeReview)
        .where(unsent)
        .values(
            declined_at=func.coalesce(PracticeReview.declined_at, now()),
            reason="",
            comments="",
            maturity="",
            evidence_strength="",
            advice=None,
        )
    )
    forget_depositor(session, member_id)
    _unname(session, member_id)
    session.flush()


def _unname(session: Session, member_id: int) -> None:
    """Take the name off the ratings it stands behind: on the sheet, in revisions and versions."""
    line, nobody = reviewer_line(session, member_id), _("Personne retirée")
    reviewed = session.scalars(
        select(PracticeRevision)
        .join(PracticeReview, PracticeReview.revision_id == PracticeRevision.id)
        .where(PracticeReview.reviewer_id == member_id, PracticeReview.submitted_at.is_not(None))
    ).unique()
    for revision in reviewed:
        names = revision.values.get("reviewers", [])
        revision.values = {
            **revision.values,
            "reviewers": [nobody if name == line else name for name in names],
        }
        practice = session.get_one(Practice, revision.practice_id)
        if line in practice.reviewers:
            practice.reviewers = [nobody if name == line else name for name in practice.reviewers]
        for version in session.scalars(
            select(PracticeVersion).where(PracticeVersion.practice_id == practice.id)
        ):
            version.text = version.text.replace(line, nobody)
