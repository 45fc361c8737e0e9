"""Who is told what of a sheet, by whom it is still allowed to be read, and what time does."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.core.errors import NotAllowed
from inters4.core.hooks import hooks
from inters4.core.notices import NobodyNotifies
from inters4.members.models import RoleGrant
from inters4.members.queries import load_viewer
from inters4.notices.models import Notice
from inters4.notices.queries.told import words_of
from inters4.practices.models import Advice, Move, PracticeAuthor, PracticeRevision, PracticeState
from inters4.practices.queries.known import citable
from inters4.practices.queries.revisions import approvals_of, reviews_of
from inters4.practices.services.chasing import chase_approvals, chase_reviews
from inters4.practices.services.leaving import mark_overdue
from inters4.practices.services.life import move, today
from inters4.practices.services.naming import ask_review, decline_review
from inters4.practices.services.revising import open_revision, publish
from tests.builders.practices import make_practice
from tests.builders.revisions import (
    Cast,
    approve,
    ask,
    bring_to,
    make_cast,
    rate,
    start,
)
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary


@pytest.fixture
def cast(session: Session) -> Cast:
    make_vocabulary(session)
    return make_cast(session)


def told(session: Session, person: Viewer) -> list[str]:
    """The titles that a person would read now, oldest first."""
    rows = session.scalars(
        select(Notice).where(Notice.member_id == person.member_id).order_by(Notice.id)
    ).all()
    words = words_of(session, rows)
    return [words[row.id].title for row in rows if row.id in words]


def texts(session: Session, person: Viewer) -> str:
    rows = session.scalars(select(Notice).where(Notice.member_id == person.member_id)).all()
    return " ".join(one.text for one in words_of(session, rows).values())


def first_words(titles: list[str]) -> list[str]:
    return [title.partition("\u00a0:")[0] for title in titles]


def test_each_step_tells_who_carries_the_sheet_and_who_holds_it(
    session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
    assert "Parution visée" in texts(session, cast.owner)
    approve(session, cast, revision)
    publish(session, revision, by=cast.coordination, known=citable(session))

    assert first_words(told(session, cast.owner)) == [
        "Fiche proposée",
        "Fiche admise",
        "Fiche en rédaction",
        "Fiche à valider",
        "Fiche relue",
        "Fiche publiée",
    ]
    assert first_words(told(session, cast.broker)) == ["Fiche à examiner"]
    assert first_words(told(session, cast.coordination)) == [
        "Fiche à examiner",
        "Fiche à prendre en rédaction",
        "Relectures à demander",
        "Fiche à publier",
    ]
    assert first_words(told(session, cast.first)) == ["Relecture demandée"]
    assert told(session, cast.stranger) == []


def test_a_refusal_is_told_with_its_reason(session: Session, cast: Cast) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.PROPOSED)
    move(
        session,
        revision,
        Move.DECLINE,
        by=cast.broker,
        known=citable(session),
        reason="Elle existe déjà.",
    )

    assert "« Elle existe déjà. »" in texts(session, cast.owner).replace("\u00a0", " ")


def test_whoever_lost_their_right_is_told_nothing_more(session: Session, cast: Cast) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    review = ask(session, cast, revision, cast.first)
    assert told(session, cast.first)
    decline_review(session, review, revision, by=cast.coordination, reason="Absente.")
    for row in session.scalars(select(PracticeAuthor)):
        session.delete(row)
    for grant in session.scalars(
        select(RoleGrant).where(RoleGrant.member_id == cast.coordination.member_id)
    ):
        session.delete(grant)
    session.flush()

    assert told(session, cast.first) == []
    assert told(session, cast.owner) == []
    assert told(session, cast.coordination) == []


def test_a_sheet_moves_as_well_when_nobody_keeps_notices(session: Session, cast: Cast) -> None:
    held, hooks.notifier = hooks.notifier, NobodyNotifies()
    try:
        revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
    finally:
        hooks.notifier = held

    assert revision.state is PracticeState.APPROVAL
    assert session.scalars(select(Notice)).all() == []


def test_a_silent_organisation_is_reminded_then_passed_on_and_never_says_yes(
    session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
    [approval] = approvals_of(session, revision)
    assert chase_approvals(session) == 0

    approval.asked_at = now() - timedelta(days=20)
    assert chase_approvals(session) == 1
    assert chase_approvals(session) == 0
    assert first_words(told(session, cast.signatory)) == ["Fiche à approuver"] * 2
    assert "Organisation sans réponse" not in first_words(told(session, cast.coordination))

    approval.asked_at = now() - timedelta(days=40)
    assert chase_approvals(session) == 1
    assert chase_approvals(session) == 0
    assert "Organisation sans réponse" in first_words(told(session, cast.coordination))
    assert approval.is_granted is None
    assert revision.state is PracticeState.APPROVAL


def test_the_respondent_is_asked_for_want_of_a_signatory(session: Session, cast: Cast) -> None:
    respondent = cast.stranger
    for grant in session.scalars(select(RoleGrant).where(RoleGrant.role == Role.SIGNATORY)):
        grant.role, grant.member_id = Role.RESPONDENT, respondent.member_id or 0
    session.flush()

    bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)

    assert first_words(told(session, respondent)) == ["Fiche à approuver"]
    assert told(session, cast.signatory) == []


def test_an_organisation_that_nobody_signs_for_goes_to_the_coordination_at_once(
    session: Session, cast: Cast
) -> None:
    for grant in session.scalars(select(RoleGrant).where(RoleGrant.role == Role.SIGNATORY)):
        session.delete(grant)
    session.flush()

    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)

    [approval] = approvals_of(session, revision)
    assert approval.escalated_at is not None
    assert approval.is_granted is None
    assert "Organisation sans réponse" in first_words(told(session, cast.coordination))


def test_a_late_review_is_told_once(session: Session, cast: Cast) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    review = ask(session, cast, revision, cast.first)
    assert chase_reviews(session) == 0
    review.due_on = today() - timedelta(days=1)

    chase_reviews(session)
    chase_reviews(session)

    assert first_words(told(session, cast.first)) == ["Relecture demandée", "Relecture attendue"]
    assert first_words(told(session, cast.coordination)).count("Relecture en retard") == 1


def test_a_sheet_whose_review_is_due_is_told_to_the_team(session: Session, cast: Cast) -> None:
    practice = make_practice(session, review_due=today() - timedelta(days=1))

    assert mark_overdue(session) == 1
    assert mark_overdue(session) == 0

    assert practice.state is PracticeState.REVIEW_DUE
    assert first_words(told(session, cast.broker)) == ["Fiche à revoir"]


def test_what_is_told_of_many_sheets_costs_what_one_does(session: Session, cast: Cast) -> None:
    def cost(count: int) -> int:
        for _number in range(count):
            bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
        session.flush()
        rows = session.scalars(select(Notice)).all()
        session.expire_all()
        for row in rows:
            session.refresh(row)
        with statements() as sent:
            words_of(session, rows)
        return len(sent)

    assert cost(1) == cost(3)


def test_nothing_of_an_earlier_passage_reaches_the_next_reviewers(
    session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
    assert "Rose" in str(revision.values)
    move(
        session,
        revision,
        Move.RETURN,
        by=cast.coordination,
        known=citable(session),
        reason="Un chiffre.",
    )

    bring_to(session, cast, revision, PracticeState.REVIEW)

    assert "Rose" not in str(revision.values)
    assert revision.values["rating_status"] == "proposed"
    assert "approval" not in revision.values


def test_a_minor_change_after_a_passage_that_failed_keeps_what_readers_see(
    session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
    approve(session, cast, revision)
    practice = publish(session, revision, by=cast.coordination, known=citable(session))
    reviewers = list(practice.reviewers)
    again = open_revision(session, practice, by=cast.owner)
    again.drafter_id = cast.broker.member_id
    bring_to(session, cast, again, PracticeState.REVIEW)
    for person in (cast.first, cast.second):
        rate(session, again, ask(session, cast, again, person), by=person, advice=Advice.REWORK)
    assert again.state is PracticeState.DRAFTING

    publish(session, again, by=cast.broker, known=citable(session), is_minor=True, note="Rien")

    assert practice.reviewers == reviewers
    assert practice.rating_status == "reviewed"
    assert practice.approval == "CISSS porteur"


def test_a_reviewer_who_takes_part_in_the_sheet_meanwhile_sends_nothing(
    session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    review = ask(session, cast, revision, cast.first)
    assert cast.first.member_id is not None
    author = PracticeAuthor(practice_id=revision.practice_id, member_id=cast.first.member_id)
    session.add(author)
    session.flush()

    with pytest.raises(NotAllowed):
        rate(session, revision, review, by=cast.first)
    session.delete(author)
    session.flush()
    with pytest.raises(NotAllowed):
        rate(session, revision, review, by=replace(cast.first, grants=frozenset()))
    with pytest.raises(NotAllowed):
        carried = cast.first.organisations | {cast.carrying.id}
        rate(session, revision, review, by=replace(cast.first, organisations=carried))


def test_a_broker_who_reviews_does_not_choose_the_other_reviewer(
    session: Session, cast: Cast
) -> None:
    revision: PracticeRevision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    session.add(RoleGrant(member_id=cast.first.member_id, role=Role.BROKER))
    session.flush()
    ask(session, cast, revision, cast.first)
    assert cast.first.member_id is not None
    assert cast.second.member_id is not None
    both = load_viewer(session, cast.first.member_id)
    with pytest.raises(NotAllowed):
        ask_review(session, revision, cast.second.member_id, by=both)
    assert len(reviews_of(session, revision)) == 1
