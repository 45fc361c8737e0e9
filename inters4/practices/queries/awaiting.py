"""What awaits a person about sheets, for « Mon tableau »: what to do now, nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.core.values import dataclass
from inters4.members.models import Organisation
from inters4.practices.models import (
    Practice,
    PracticeApproval,
    PracticeAuthor,
    PracticeReview,
    PracticeRevision,
    PracticeState,
)
from inters4.practices.queries.queue import Wait, waiting_for
from inters4.practices.queries.reviewers import is_awaited
from inters4.practices.queries.revisions import signs_for
from inters4.practices.queries.sheets import sees_all
from inters4.practices.queries.telling import signers_of

_SHOWN = 5
_OF_THE_TEAM = frozenset({Wait.EXAMINATION, Wait.TAKING, Wait.RESUMING})
_OF_THE_COORDINATION = frozenset(
    {Wait.REVIEWERS, Wait.SETTLING, Wait.SILENCE, Wait.NOTING, Wait.PUBLISHING}
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked of one person.

    Attributes:
        key: names it in its address.
        place: organisation in whose name they answer.
    """

    key: str
    title: str
    due_on: date | None = None
    place: str = ""
    place_key: str = ""


@dataclass(frozen=True, slots=True)
class Awaiting:
    """What awaits someone; `counts` is what the team shares."""

    reviews: Sequence[Asked] = ()
    approvals: Sequence[Asked] = ()
    validations: Sequence[Asked] = ()
    drafts: Sequence[Asked] = ()
    counts: Mapping[Wait, int] = field(default_factory=dict)
    due: Sequence[Asked] = ()
    due_count: int = 0

    def __bool__(self) -> bool:
        return bool(
            self.reviews
            or self.approvals
            or self.validations
            or self.drafts
            or self.counts
            or self.due
        )


def awaiting(session: Session, *, viewer: Viewer) -> Awaiting:
    """In a fixed number of statements, fewer for whoever has fewer roles."""
    is_coordination, is_team = viewer.has(Role.COORDINATION), sees_all(viewer)
    due, due_count = _due(session) if is_team else ((), 0)
    return Awaiting(
        reviews=_reviews(session, viewer) if viewer.holds_any(Role.REVIEWER) else (),
        approvals=_approvals(session, viewer),
        validations=_validations(session, viewer),
        drafts=_drafts(session, viewer) if is_team else (),
        counts=_counts(session, viewer, is_coordination) if is_team else {},
        due=due,
        due_count=due_count,
    )


def _reviews(session: Session, viewer: Viewer) -> list[Asked]:
    rows = session.execute(
        select(PracticeReview.public_id, PracticeReview.due_on, PracticeRevision.values)
        .join(PracticeRevision, PracticeRevision.id == PracticeReview.revision_id)
        .where(is_awaited(), PracticeReview.reviewer_id == viewer.member_id)
        .order_by(PracticeReview.due_on, PracticeReview.id)
    )
    return [Asked(row.public_id, str(row.values.get("title", "")), row.due_on) for row in rows]


def _approvals(session: Session, viewer: Viewer) -> list[Asked]:
    places = signs_for(viewer)
    if not places:
        return []
    rows = session.execute(
        select(
            PracticeRevision.practice_id,
            PracticeRevision.values,
            Organisation.id,
            Organisation.slug,
            Organisation.name,
        )
        .join(PracticeApproval, PracticeApproval.revision_id == PracticeRevision.id)
        .join(Organisation, Organisation.id == PracticeApproval.organisation_id)
        .where(
            PracticeApproval.organisation_id.in_(places),
            PracticeApproval.decided_at.is_(None),
            PracticeRevision.state == PracticeState.APPROVAL,
            PracticeRevision.closed_at.is_(None),
        )
        .order_by(PracticeApproval.asked_at)
    ).all()
    asked = {(row.practice_id, row.id) for row in rows}
    signers = signers_of(session, asked) if asked else {}
    return [
        Asked(
            row.practice_id,
            str(row.values.get("title", "")),
            place=row.name,
            place_key=row.slug,
        )
        for row in rows
        if viewer.member_id in signers[row.practice_id, row.id]
    ]


def _validations(session: Session, viewer: Viewer) -> list[Asked]:
    return _own(
        session,
        select(PracticeRevision.practice_id, PracticeRevision.values)
        .join(PracticeAuthor, PracticeAuthor.practice_id == PracticeRevision.practice_id)
        .where(
            PracticeAuthor.member_id == viewer.member_id,
            PracticeRevision.state == PracticeState.OWNER_VALIDATION,
        ),
    )


def _drafts(session: Session, viewer: Viewer) -> list[Asked]:
    return _own(
        session,
        select(PracticeRevision.practice_id, PracticeRevision.values).where(
            PracticeRevision.drafter_id == viewer.member_id,
            PracticeRevision.state == PracticeState.DRAFTING,
        ),
    )


def _own(session: Session, statement: Select[str, dict[str, Any]]) -> list[Asked]:
    rows = session.execute(
        statement.where(PracticeRevision.closed_at.is_(None)).order_by(
            PracticeRevision.state_since, PracticeRevision.id
        )
    )
    return [Asked(row.practice_id, str(row.values.get("title", ""))) for row in rows]


def _counts(session: Session, viewer: Viewer, is_coordination: bool) -> Mapping[Wait, int]:
    """How many sheets wait for the team, but those that the person carries."""
    own = select(PracticeAuthor.practice_id).where(PracticeAuthor.member_id == viewer.member_id)
    waits = (
        select(waiting_for().label("wait"))
        .where(
            PracticeRevision.closed_at.is_(None),
            PracticeRevision.state != PracticeState.SKETCH,
            PracticeRevision.practice_id.not_in(own),
        )
        .subquery()
    )
    rows = session.execute(
        select(waits.c.wait, func.count().label("number")).group_by(waits.c.wait)
    )
    shown = _OF_THE_TEAM | (_OF_THE_COORDINATION if is_coordination else frozenset())
    found = {Wait(row.wait): row.number for row in rows}
    return {one: found[one] for one in Wait if one in shown and one in found}


def _due(session: Session) -> tuple[list[Asked], int]:
    """Sheets to look at again that nobody has taken up."""
    taken = select(PracticeRevision.practice_id).where(PracticeRevision.closed_at.is_(None))
    wanted = select(Practice.slug, Practice.title, Practice.review_due).where(
        Practice.state == PracticeState.REVIEW_DUE, Practice.id.not_in(taken)
    )
    rows = session.execute(wanted.order_by(Practice.review_due, Practice.id)).all()
    return [Asked(row.slug, row.title, row.review_due) for row in rows[:_SHOWN]], len(rows)
