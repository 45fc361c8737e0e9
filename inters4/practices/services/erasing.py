"""What a sheet keeps of somebody who is erased: their work, under no name."""

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.frontmatter import dump, parse
from inters4.core.i18n import _
from inters4.members.services.erasure import WITHDRAWN_NAME
from inters4.practices.exports.sheets import PRACTICE
from inters4.practices.models import (
    Practice,
    PracticeAuthor,
    PracticeReview,
    PracticeRevision,
    PracticeState,
    PracticeVersion,
    PracticeWriter,
)
from inters4.practices.queries.revisions import reviews_of
from inters4.practices.services.chasing import free_drafts
from inters4.practices.services.naming import release_absent
from inters4.practices.services.pieces import drop_unpublished, forget_depositor
from inters4.practices.services.reviewing import standing_reviews, told_apart


def forget_author(session: Session, member_id: int) -> None:
    """Take a person off the sheets they carry, draft, review and rated.

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
    session.execute(delete(PracticeWriter).where(PracticeWriter.member_id == member_id))
    free_drafts(session)
    release_absent(session)
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
    """Take the name off the ratings it stands behind: on the sheet, in revisions and versions.

    The place of a review among those that stand says which line is whose, whatever it reads.
    """
    reviewed = session.scalars(
        select(PracticeRevision)
        .join(PracticeReview, PracticeReview.revision_id == PracticeRevision.id)
        .where(
            PracticeReview.reviewer_id == member_id,
            PracticeReview.submitted_at.is_not(None),
            PracticeReview.round == PracticeRevision.round,
        )
    ).unique()
    for revision in reviewed:
        named = list(revision.values.get("reviewers") or [])
        behind = [one.reviewer_id for one in standing_reviews(reviews_of(session, revision))]
        if len(named) == len(behind):
            places = (
                WITHDRAWN_NAME if number == member_id else line
                for line, number in zip(named, behind, strict=True)
            )
            _name_again(session, revision.practice_id, named, told_apart(places))


def _name_again(session: Session, practice_id: str, named: list[str], anew: list[str]) -> None:
    """Put `anew` wherever the sheet says that `named` rated it."""
    for revision in session.scalars(
        select(PracticeRevision).where(PracticeRevision.practice_id == practice_id)
    ):
        if revision.values.get("reviewers") == named:
            revision.values = {**revision.values, "reviewers": anew}
    practice = session.get_one(Practice, practice_id)
    if practice.reviewers == named:
        practice.reviewers = anew
    for version in session.scalars(
        select(PracticeVersion).where(PracticeVersion.practice_id == practice_id)
    ):
        document = parse(version.text.encode(), path="")
        values = document.plain()
        if values.get("reviewers") == named:
            version.text = dump(
                {**values, "reviewers": anew}, document.body, key_order=PRACTICE.keys
            )
