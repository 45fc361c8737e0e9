"""Reads of what is being written, and of who holds it. Who may see what is part of each."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, union
from sqlalchemy.orm import Session, joinedload

from inters4.core.access import Role, Viewer
from inters4.members.models import MemberOrganisation
from inters4.practices.models import (
    Practice,
    PracticeApproval,
    PracticeAuthor,
    PracticeOrganisation,
    PracticeReview,
    PracticeRevision,
    PracticeState,
    PracticeStep,
    PracticeVersion,
    PracticeWriter,
)
from inters4.practices.queries.places import others_beside, ours_by_name, some_of
from inters4.practices.queries.sheets import is_readable, sees_all, visible_to

REVIEWERS = 2
"""How many people rate a sheet, apart."""


def find_revision(
    session: Session, practice_id: str, *, viewer: Viewer, for_update: bool = False
) -> PracticeRevision | None:
    """The open revision of a sheet, with the sheet, when `viewer` takes part in it.

    Its authors do from the first word; the brokering team once it is proposed; reviewers while
    their review is asked; those who sign while their organisation is asked.
    """
    statement = (
        select(PracticeRevision)
        .options(joinedload(PracticeRevision.practice))
        .where(
            PracticeRevision.practice_id == practice_id,
            PracticeRevision.closed_at.is_(None),
            takes_part(viewer),
        )
    )
    if for_update:
        statement = statement.with_for_update(of=PracticeRevision)
    return session.scalars(statement.execution_options(populate_existing=for_update)).first()


def open_revision_of(session: Session, practice_id: str) -> PracticeRevision | None:
    """The open revision, whoever asks; locked until the transaction ends."""
    return session.scalars(
        select(PracticeRevision)
        .options(joinedload(PracticeRevision.practice))
        .where(PracticeRevision.practice_id == practice_id, PracticeRevision.closed_at.is_(None))
        .with_for_update(of=PracticeRevision)
        .execution_options(populate_existing=True)
    ).first()


def takes_part(viewer: Viewer) -> ColumnElement[bool]:
    """True of the revisions of which `viewer` may know."""
    if viewer.member_id is None:
        return false()
    is_author = exists().where(
        PracticeAuthor.practice_id == PracticeRevision.practice_id,
        PracticeAuthor.member_id == viewer.member_id,
    )
    is_reviewer = exists().where(
        PracticeReview.revision_id == PracticeRevision.id,
        PracticeReview.reviewer_id == viewer.member_id,
        PracticeReview.round == PracticeRevision.round,
        PracticeReview.declined_at.is_(None),
    )
    known = [is_author, and_(is_reviewer, PracticeRevision.state == PracticeState.REVIEW)]
    signed_for = signs_for(viewer)
    if signed_for:
        is_signed = exists().where(
            PracticeApproval.revision_id == PracticeRevision.id,
            PracticeApproval.organisation_id.in_(signed_for),
        )
        known.append(and_(is_signed, PracticeRevision.state == PracticeState.APPROVAL))
    if sees_all(viewer):
        known.append(PracticeRevision.state != PracticeState.SKETCH)
    return or_(*known)


def signs_for(viewer: Viewer) -> frozenset[int]:
    """Organisations in whose name `viewer` may sign, or answer for want of a signatory."""
    return frozenset(
        grant.organisation
        for grant in viewer.grants
        if grant.role in {Role.SIGNATORY, Role.RESPONDENT} and grant.organisation is not None
    )


def author_ids(session: Session, practice_id: str) -> frozenset[int]:
    """Those who carry the sheet."""
    return frozenset(
        session.scalars(
            select(PracticeAuthor.member_id).where(PracticeAuthor.practice_id == practice_id)
        )
    )


def writer_ids(session: Session, revision: PracticeRevision) -> frozenset[int]:
    """Everyone who wrote in a revision, and who carried the sheet then and left."""
    return frozenset(
        session.scalars(
            select(PracticeWriter.member_id).where(PracticeWriter.revision_id == revision.id)
        )
    )


def worked_on(session: Session, practice_id: str) -> frozenset[int]:
    """Everyone who ever had a hand in the sheet: they judge nothing of it."""
    return frozenset(number for _sheet, number in everyone_at_work(session, [practice_id]))


def everyone_at_work(session: Session, ids: Collection[str]) -> frozenset[tuple[str, int]]:
    """(sheet, person) of everyone who ever had a hand in these sheets: one statement.

    They carry it, drafted it, wrote in it, or carried it once.
    """
    wrote = (
        select(PracticeRevision.practice_id, PracticeWriter.member_id)
        .join(PracticeWriter, PracticeWriter.revision_id == PracticeRevision.id)
        .where(PracticeRevision.practice_id.in_(ids))
    )
    drafted = select(PracticeRevision.practice_id, PracticeRevision.drafter_id).where(
        PracticeRevision.practice_id.in_(ids), PracticeRevision.drafter_id.is_not(None)
    )
    carry = select(PracticeAuthor.practice_id, PracticeAuthor.member_id).where(
        PracticeAuthor.practice_id.in_(ids)
    )
    at_work = union(carry, drafted, wrote).subquery()
    return frozenset(
        (row.practice_id, row.member_id)
        for row in session.execute(select(at_work.c.practice_id, at_work.c.member_id))
    )


def owner_id(session: Session, practice_id: str) -> int | None:
    """Who answers for the sheet; None of a starter sheet."""
    return session.scalar(
        select(PracticeAuthor.member_id).where(
            PracticeAuthor.practice_id == practice_id, PracticeAuthor.is_owner
        )
    )


def organisations_named(
    session: Session, revision: PracticeRevision
) -> tuple[frozenset[int], Sequence[str]]:
    """Organisations of ours that the text of a revision names, and the names that are not ours.

    One that was typed by a name it bears or bore, in French or English, whole or short, is ours
    all the same, whatever article stands before it, or faculty beside it.
    """
    rows = revision.values.get("organisations") or []
    told = [row for row in rows if isinstance(row, dict)]
    if not told:
        return frozenset(), ()
    ours = ours_by_name(session)
    found: set[int] = set()
    others: list[str] = []
    for row in told:
        name = str(row.get("name") or "")
        chosen = ours.get(str(row.get("id") or ""))
        found |= some_of(ours, name) if chosen is None else {chosen}
        if chosen is None:
            others += others_beside(ours, name)
    return frozenset(found), others


def carrying_organisations(session: Session, revision: PracticeRevision) -> frozenset[int]:
    """Organisations of ours that carry a sheet: by it, by what is written, or by its authors."""
    practice_id = revision.practice_id
    named = select(PracticeOrganisation.organisation_id).where(
        PracticeOrganisation.practice_id == practice_id,
        PracticeOrganisation.organisation_id.is_not(None),
    )
    of_authors = (
        select(MemberOrganisation.organisation_id)
        .join(PracticeAuthor, PracticeAuthor.member_id == MemberOrganisation.member_id)
        .where(
            PracticeAuthor.practice_id == practice_id,
            MemberOrganisation.confirmed_at.is_not(None),
        )
    )
    written, _others = organisations_named(session, revision)
    return written | frozenset(
        number for number in session.scalars(named.union(of_authors)) if number is not None
    )


def reviews_of(session: Session, revision: PracticeRevision) -> Sequence[PracticeReview]:
    """Those of the present round, the first asked first, declined ones left out."""
    return session.scalars(
        select(PracticeReview)
        .where(
            PracticeReview.revision_id == revision.id,
            PracticeReview.round == revision.round,
            PracticeReview.declined_at.is_(None),
        )
        .order_by(PracticeReview.id)
    ).all()


def reviews_shown_to(
    session: Session, revision: PracticeRevision, *, viewer: Viewer
) -> Sequence[PracticeReview]:
    """The reviews that `viewer` may read.

    A reviewer reads their own alone, until the round is over; the one who settles a gap reads
    both. The coordination and the brokering team read them once two are sent: nobody who might
    still be asked knows what the first one said. Those who write the sheet read them once it left
    the reviewers.
    """
    found = reviews_of(session, revision)
    own = [one for one in found if one.reviewer_id == viewer.member_id]
    if revision.state is PracticeState.REVIEW:
        if sum(one.submitted_at is not None for one in found) < REVIEWERS:
            return own
        if own and not own[0].is_adjudication:
            return own
        if not own and not sees_all(viewer):
            return []
        if viewer.member_id in author_ids(session, revision.practice_id):
            return []
    return [one for one in found if one.submitted_at is not None or one in own]


def approvals_of(session: Session, revision: PracticeRevision) -> Sequence[PracticeApproval]:
    """What each organisation asked said of the revision."""
    return session.scalars(
        select(PracticeApproval)
        .where(PracticeApproval.revision_id == revision.id)
        .order_by(PracticeApproval.organisation_id)
    ).all()


def steps_of(session: Session, practice_id: str) -> Sequence[PracticeStep]:
    """Every move of a sheet, the oldest first."""
    return session.scalars(
        select(PracticeStep)
        .where(PracticeStep.practice_id == practice_id)
        .order_by(PracticeStep.at, PracticeStep.id)
    ).all()


def versions_of(session: Session, practice_id: str) -> Sequence[PracticeVersion]:
    """Every version that readers saw, the newest first."""
    return session.scalars(
        select(PracticeVersion)
        .where(PracticeVersion.practice_id == practice_id)
        .order_by(PracticeVersion.number.desc())
    ).all()


def find_version(
    session: Session, slug: str, number: int, *, viewer: Viewer
) -> tuple[Practice, PracticeVersion] | None:
    """A version of a sheet that `viewer` may read; of a sheet that is gone, none."""
    found = session.execute(
        select(Practice, PracticeVersion)
        .join(PracticeVersion, PracticeVersion.practice_id == Practice.id)
        .where(
            Practice.slug == slug,
            PracticeVersion.number == number,
            visible_to(viewer),
            is_readable(),
        )
    ).first()
    return (found[0], found[1]) if found else None
