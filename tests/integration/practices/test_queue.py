"""The team's queue and « Mon tableau »: what awaits whom, and what it costs."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.practices.models import Move, PracticeState, PracticeStep
from inters4.practices.queries.awaiting import awaiting
from inters4.practices.queries.queue import Hand, Wait, list_waiting
from inters4.practices.queries.revisions import approvals_of, steps_of
from inters4.practices.services.leaving import mark_overdue
from inters4.practices.services.life import today
from tests.builders.members import sign_in_as
from tests.builders.practices import make_practice
from tests.builders.revisions import (
    PASSAGE,
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


def waits(session: Session, cast: Cast) -> list[Wait]:
    session.flush()
    return [row.wait for row in list_waiting(session, viewer=cast.coordination).rows]


def test_a_sheet_waits_for_one_thing_at_a_time(session: Session, cast: Cast) -> None:
    revision = start(session, cast)
    assert waits(session, cast) == []
    found = []
    for state in PASSAGE[1:6]:
        bring_to(session, cast, revision, state)
        found += waits(session, cast)
    assert found == [
        Wait.EXAMINATION,
        Wait.TAKING,
        Wait.DRAFTING,
        Wait.VALIDATION,
        Wait.REVIEWERS,
    ]
    first, second = (ask(session, cast, revision, one) for one in (cast.first, cast.second))
    assert waits(session, cast) == [Wait.RATING]
    rate(session, revision, first, by=cast.first)
    rate(session, revision, second, by=cast.second, maturity="emergente")
    assert waits(session, cast) == [Wait.SETTLING]
    third = ask(session, cast, revision, cast.third)
    assert waits(session, cast) == [Wait.RATING]
    rate(session, revision, third, by=cast.third)
    assert waits(session, cast) == [Wait.SIGNING]
    approvals_of(session, revision)[0].escalated_at = now()
    assert waits(session, cast) == [Wait.SILENCE]
    approve(session, cast, revision)
    assert waits(session, cast) == [Wait.PUBLISHING]


def test_an_organisation_from_elsewhere_is_noted_then_published(
    session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
    for approval in approvals_of(session, revision):
        session.delete(approval)

    assert waits(session, cast) == [Wait.NOTING]
    revision.values = {**revision.values, "approval": "La direction"}
    assert waits(session, cast) == [Wait.PUBLISHING]


def test_the_queue_is_narrowed_by_state_and_by_who_holds_it(session: Session, cast: Cast) -> None:
    for state in PASSAGE[1:]:
        bring_to(session, cast, start(session, cast), state)

    def rows(**asked: object) -> list[PracticeState]:
        page = list_waiting(session, viewer=cast.broker, **asked)  # type: ignore[arg-type]
        return [row.revision.state for row in page.rows]

    assert rows(hand=Hand.TEAM) == [PracticeState.PROPOSED, PracticeState.ADMISSIBLE]
    assert rows(hand=Hand.DRAFTER) == [PracticeState.DRAFTING]
    assert rows(state=PracticeState.REVIEW) == [PracticeState.REVIEW]
    assert rows(state=PracticeState.REVIEW, hand=Hand.TEAM) == []
    assert list_waiting(session, viewer=cast.owner).total == 0


def test_the_oldest_come_first_and_late_ones_say_so(
    app: Flask, session: Session, cast: Cast
) -> None:
    young = bring_to(session, cast, start(session, cast), PracticeState.PROPOSED)
    old = bring_to(session, cast, start(session, cast), PracticeState.PROPOSED)
    step: PracticeStep = next(
        one for one in steps_of(session, old.practice_id) if one.move is Move.SUBMIT
    )
    step.at = now() - timedelta(days=91)
    session.flush()

    first, second = list_waiting(session, viewer=cast.broker).rows
    assert (first.revision.id, second.revision.id) == (old.id, young.id)
    assert (first.is_late, second.is_late) == (True, False)
    client = app.test_client()
    sign_in_as(client, session, cast.broker)
    page = client.get("/pratiques/dossiers").get_data(as_text=True)
    assert "En retard\u00a0: 91 jours" in page
    file = client.get("/pratiques/dossiers.csv?qui=equipe")
    assert file.mimetype == "text/csv"
    assert file.get_data(as_text=True).count("/pratiques/dossiers/") == 2
    assert file.headers["Cache-Control"] == "no-store"


def test_the_queue_does_not_exist_for_others(app: Flask, session: Session, cast: Cast) -> None:
    client = app.test_client()
    sign_in_as(client, session, cast.owner)

    assert client.get("/pratiques/dossiers").status_code == 404
    assert client.get("/pratiques/dossiers.csv").status_code == 404


def test_a_longer_queue_costs_no_more_statements(session: Session, cast: Cast) -> None:
    def cost() -> int:
        session.flush()
        session.expire_all()
        with statements() as sent:
            list_waiting(session, viewer=cast.coordination)
        return len(sent)

    for state in PASSAGE[1:]:
        bring_to(session, cast, start(session, cast), state)
    few = cost()
    for _number in range(4):
        bring_to(session, cast, start(session, cast), PracticeState.DRAFTING)

    assert cost() == few == 4


def test_each_person_sees_what_awaits_them(session: Session, cast: Cast) -> None:
    for state in PASSAGE[1:]:
        bring_to(session, cast, start(session, cast), state)
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    ask(session, cast, revision, cast.first)
    make_practice(session, "a-revoir", review_due=today() - timedelta(days=1))
    mark_overdue(session)

    def seen(person: Viewer) -> tuple[int, int, int, int, set[Wait], int]:
        found = awaiting(session, viewer=person)
        return (
            len(found.reviews),
            len(found.approvals),
            len(found.validations),
            len(found.drafts),
            set(found.counts),
            found.due_count,
        )

    team = {Wait.EXAMINATION, Wait.TAKING}
    assert seen(cast.owner) == (0, 0, 1, 0, set(), 0)
    assert seen(cast.broker) == (0, 0, 0, 1, team, 1)
    assert seen(cast.first) == (1, 0, 0, 0, set(), 0)
    assert seen(cast.signatory) == (0, 1, 0, 0, set(), 0)
    assert seen(cast.coordination) == (0, 0, 0, 0, {*team, Wait.REVIEWERS}, 1)
    assert not awaiting(session, viewer=cast.stranger)


def test_the_board_costs_the_same_however_much_awaits(session: Session, cast: Cast) -> None:
    def cost() -> int:
        session.flush()
        with statements() as sent:
            awaiting(session, viewer=cast.coordination)
        return len(sent)

    few = cost()
    for state in PASSAGE[1:]:
        bring_to(session, cast, start(session, cast), state)

    assert cost() == few
