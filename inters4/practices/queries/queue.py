"""The team's queue: every sheet on its way to readers, what it waits for, and who does that."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    case,
    false,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Session, joinedload

from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.paging import PAGE_SIZE, Page, nearest_page, page_start
from inters4.core.values import dataclass
from inters4.members.models import Member
from inters4.practices.models import (
    WHOLE_LIFE,
    Move,
    PracticeApproval,
    PracticeAuthor,
    PracticeReview,
    PracticeRevision,
    PracticeState,
    PracticeStep,
)
from inters4.practices.queries.revisions import takes_part
from inters4.practices.queries.sheets import sees_all

LONGEST_FILE = 5_000


class Wait(StrEnum):
    """What a sheet waits for; one thing at a time."""

    AMENDING = "amending"
    EXAMINATION = "examination"
    TAKING = "taking"
    RESUMING = "resuming"
    DRAFTING = "drafting"
    VALIDATION = "validation"
    REVIEWERS = "reviewers"
    RATING = "rating"
    SETTLING = "settling"
    SIGNING = "signing"
    SILENCE = "silence"
    NOTING = "noting"
    PUBLISHING = "publishing"


class Hand(StrEnum):
    """Who does it; the values are those of the address."""

    TEAM = "equipe"
    DRAFTER = "redaction"
    AUTHORS = "porteuse"
    REVIEWERS = "relecture"
    ORGANISATIONS = "organisation"
    COORDINATION = "coordination"


HANDS: Mapping[Wait, Hand] = {
    Wait.AMENDING: Hand.AUTHORS,
    Wait.EXAMINATION: Hand.TEAM,
    Wait.TAKING: Hand.TEAM,
    Wait.RESUMING: Hand.TEAM,
    Wait.DRAFTING: Hand.DRAFTER,
    Wait.VALIDATION: Hand.AUTHORS,
    Wait.REVIEWERS: Hand.COORDINATION,
    Wait.RATING: Hand.REVIEWERS,
    Wait.SETTLING: Hand.COORDINATION,
    Wait.SIGNING: Hand.ORGANISATIONS,
    Wait.SILENCE: Hand.COORDINATION,
    Wait.NOTING: Hand.COORDINATION,
    Wait.PUBLISHING: Hand.COORDINATION,
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row of the queue.

    Attributes:
        since: when it was proposed, or taken up again.
    """

    revision: PracticeRevision
    since: datetime
    wait: Wait
    owner: str
    drafter: str

    @property
    def title(self) -> str:
        """That of what is being written."""
        return str(self.revision.values.get("title") or self.revision.practice.title)

    @property
    def hand(self) -> Hand:
        """Who holds it."""
        return HANDS[self.wait]

    @property
    def days(self) -> int:
        """How old it is."""
        return (now() - self.since).days

    @property
    def is_late(self) -> bool:
        """True past the delay that the consortium aims at."""
        return now() - self.since > WHOLE_LIFE


def list_waiting(
    session: Session,
    *,
    viewer: Viewer,
    state: PracticeState | None = None,
    hand: Hand | None = None,
    page: int = 1,
) -> Page[Waiting]:
    """A page of the queue, the oldest first: three statements."""
    wanted = _wanted(viewer, state, hand)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    number = nearest_page(page, total)
    rows = _rows(session, wanted.offset(page_start(number)).limit(PAGE_SIZE))
    return Page(rows, number, total)


def every_waiting(
    session: Session,
    *,
    viewer: Viewer,
    state: PracticeState | None = None,
    hand: Hand | None = None,
) -> Sequence[Waiting]:
    """The whole of it, for a file; bounded."""
    return _rows(session, _wanted(viewer, state, hand).limit(LONGEST_FILE))


def _wanted(
    viewer: Viewer, state: PracticeState | None, hand: Hand | None
) -> Select[*tuple[Any, ...]]:
    wait, since = waiting_for(), _since()
    statement: Select[*tuple[Any, ...]] = (
        select(PracticeRevision, since.label("since"), wait.label("wait"))
        .options(joinedload(PracticeRevision.practice))
        .where(
            PracticeRevision.closed_at.is_(None),
            takes_part(viewer) if sees_all(viewer) else false(),
        )
        .order_by(since, PracticeRevision.id)
    )
    if state is not None:
        statement = statement.where(PracticeRevision.state == state)
    elif hand is None:
        statement = statement.where(PracticeRevision.state != PracticeState.DECLINED)
    if hand is not None:
        statement = statement.where(wait.in_([one for one, by in HANDS.items() if by is hand]))
    return statement


