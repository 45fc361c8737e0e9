"""Two people decide at the same instant: one decision counts, and the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core import db
from inters4.core.access import Viewer
from inters4.core.errors import Conflict, DomainError
from inters4.practices.models import (
    Advice,
    Move,
    PracticeApproval,
    PracticeReview,
    PracticeRevision,
    PracticeState,
    PracticeStep,
)
from inters4.practices.queries.known import citable
from inters4.practices.queries.reviewers import find_review, lock_revision
from inters4.practices.queries.revisions import find_revision
from inters4.practices.services.approving import decide_approval
from inters4.practices.services.life import move
from inters4.practices.services.naming import ask_reviews
from inters4.practices.services.reviewing import Written, submit_review
from inters4.practices.services.revising import publish
from inters4.practices.services.seen import check_unmoved, stance
from tests.builders.revisions import Cast, approve, ask, bring_to, make_cast, start
from tests.builders.vocabulary import make_vocabulary


def stage(state: PracticeState) -> tuple[Cast, PracticeRevision]:
    """A sheet in `state`, written for good."""
    with db.writing() as session:
        make_vocabulary(session)
        cast = make_cast(session)
        return cast, bring_to(session, cast, start(session, cast), state)


def at_once(decisions: list[Callable[[], None]]) -> int:
    """How many of these were done."""

    def attempt(decision: Callable[[], None]) -> bool:
        try:
            decision()
        except DomainError:
            return False
        return True

    with ThreadPoolExecutor(len(decisions)) as pool:
        return sum(pool.map(attempt, decisions))


def steps(session: Session, which: Move) -> int:
    return len(session.scalars(select(PracticeStep).where(PracticeStep.move == which)).all())


@pytest.mark.usefixtures("database")
def test_one_of_two_opposite_decisions_counts() -> None:
    cast, revision = stage(PracticeState.PROPOSED)
    seen = stance(revision)

    def decide(by: Viewer, which: Move) -> Callable[[], None]:
        def act() -> None:
            with db.writing() as session:
                found = find_revision(session, revision.practice_id, viewer=by, for_update=True)
                if found is None:
                    raise Conflict("gone")
                check_unmoved(found, seen)
                move(session, found, which, by=by, known=citable(session), reason="Parce que.")

        return act

    done = at_once([decide(cast.broker, Move.ADMIT), decide(cast.coordination, Move.DECLINE)] * 2)

    assert done == 1
    with db.reading() as session:
        assert steps(session, Move.ADMIT) + steps(session, Move.DECLINE) == 1


@pytest.mark.usefixtures("database")
def test_two_reviews_sent_at_once_send_the_sheet_on_once() -> None:
    with db.writing() as session:
        make_vocabulary(session)
        cast = make_cast(session)
        revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
        reviews = [
            (person, ask(session, cast, revision, person).public_id)
            for person in (cast.first, cast.second)
        ]

    def send(by: Viewer, public_id: str) -> Callable[[], None]:
        def act() -> None:
            with db.writing() as session:
                found = find_review(session, public_id, member_id=by.member_id)
                assert found is not None
                locked = lock_revision(session, found[1].id)
                session.refresh(found[0])
                submit_review(
                    session,
                    found[0],
                    locked,
                    by=by,
                    written=Written(
                        maturity="prometteuse",
                        evidence_strength="suggestive",
                        reason="Deux études.",
                        advice=Advice.PUBLISH,
                        has_no_interest=True,
                    ),
                )

        return act

    done = at_once([send(by, public_id) for by, public_id in reviews * 2])

    assert done == 2
    with db.reading() as session:
        assert session.get_one(PracticeRevision, revision.id).state is PracticeState.APPROVAL
        assert steps(session, Move.REVIEWED) == 1


@pytest.mark.usefixtures("database")
def test_two_who_name_reviewers_at_once_name_two() -> None:
    cast, revision = stage(PracticeState.REVIEW)

    def name(by: Viewer, *people: Viewer) -> Callable[[], None]:
        def act() -> None:
            with db.writing() as session:
                found = find_revision(session, revision.practice_id, viewer=by, for_update=True)
                assert found is not None
                numbers = [one.member_id for one in people if one.member_id is not None]
                ask_reviews(session, found, numbers, by=by)

        return act

    at_once(
        [
            name(cast.coordination, cast.first, cast.second),
            name(cast.broker, cast.second, cast.third),
            name(cast.coordination, cast.third),
        ]
    )

    with db.reading() as session:
        assert len(session.scalars(select(PracticeReview)).all()) == 2


@pytest.mark.usefixtures("database")
def test_an_organisation_says_one_thing_and_a_sheet_is_published_once() -> None:
    cast, revision = stage(PracticeState.APPROVAL)

    def sign(*, is_granted: bool) -> Callable[[], None]:
        def act() -> None:
            with db.writing() as session:
                locked = lock_revision(session, revision.id)
                approval = session.scalars(select(PracticeApproval)).one()
                decide_approval(
                    session,
                    locked,
                    approval,
                    is_granted=is_granted,
                    reason="Un chiffre.",
                    by=cast.signatory,
                )

        return act

    assert at_once([sign(is_granted=True), sign(is_granted=False)]) == 1
    with db.writing() as session:
        locked = lock_revision(session, revision.id)
        if locked.state is PracticeState.DRAFTING:
            bring_to(session, cast, locked, PracticeState.APPROVAL)
            approve(session, cast, locked)

    def appear() -> None:
        with db.writing() as session:
            found = find_revision(
                session, revision.practice_id, viewer=cast.coordination, for_update=True
            )
            if found is None:
                raise Conflict("gone")
            publish(session, found, by=cast.coordination, known=citable(session))

    assert at_once([appear] * 3) == 1
    with db.reading() as session:
        assert steps(session, Move.PUBLISH) == 1
