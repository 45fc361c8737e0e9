"""Who may be asked to review a sheet, and who stands behind each review, in few statements."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, joinedload

from inters4.core.access import Role
from inters4.core.values import dataclass
from inters4.members.models import Member, MemberOrganisation, Organisation
from inters4.members.queries.holders import holders_of
from inters4.practices.models import PracticeReview, PracticeRevision, PracticeState


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the portal, and the organisations that confirmed them."""

    id: int
    public_id: str
    name: str
    organisations: Mapping[int, str]

    @property
    def places(self) -> str:
        """The names of their organisations."""
        return ", ".join(self.organisations.values())


def is_awaited() -> ColumnElement[bool]:
    """True of a review that was asked in the present round of an open revision, and not answered.

    Over `PracticeReview` joined to its `PracticeRevision`.
    """
    return and_(
        PracticeRevision.closed_at.is_(None),
        PracticeRevision.state == PracticeState.REVIEW,
        PracticeReview.round == PracticeRevision.round,
        PracticeReview.submitted_at.is_(None),
        PracticeReview.declined_at.is_(None),
    )


def reviewing_people(session: Session) -> Sequence[Person]:
    """Everyone who reviews, by name: three statements."""
    return people_of(session, holders_of(session, (Role.REVIEWER,)))


def people_of(session: Session, ids: Iterable[int | None]) -> list[Person]:
    """These people, by name: two statements, none for nobody."""
    wanted = {number for number in ids if number is not None}
    if not wanted:
        return []
    places: dict[int, dict[int, str]] = {}
    for member_id, number, name in session.execute(
        select(MemberOrganisation.member_id, Organisation.id, Organisation.name)
        .join(Organisation, Organisation.id == MemberOrganisation.organisation_id)
        .where(
            MemberOrganisation.member_id.in_(wanted), MemberOrganisation.confirmed_at.is_not(None)
        )
        .order_by(Organisation.name)
    ):
        places.setdefault(member_id, {})[number] = name
    rows = session.execute(
        select(Member.id, Member.public_id, Member.name)
        .where(Member.id.in_(wanted))
        .order_by(Member.name, Member.id)
    )
    return [Person(row.id, row.public_id, row.name, places.get(row.id, {})) for row in rows]


def names_of(session: Session, ids: Iterable[int | None]) -> Mapping[int, str]:
    """The name of each: one statement, none for nobody."""
    wanted = {number for number in ids if number is not None}
    if not wanted:
        return {}
    rows = session.execute(select(Member.id, Member.name).where(Member.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def everyone_asked(session: Session, revision: PracticeRevision) -> Mapping[int, PracticeReview]:
    """By person, the review asked of them in the present round; of those who could not too."""
    return {
        one.reviewer_id: one
        for one in session.scalars(
            select(PracticeReview).where(
                PracticeReview.revision_id == revision.id, PracticeReview.round == revision.round
            )
        )
    }


def find_review(
    session: Session, public_id: str, *, member_id: int | None
) -> tuple[PracticeReview, PracticeRevision] | None:
    """The review of this name and the revision that it judges, when it is asked of this person."""
    found = session.execute(
        select(PracticeReview, PracticeRevision)
        .join(PracticeRevision, PracticeRevision.id == PracticeReview.revision_id)
        .options(joinedload(PracticeRevision.practice))
        .where(
            PracticeReview.public_id == public_id,
            PracticeReview.reviewer_id == member_id,
        )
    ).first()
    return (found[0], found[1]) if found else None


def lock_revision(session: Session, revision_id: int) -> PracticeRevision:
    """The revision as it is now; others wait until the transaction ends."""
    return session.scalars(
        select(PracticeRevision)
        .options(joinedload(PracticeRevision.practice))
        .where(PracticeRevision.id == revision_id)
        .with_for_update(of=PracticeRevision)
        .execution_options(populate_existing=True)
    ).one()


def is_current(review: PracticeReview, revision: PracticeRevision) -> bool:
    """True while the review is of the passage that the sheet is in."""
    return (
        revision.is_open
        and revision.state is PracticeState.REVIEW
        and review.revision_id == revision.id
        and review.round == revision.round
    )
