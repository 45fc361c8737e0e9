"""What notices about sheets are read from, in a fixed number of statements."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from inters4.core.access import Role
from inters4.core.values import dataclass
from inters4.members.models import Member, MemberOrganisation, MemberState, Organisation, RoleGrant
from inters4.practices.models import (
    Adoption,
    AdoptionHolder,
    Move,
    Practice,
    PracticeApproval,
    PracticeAuthor,
    PracticeReview,
    PracticeRevision,
    PracticeState,
    PracticeStep,
)
from inters4.practices.queries.revisions import everyone_at_work


@dataclass(frozen=True, slots=True)
class Standing:
    """A sheet as a notice sees it.

    Attributes:
        revision: the open one; None when nobody is changing the sheet.
    """

    practice: Practice
    revision: PracticeRevision | None

    @property
    def title(self) -> str:
        """That of what is being written."""
        written = self.revision.values.get("title") if self.revision else ""
        return str(written or self.practice.title)


def standings(session: Session, ids: Collection[str]) -> Mapping[str, Standing]:
    """By id, how these sheets stand: one statement."""
    rows = session.execute(
        select(Practice, PracticeRevision)
        .outerjoin(
            PracticeRevision,
            (PracticeRevision.practice_id == Practice.id) & PracticeRevision.closed_at.is_(None),
        )
        .where(Practice.id.in_(ids))
    )
    return {row[0].id: Standing(row[0], row[1]) for row in rows}


def authors_of(session: Session, ids: Collection[str]) -> frozenset[tuple[str, int]]:
    """(sheet, person) of those who carry these sheets."""
    return frozenset(
        (row.practice_id, row.member_id)
        for row in session.execute(
            select(PracticeAuthor.practice_id, PracticeAuthor.member_id).where(
                PracticeAuthor.practice_id.in_(ids)
            )
        )
    )


def steps_named(
    session: Session, ids: Collection[int]
) -> Mapping[int, tuple[PracticeStep, datetime | None]]:
    """By number, each step, and when its revision set out: proposed, or taken up again."""
    first = aliased(PracticeStep)
    set_out = (
        select(func.min(first.at))
        .where(
            first.revision_id == PracticeStep.revision_id,
            (first.move == Move.SUBMIT)
            | ((first.move == Move.START) & (first.to_state == PracticeState.DRAFTING)),
        )
        .correlate(PracticeStep)
        .scalar_subquery()
    )
    rows = session.execute(select(PracticeStep, set_out).where(PracticeStep.id.in_(ids)))
    return {row[0].id: (row[0], row[1]) for row in rows}


def reviews_named(
    session: Session, names: Collection[str]
) -> Mapping[str, tuple[PracticeReview, PracticeRevision]]:
    """By the name in its address, each review and the revision that it judges."""
    rows = session.execute(
        select(PracticeReview, PracticeRevision)
        .join(PracticeRevision, PracticeRevision.id == PracticeReview.revision_id)
        .where(PracticeReview.public_id.in_(names))
    )
    return {row[0].public_id: (row[0], row[1]) for row in rows}


def approvals_named(
    session: Session, ids: Collection[str]
) -> Mapping[tuple[str, str], tuple[PracticeApproval, PracticeRevision, Organisation]]:
    """By sheet and organisation, what is asked now of each organisation."""
    rows = session.execute(
        select(PracticeApproval, PracticeRevision, Organisation)
        .join(PracticeRevision, PracticeRevision.id == PracticeApproval.revision_id)
        .join(Organisation, Organisation.id == PracticeApproval.organisation_id)
        .where(PracticeRevision.practice_id.in_(ids), PracticeRevision.closed_at.is_(None))
    )
    return {(row[1].practice_id, row[2].slug): (row[0], row[1], row[2]) for row in rows}


def signers_of(
    session: Session, asked: Collection[tuple[str, int]]
) -> Mapping[tuple[str, int], Sequence[int]]:
    """By (sheet, organisation), who signs for it: signatories, else respondents; two statements.

    Whoever worked on the sheet does not sign it; an organisation where everyone who signs did has
    nobody.
    """
    signing: dict[int, list[int]] = {}
    answering: dict[int, list[int]] = {}
    organisations = {number for _sheet, number in asked}
    at_work = everyone_at_work(session, {sheet for sheet, _number in asked})
    for row in session.execute(
        select(RoleGrant.organisation_id, RoleGrant.member_id, RoleGrant.role)
        .join(Member, Member.id == RoleGrant.member_id)
        .where(
            RoleGrant.organisation_id.in_(organisations),
            RoleGrant.role.in_((Role.SIGNATORY, Role.RESPONDENT)),
            Member.state == MemberState.ACTIVE,
        )
        .order_by(RoleGrant.member_id)
    ):
        held = signing if row.role is Role.SIGNATORY else answering
        held.setdefault(row.organisation_id, []).append(row.member_id)
    return {
        (sheet, number): [one for one in signing.get(number, ()) if (sheet, one) not in at_work]
        or [one for one in answering.get(number, ()) if (sheet, one) not in at_work]
        for sheet, number in asked
    }


def is_signing_anew(session: Session, organisation_id: int, since: datetime) -> bool:
    """True when somebody was given, since then, the role to sign for an organisation."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    RoleGrant.organisation_id == organisation_id,
                    RoleGrant.role.in_((Role.SIGNATORY, Role.RESPONDENT)),
                    RoleGrant.granted_at > since,
                )
            )
        )
    )


def is_unheld() -> ColumnElement[bool]:
    """True of an adoption for which nobody of its organisation answers."""
    held = (
        select(AdoptionHolder.adoption_id)
        .join(Member, Member.id == AdoptionHolder.member_id)
        .join(MemberOrganisation, MemberOrganisation.member_id == Member.id)
        .where(
            AdoptionHolder.adoption_id == Adoption.id,
            MemberOrganisation.organisation_id == Adoption.organisation_id,
            MemberOrganisation.confirmed_at.is_not(None),
            Member.state == MemberState.ACTIVE,
        )
    )
    return ~exists(held)