def _rows(session: Session, statement: Select[*tuple[Any, ...]]) -> list[Waiting]:
    found = session.execute(statement).all()
    owners = _owners(session, [row[0].practice_id for row in found])
    drafters = {row[0].drafter_id for row in found} - {None}
    names = dict(
        session.execute(select(Member.id, Member.name).where(Member.id.in_(drafters))).all()
        if drafters
        else ()
    )
    return [
        Waiting(
            revision,
            since,
            Wait(wait),
            owners.get(revision.practice_id, ""),
            names.get(revision.drafter_id, ""),
        )
        for revision, since, wait in found
    ]


def _owners(session: Session, ids: Iterable[str]) -> Mapping[str, str]:
    """By sheet, the name of who answers for it."""
    rows = session.execute(
        select(PracticeAuthor.practice_id, Member.name)
        .join(Member, Member.id == PracticeAuthor.member_id)
        .where(PracticeAuthor.practice_id.in_(list(ids)), PracticeAuthor.is_owner)
    )
    return {row.practice_id: row.name for row in rows}


def _since() -> ColumnElement[datetime]:
    proposed = (
        select(func.min(PracticeStep.at))
        .where(PracticeStep.revision_id == PracticeRevision.id, PracticeStep.move == Move.SUBMIT)
        .scalar_subquery()
    )
    return func.coalesce(proposed, PracticeRevision.created_at)


def wait_of(session: Session, revision: PracticeRevision) -> Wait:
    """What a revision waits for: `HANDS` says who does it."""
    return Wait(
        session.scalars(select(waiting_for()).where(PracticeRevision.id == revision.id)).one()
    )


@cache
def waiting_for() -> ColumnElement[str]:
    """The `Wait` of a revision, in SQL: lists are cut and counted by it."""
    asked = _reviews()
    unsent = _reviews(PracticeReview.submitted_at.is_(None))
    is_draft = PracticeRevision.state == PracticeState.DRAFTING
    is_review = PracticeRevision.state == PracticeState.REVIEW
    is_approval = PracticeRevision.state == PracticeState.APPROVAL
    silent = _approvals(
        PracticeApproval.is_granted.is_(None), PracticeApproval.escalated_at.is_not(None)
    )
    unanswered = _approvals(PracticeApproval.is_granted.is_(None))
    approval = PracticeRevision.values["approval"].as_string()
    return case(
        (PracticeRevision.state == PracticeState.PROPOSED, Wait.EXAMINATION),
        (PracticeRevision.state == PracticeState.ADMISSIBLE, Wait.TAKING),
        (is_draft & PracticeRevision.drafter_id.is_(None), Wait.RESUMING),
        (is_draft, Wait.DRAFTING),
        (PracticeRevision.state == PracticeState.OWNER_VALIDATION, Wait.VALIDATION),
        (is_review & (asked < 2), Wait.REVIEWERS),
        (is_review & (unsent > 0), Wait.RATING),
        (is_review, Wait.SETTLING),
        (is_approval & (silent > 0), Wait.SILENCE),
        (is_approval & (unanswered > 0), Wait.SIGNING),
        (is_approval & (func.coalesce(approval, "") == ""), Wait.NOTING),
        (is_approval, Wait.PUBLISHING),
        else_=literal(Wait.AMENDING.value),
    )


def _reviews(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many people review now and have not said that they cannot."""
    return (
        select(func.count())
        .select_from(PracticeReview)
        .where(
            PracticeReview.revision_id == PracticeRevision.id,
            PracticeReview.round == PracticeRevision.round,
            PracticeReview.declined_at.is_(None),
            *conditions,
        )
        .correlate(PracticeRevision)
        .scalar_subquery()
    )


def _approvals(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(PracticeApproval)
        .where(PracticeApproval.revision_id == PracticeRevision.id, *conditions)
        .correlate(PracticeRevision)
        .scalar_subquery()
    )
