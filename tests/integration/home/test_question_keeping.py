"""Questions forget who asked, and go whole when the person wants it."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS, Role, Viewer
from inters4.core.audit import AuditEntry
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, NotAllowed
from inters4.core.hooks import hooks
from inters4.core.mail import QueuedMail
from inters4.core.register import purge as purge_all
from inters4.home.models import Outcome, Question, QuestionAnswer, QuestionAttempt
from inters4.home.services.answering import answer_question
from inters4.home.services.keeping import erase_question
from inters4.members.services.erasure import erase_member
from tests.builders.home import ask, make_question
from tests.builders.members import give_role, make_member, make_viewer, sign_in_as
from tests.builders.web import csrf


def purge(session: Session, name: str) -> int:
    rule = hooks.retention[name]
    return rule.purge(session, now() - timedelta(days=rule.days))


def test_two_years_after_it_was_closed_a_question_forgets_who_asked(session: Session) -> None:
    values: dict[str, Any] = {
        "name": "Camille",
        "organisation": "CLSC",
        "outcome": Outcome.ANSWERED,
    }
    old = make_question(session, asked_at=now() - timedelta(days=731), **values)
    recent = make_question(session, asked_at=now() - timedelta(days=729), **values)

    assert purge(session, "questions") == 1
    assert purge(session, "questions") == 0

    assert (old.email, old.name, old.organisation) == ("", "", "")
    assert old.is_forgotten
    assert old.text
    assert recent.name == "Camille"


def test_a_question_left_alone_for_two_years_forgets_too(session: Session) -> None:
    waiting = make_question(session)
    abandoned = make_question(session)
    abandoned.updated_at = now() - timedelta(days=731)
    session.flush()

    purge(session, "questions")

    assert abandoned.is_forgotten
    assert not waiting.is_forgotten


def test_what_was_unwanted_goes_whole_after_a_month(session: Session) -> None:
    for days in (29, 31):
        make_question(session, outcome=Outcome.UNWANTED, asked_at=now() - timedelta(days=days))

    assert purge(session, "unwanted_questions") == 1
    assert session.scalar(select(func.count()).select_from(Question)) == 1


def test_who_sent_what_is_counted_for_two_days_only(session: Session) -> None:
    for hours in (47, 49):
        session.add(
            QuestionAttempt(
                at=now() - timedelta(hours=hours), sender=bytes(32), network="192.0.2.1"
            )
        )
    session.flush()

    assert purge(session, "question_attempts") == 1


@pytest.mark.usefixtures("app")
def test_the_nightly_purge_follows_the_rules(database: str) -> None:
    with writing() as session:
        make_question(session, outcome=Outcome.UNWANTED, asked_at=now() - timedelta(days=31))

    purge_all()

    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Question)) == 0


def test_the_purge_takes_an_answer_with_its_question(session: Session) -> None:
    viewer = make_viewer(session, role=Role.BROKER)
    question = make_question(session, taken_by=viewer.member_id)
    answer_question(session, question, text="Non.", version=1, by=viewer)
    question.outcome, question.closed_at = Outcome.UNWANTED, now() - timedelta(days=31)
    session.flush()

    assert purge(session, "unwanted_questions") == 1
    assert session.scalar(select(func.count()).select_from(QuestionAnswer)) == 0
    assert session.scalar(select(func.count()).select_from(QueuedMail)) == 0


def test_no_answer_leaves_once_nobody_knows_who_asked(session: Session) -> None:
    viewer = make_viewer(session, role=Role.BROKER)
    question = make_question(session, taken_by=viewer.member_id, email="", forgotten_at=now())

    with pytest.raises(Conflict, match="effacée"):
        answer_question(session, question, text="Trop tard.", version=1, by=viewer)


def test_a_person_who_asks_is_erased_with_their_messages(
    client: FlaskClient, session: Session
) -> None:
    ask(client, courriel="autre@exemple.ca", question="Une autre question que la première")
    ask(client, courriel="camille@exemple.ca")
    member = make_member(session)
    give_role(session, member, Role.BROKER)
    sign_in_as(client, session, member)
    with reading() as opened:
        erased = opened.scalars(
            select(Question.public_id).where(Question.email == "camille@exemple.ca")
        ).one()

    answer = client.post(
        f"/equipe/questions/{erased}/effacement", data={"csrf_token": csrf(client, "/question")}
    )

    assert (answer.status_code, answer.location) == (303, "/equipe/questions")
    with reading() as opened:
        assert opened.scalars(select(Question.email)).all() == ["autre@exemple.ca"]
        assert set(opened.scalars(select(QueuedMail.recipient))) >= {"autre@exemple.ca"}
        assert "camille@exemple.ca" not in set(opened.scalars(select(QueuedMail.recipient)))
        assert "home.question_erased" in opened.scalars(select(AuditEntry.action)).all()


def test_only_the_team_erases(session: Session) -> None:
    with pytest.raises(NotAllowed):
        erase_question(session, make_question(session), by=ANONYMOUS)


@pytest.mark.parametrize("keeps_posts", [True, False])
@pytest.mark.usefixtures("app")
def test_whoever_takes_back_what_they_wrote_takes_their_questions(
    session: Session, *, keeps_posts: bool
) -> None:
    viewer = make_viewer(session, role=Role.BROKER)
    member = make_member(session, email="camille@exemple.ca")
    question = make_question(
        session,
        email="camille@exemple.ca",
        text="Qui traite ma voisine?",
        taken_by=viewer.member_id,
    )
    answer_question(session, question, text="Votre CLSC.", version=1, by=viewer)
    other = make_question(session, email="autre@exemple.ca")
    session.commit()
    by = Viewer(member_id=member.id)
    erase_member(session, member, keeps_posts=keeps_posts, by=by)
    session.commit()

    texts = set(session.scalars(select(Question.text)))
    assert texts == ({"Qui traite ma voisine?", other.text} if keeps_posts else {other.text})
    assert set(session.scalars(select(Question.email))) <= {"", "autre@exemple.ca"}
    kept = session.scalar(select(func.count()).select_from(QuestionAnswer))
    assert kept == (1 if keeps_posts else 0)


def test_the_page_says_what_becomes_of_questions(client: FlaskClient, session: Session) -> None:
    sign_in_as(client, session, make_member(session))
    page = client.get("/compte/effacement").get_data(as_text=True)

    assert "le texte de vos questions" in page
    assert "Le retirer aussi, avec vos questions" in page
