"""What the team reads of a summary being written: its steps, its reviews, who wrote in it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, selectinload

from inters4.core.access import Viewer
from inters4.members.models import Member
from inters4.practices.models import READABLE as READABLE_SHEETS
from inters4.practices.models import Practice
from inters4.veille.models import (
    Finding,
    Summary,
    SummaryCorrection,
    SummaryReview,
    SummaryState,
    SummaryStep,
)
from inters4.veille.queries.summaries import find_renamed, is_team

_IS_WRITING = or_(
    SummaryStep.after == SummaryState.CORRECTED,
    and_(
        SummaryStep.after == SummaryState.DRAFT,
        or_(SummaryStep.before.is_(None), SummaryStep.before == SummaryState.DRAFT),
    ),
)
"""Steps of whoever wrote or corrected; those who sent a draft back wrote nothing in it."""


def find_to_write(
    session: Session, slug: str, *, viewer: Viewer, is_locked: bool = False
) -> Summary | None:
    """The summary at this address with its parts, for the team alone; locked to be changed.

    A former address is as good: whoever typed in a draft that was published meanwhile sends it
    there.
    """
    if not is_team(viewer):
        return None
    statement = select(Summary).options(
        selectinload(Summary.terms), selectinload(Summary.practices)
    )
    if is_locked:
        statement = statement.with_for_update(of=Summary).execution_options(populate_existing=True)
    found = session.scalars(statement.where(Summary.slug == slug)).first()
    if found is None and (moved := find_renamed(session, slug, viewer=viewer)):
        found = session.scalars(statement.where(Summary.slug == moved)).first()
    return found


def lock_finding(session: Session, finding_id: int) -> Finding:
    """The finding as it is now, with its themes; others wait until the transaction ends."""
    session.flush()
    return session.scalars(
        select(Finding)
        .where(Finding.id == finding_id)
        .options(selectinload(Finding.themes))
        .with_for_update(of=Finding)
        .execution_options(populate_existing=True)
    ).one()


def telling_article(session: Session, *, doi: str = "", pmid: str = "") -> Summary | None:
    """The summary that tells the article of this DOI or PMID, unless it was given up."""
    known = [
        column == value
        for column, value in ((func.lower(Summary.doi), doi.lower()), (Summary.pmid, pmid))
        if value
    ]
    if not known:
        return None
    given_up = and_(Summary.state == SummaryState.ARCHIVED, Summary.published_at.is_(None))
    return session.scalars(
        select(Summary).where(or_(*known), ~given_up).order_by(Summary.created_at).limit(1)
    ).first()


def finding_of(session: Session, summary_id: str) -> Finding | None:
    """The finding that a summary tells, the first when several were brought together."""
    return session.scalars(
        select(Finding).where(Finding.summary_id == summary_id).order_by(Finding.id).limit(1)
    ).first()


def writer_ids(session: Session, summary: Summary) -> frozenset[int]:
    """Everyone who wrote or corrected a word of a summary: whoever did does not judge it."""
    wrote = select(SummaryStep.by_id).where(
        SummaryStep.summary_id == summary.id, SummaryStep.by_id.is_not(None), _IS_WRITING
    )
    found = {number for number in session.scalars(wrote) if number is not None}
    return frozenset(found | ({summary.writer_id} if summary.writer_id is not None else set()))


def waiting_correction(session: Session, summary_id: str) -> SummaryCorrection | None:
    """The correction of a summary that readers do not see yet."""
    return session.scalars(
        select(SummaryCorrection)
        .where(SummaryCorrection.summary_id == summary_id)
        .execution_options(populate_existing=True)
    ).first()


def steps_of(session: Session, summary_id: str) -> Sequence[SummaryStep]:
    """Each step of a summary, the last first."""
    return session.scalars(
        select(SummaryStep)
        .where(SummaryStep.summary_id == summary_id)
        .order_by(SummaryStep.at.desc(), SummaryStep.id.desc())
    ).all()


def reviews_of(session: Session, summary_id: str) -> Sequence[SummaryReview]:
    """Each review asked of a summary, the last first."""
    return session.scalars(
        select(SummaryReview)
        .where(SummaryReview.summary_id == summary_id)
        .order_by(SummaryReview.id.desc())
    ).all()


def waited_review(session: Session, summary_id: str) -> SummaryReview | None:
    """The review that a summary waits for."""
    return session.scalars(
        select(SummaryReview)
        .where(
            SummaryReview.summary_id == summary_id,
            SummaryReview.answered_at.is_(None),
            SummaryReview.withdrawn_at.is_(None),
        )
        .order_by(SummaryReview.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).first()


def people_named(session: Session, ids: Sequence[int | None]) -> Mapping[int, Member]:
    """These people by number: one statement, none for nobody."""
    wanted = {number for number in ids if number is not None}
    if not wanted:
        return {}
    return {row.id: row for row in session.scalars(select(Member).where(Member.id.in_(wanted)))}


class Task(StrEnum):
    """What a summary awaits of somebody of the team."""

    REVIEW = "review"
    PUBLISH = "publish"
    CHECK = "check"
    AMEND = "amend"
    WRITE = "write"


def tasks_of(session: Session, member_id: int, *, limit: int = 10) -> list[tuple[Task, str, str]]:
    """What awaits a person: what, slug and title, the oldest first; one statement."""
    review = and_(
        SummaryReview.summary_id == Summary.id,
        SummaryReview.reviewer_id == member_id,
        SummaryReview.answered_at.is_(None),
        SummaryReview.withdrawn_at.is_(None),
    )
    is_own = and_(Summary.writer_id == member_id, Summary.state == SummaryState.DRAFT)
    is_ready = Summary.state == SummaryState.READY
    asked = and_(SummaryReview.id.is_not(None), Summary.state == SummaryState.IN_REVIEW)
    is_theirs = SummaryCorrection.by_id == member_id
    corrected = and_(
        SummaryCorrection.summary_id.is_not(None),
        case(
            (SummaryCorrection.returned_at.is_not(None), is_theirs),
            else_=and_(or_(SummaryCorrection.by_id.is_(None), ~is_theirs), ~_wrote(member_id)),
        ),
    )
    rows = session.execute(
        select(Summary.state, Summary.slug, Summary.title, SummaryCorrection.returned_at)
        .outerjoin(SummaryReview, review)
        .outerjoin(SummaryCorrection, SummaryCorrection.summary_id == Summary.id)
        .where(or_(asked, is_own, is_ready, corrected))
        .order_by(Summary.updated_at, Summary.id)
        .limit(limit)
    )
    return [
        (
            _TASKS.get(row.state, Task.AMEND if row.returned_at else Task.CHECK),
            row.slug,
            row.title,
        )
        for row in rows
    ]


def _wrote(member_id: int) -> ColumnElement[bool]:
    """As `writer_ids`, of one person, in the statement about many summaries."""
    return or_(
        func.coalesce(Summary.writer_id, 0) == member_id,
        select(SummaryStep.id)
        .where(
            SummaryStep.summary_id == Summary.id,
            SummaryStep.by_id == member_id,
            _IS_WRITING,
        )
        .exists(),
    )


_TASKS = {
    SummaryState.IN_REVIEW: Task.REVIEW,
    SummaryState.READY: Task.PUBLISH,
    SummaryState.DRAFT: Task.WRITE,
}


def sheets_offered(session: Session) -> Sequence[tuple[str, str]]:
    """Id and title of the sheets that everyone reads: those that a summary may inform."""
    rows = session.execute(
        select(Practice.id, Practice.title)
        .where(Practice.state.in_(READABLE_SHEETS))
        .order_by(Practice.title, Practice.id)
    )
    return [(row.id, row.title) for row in rows]
