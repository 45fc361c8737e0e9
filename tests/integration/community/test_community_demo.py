"""What a demonstration shows of communities, as each of its people finds it."""

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.community.models import (
    AdditionState,
    Flag,
    FlagState,
    JoinRequest,
    Meeting,
    Membership,
    Post,
    RequestState,
    Seat,
    SeatState,
    SheetAddition,
    Space,
    SpaceStage,
    Thread,
    Visibility,
)
from inters4.community.queries.tied import threads_about
from inters4.community.queries.unread import unread_threads
from inters4.community.queries.visibility import listed_space, readable_thread
from inters4.community.services.demo import EXAMPLE, seed_communities
from inters4.community.services.demo_words import QUESTION
from inters4.core.access import ANONYMOUS, Viewer
from inters4.core.clock import local
from inters4.core.installation import mark_demo
from inters4.members.queries import find_member_by_email, load_viewer
from inters4.members.services import seed_demo
from tests.builders.kept import kept
from tests.builders.practices import make_practice
from tests.builders.vocabulary import make_vocabulary

SHEET = "hospitalisation-a-domicile-quebec"


@pytest.fixture
def session_of_demo(session: Session) -> Session:
    kept(session, "communities", lambda: _seed(session))
    return session


def _seed(session: Session) -> None:
    make_vocabulary(session)
    mark_demo(session)
    seed_demo(session)
    make_practice(session, SHEET, title="Hospitalisation à domicile")
    assert seed_communities(session)


def person(session: Session, key: str) -> Viewer:
    member = find_member_by_email(session, f"{key}@exemple.invalid")
    assert member is not None
    return load_viewer(session, member.id)


def names(session: Session, viewer: Viewer) -> set[Visibility]:
    return set(session.scalars(select(Space.visibility).where(listed_space(viewer))))


def test_there_is_a_space_of_each_visibility_and_an_archived_one(session_of_demo: Session) -> None:
    session = session_of_demo
    kinds = session.execute(select(Space.visibility, Space.stage)).all()

    assert {one.visibility for one in kinds} == set(Visibility)
    assert (Visibility.PUBLIC, SpaceStage.CLOSED) in {tuple(one) for one in kinds}
    assert not seed_communities(session)


def test_the_hidden_space_is_known_by_its_people_alone(session_of_demo: Session) -> None:
    session = session_of_demo

    for key in ("frederique", "noa", "camille"):
        assert Visibility.PRIVATE_HIDDEN not in names(session, person(session, key))
    assert Visibility.PRIVATE_HIDDEN in names(session, person(session, "alexis"))


def test_people_and_words_say_that_they_are_fictional(session_of_demo: Session) -> None:
    session = session_of_demo

    for text in session.scalars(select(Space.name)):
        assert "exemple fictif" in text
    for thread in session.scalars(select(Thread)):
        texts = session.scalars(select(Post.source).where(Post.thread_id == thread.id))
        assert "fictif" in " ".join([thread.title, *texts]).lower()


def test_a_sheet_leads_to_its_question_with_its_answer(session_of_demo: Session) -> None:
    tied = threads_about(session_of_demo, "fiche", SHEET, viewer=ANONYMOUS, limit=5)

    assert [(one.title, one.is_answered) for one in tied.rows] == [(QUESTION, True)]


def test_something_awaits_those_who_lead(session_of_demo: Session) -> None:
    session = session_of_demo
    asked = session.scalars(select(JoinRequest)).one()
    flag = session.scalars(select(Flag)).one()
    addition = session.scalars(select(SheetAddition)).one()

    assert asked.state is RequestState.PENDING
    assert flag.state is FlagState.OPEN
    assert addition.state is AdditionState.WAITING


def test_somebody_waits_for_a_seat(session_of_demo: Session) -> None:
    states = session_of_demo.scalars(
        select(Seat.state)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .where(Meeting.public_id == EXAMPLE)
    )

    assert sorted(states) == [SeatState.CONFIRMED, SeatState.CONFIRMED, SeatState.WAITING]


def test_one_thread_alone_is_unread(session_of_demo: Session) -> None:
    session = session_of_demo
    camille = person(session, "camille")

    assert len(unread_threads(session, camille).rows) == 1


def test_the_dates_of_posts_are_those_they_tell(session_of_demo: Session) -> None:
    for thread in session_of_demo.scalars(select(Thread)):
        newest = session_of_demo.scalar(
            select(func.max(Post.created_at)).where(Post.thread_id == thread.id)
        )
        assert thread.last_post_at == newest


def test_everyone_who_wrote_belongs_to_the_space(session_of_demo: Session) -> None:
    wrote = session_of_demo.execute(select(Post.space_id, Post.author_id)).all()
    belong = session_of_demo.execute(select(Membership.space_id, Membership.member_id)).all()

    assert {tuple(one) for one in wrote} <= {tuple(one) for one in belong}


def test_a_visitor_reads_what_is_public(session_of_demo: Session) -> None:
    read = session_of_demo.scalar(
        select(func.count(Thread.id)).join(Thread.space).where(readable_thread(ANONYMOUS))
    )

    assert read == 5


def test_a_real_database_gets_none(app: Flask, session: Session) -> None:
    with pytest.raises(RuntimeError):
        seed_communities(session)


def test_meetings_are_held_on_working_days(session_of_demo: Session) -> None:
    days = {local(one).weekday() for one in session_of_demo.scalars(select(Meeting.starts_at))}

    assert days == {2}
