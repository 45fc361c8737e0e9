"""A question that nobody answers in five days of work goes to who facilitates, once."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from inters4.community.models import PostState, Space, SpaceStage, Thread, ThreadKind, Visibility
from inters4.community.queries.telling import UNANSWERED_KIND
from inters4.community.services import chasing_questions
from inters4.community.services.chasing_questions import chase_questions
from inters4.core.access import Viewer
from inters4.members.models import RoleGrant
from inters4.notices.models import Notice
from inters4.notices.queries.told import words_of
from tests.builders.community import make_post, make_space, make_thread
from tests.builders.members import make_viewer

ASKED = datetime(2026, 11, 6, 15, tzinfo=UTC)
"""A Friday."""


@pytest.fixture
def facilitator(session: Session) -> Viewer:
    return make_viewer(session)


@pytest.fixture
def deputy(session: Session) -> Viewer:
    return make_viewer(session)


@pytest.fixture
def asker(session: Session) -> Viewer:
    return make_viewer(session)


@pytest.fixture
def space(session: Session, facilitator: Viewer, deputy: Viewer, asker: Viewer) -> Space:
    return make_space(
        session,
        facilitator=facilitator,
        deputy=deputy,
        members=(asker,),
        visibility=Visibility.PRIVATE_LISTED,
    )


@pytest.fixture
def question(session: Session, space: Space, asker: Viewer) -> Thread:
    return make_thread(session, space, author=asker, kind=ThreadKind.QUESTION, created_at=ASKED)


def at(monkeypatch: pytest.MonkeyPatch, day: int) -> None:
    moment = datetime(2026, 11, day, 16, tzinfo=UTC)
    monkeypatch.setattr(chasing_questions, "now", lambda: moment)


def told(session: Session) -> dict[int, tuple[str, bool]]:
    rows = session.scalars(select(Notice).where(Notice.kind == UNANSWERED_KIND)).all()
    words = words_of(session, rows)
    return {
        row.member_id: (words[row.id].title, words[row.id].is_over)
        for row in rows
        if row.id in words
    }


def test_it_goes_to_the_facilitator_and_the_deputy_after_five_days_of_work(
    session: Session,
    question: Thread,
    facilitator: Viewer,
    deputy: Viewer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at(monkeypatch, 12)
    assert chase_questions(session) == 0
    at(monkeypatch, 13)
    assert chase_questions(session) == 1
    at(monkeypatch, 20)
    assert chase_questions(session) == 0

    said = (f"Question sans réponse\u00a0: {question.title}", False)
    assert told(session) == {facilitator.member_id: said, deputy.member_id: said}


def test_an_answer_ends_it_but_not_one_s_own_post(
    session: Session,
    question: Thread,
    asker: Viewer,
    facilitator: Viewer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_post(session, question, author=asker, text="Je précise.")
    make_post(session, question, author=facilitator, state=PostState.HIDDEN)
    at(monkeypatch, 23)
    assert chase_questions(session) == 1

    make_post(session, question, author=facilitator)

    assert all(is_over for _title, is_over in told(session).values())


@pytest.mark.parametrize(
    "change",
    [
        {"kind": ThreadKind.DISCUSSION},
        {"is_removed": True},
        {"locked_at": ASKED},
        {"accepted_id": 1},
    ],
)
def test_what_awaits_no_answer_is_left_alone(
    session: Session,
    question: Thread,
    change: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in change.items():
        setattr(question, name, value)
    session.flush()
    at(monkeypatch, 23)

    assert chase_questions(session) == 0


def test_neither_an_answered_question_nor_an_archived_space_is_told(
    session: Session,
    question: Thread,
    space: Space,
    deputy: Viewer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at(monkeypatch, 23)
    space.stage = SpaceStage.CLOSED
    session.flush()
    assert chase_questions(session) == 0
    space.stage = SpaceStage.ACTIVE
    make_post(session, question, author=deputy)

    assert chase_questions(session) == 0


def test_whoever_facilitates_no_more_is_told_nothing(
    session: Session,
    question: Thread,
    facilitator: Viewer,
    deputy: Viewer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at(monkeypatch, 23)
    chase_questions(session)
    session.execute(
        update(RoleGrant).where(RoleGrant.member_id == facilitator.member_id).values(space_id=None)
    )

    assert list(told(session)) == [deputy.member_id]


def test_a_discreet_space_names_no_question(
    session: Session, question: Thread, space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    space.is_discreet = True
    at(monkeypatch, 23)
    chase_questions(session)

    for title, _is_over in told(session).values():
        assert space.name in title
        assert question.title not in title
