"""The team answers: one person takes a question, writes, closes; nobody else sees a thing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import html5lib
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from inters4.core import db
from inters4.core.access import ANONYMOUS, Role, Viewer
from inters4.core.audit import AuditEntry
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict
from inters4.core.mail import MailState, QueuedMail
from inters4.home.models import Outcome, Question, QuestionState
from inters4.home.queries.questions import list_questions, lock_question
from inters4.home.services.answering import answer_question, take_question
from inters4.notices.models import Notice
from inters4.settings import Settings
from tests.builders.home import TEXT, ask, make_question, part, sent_mail
from tests.builders.members import give_role, make_member, make_viewer, sign_in_as
from tests.builders.statements import statements
from tests.builders.web import csrf

VERBS = ("prise", "remise", "reponse", "rappel", "fermeture", "reouverture", "effacement")


@pytest.fixture
def broker(client: FlaskClient, session: Session) -> int:
    """The number of a broker, signed in in `client`."""
    return sign_in(client, session, "Dominique Exemple")


def sign_in(client: FlaskClient, session: Session, name: str, role: Role = Role.BROKER) -> int:
    member = make_member(session, name=name)
    give_role(session, member, role)
    sign_in_as(client, session, member)
    return member.id


def add(**values: Any) -> str:
    with writing() as session:
        return make_question(session, **values).public_id


def now_in_database(public_id: str) -> Question:
    with reading() as session:
        return session.scalars(select(Question).where(Question.public_id == public_id)).one()


def do(client: FlaskClient, public_id: str, verb: str, **form: object) -> TestResponse:
    address = f"/equipe/questions/{public_id}"
    token = csrf(client, "/question")
    data = {"csrf_token": token, **{name: str(value) for name, value in form.items()}}
    return client.post(f"{address}/{verb}", data=data)


def answer(client: FlaskClient, public_id: str, text: str, **form: object) -> TestResponse:
    version = now_in_database(public_id).version
    return do(client, public_id, "reponse", **{"reponse": text, "version": version, **form})


def text_of(client: FlaskClient, path: str) -> str:
    found = client.get(path)
    assert found.status_code == 200, found.status_code
    return found.text


def actions() -> list[str]:
    with reading() as session:
        rows = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))
        return [action for action in rows if action.startswith("home.")]


def test_a_visitor_is_asked_to_sign_in(client: FlaskClient) -> None:
    public_id = add()

    for path in ("/equipe/questions", f"/equipe/questions/{public_id}", "/equipe/questions.csv"):
        found = client.get(path)
        assert found.status_code == 303
        assert found.location.startswith("/connexion?suite=")
    for verb in VERBS:
        assert do(client, public_id, verb).status_code == 401


@pytest.mark.parametrize("role", [None, Role.REVIEWER, Role.ADMIN, Role.APPROVER, Role.FACILITATOR])
def test_it_does_not_exist_for_anyone_outside_the_team(
    client: FlaskClient, session: Session, role: Role | None
) -> None:
    member = make_member(session)
    if role is not None:
        give_role(session, member, role)
    sign_in_as(client, session, member)
    public_id = add()

    for path in ("/equipe/questions", f"/equipe/questions/{public_id}", "/equipe/questions.csv"):
        assert client.get(path).status_code == 404
    for verb in VERBS:
        assert do(client, public_id, verb).status_code == 404
    assert "/equipe/questions" not in text_of(client, "/question")
    with reading() as opened:
        assert list_questions(opened, viewer=ANONYMOUS, state=QuestionState.OPEN).page.total == 0


@pytest.mark.parametrize("role", [Role.BROKER, Role.COORDINATION])
def test_the_team_sees_the_queue_and_its_link(
    client: FlaskClient, session: Session, role: Role
) -> None:
    sign_in(client, session, "Dominique Exemple", role)
    add(query="chirurgie d’un jour", organisation="CLSC du Nord")

    page = text_of(client, "/equipe/questions")

    for told in (TEXT, "chirurgie d’un jour", "CLSC du Nord", "Je la prends"):
        assert told in page
    assert 'href="/equipe/questions"' in text_of(client, "/question")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Des plaies en CHSLD?\n\nNous sommes trois.", "Des plaies en CHSLD?"),
        ("## Suivi **à distance**\n\nDes plaies.", "Suivi à distance"),
    ],
)
def test_a_question_is_named_in_the_queue_by_its_first_line(
    client: FlaskClient, broker: int, text: str, title: str
) -> None:
    public_id = add(text=text)

    queue = text_of(client, "/equipe/questions")

    assert f'<a href="/equipe/questions/{public_id}">{title}</a>' in queue


def test_a_question_that_does_not_exist_is_not_found(client: FlaskClient, broker: int) -> None:
    assert client.get("/equipe/questions/absente").status_code == 404
    assert do(client, "absente", "prise").status_code == 404


def test_the_oldest_waits_first_and_what_is_late_is_said(client: FlaskClient, broker: int) -> None:
    add(text="La plus récente des deux")
    add(text="La plus ancienne des deux", asked_at=now() - timedelta(days=20))

    page = text_of(client, "/equipe/questions")

    assert page.index("La plus ancienne") < page.index("La plus récente")
    assert page.count("En retard") == 1


def test_each_state_has_its_list_and_its_count(client: FlaskClient, broker: int) -> None:
    add(text="Celle qui attend encore")
    add(text="Celle qui est prise déjà", taken_by=broker)
    add(text="Celle qui est fermée déjà", outcome=Outcome.DUPLICATE)

    for state, shown in (
        ("ouvertes", "attend encore"),
        ("prises", "prise déjà"),
        ("fermees", "fermée déjà"),
    ):
        page = text_of(client, f"/equipe/questions?etat={state}")
        hits = page.partition('class="hits"')[2]
        assert shown in hits
        assert hits.count("<article") == 1
    assert "Prise par Dominique Exemple" in text_of(client, "/equipe/questions?etat=prises")
    assert "Doublon" in text_of(client, "/equipe/questions?etat=fermees")
    assert text_of(client, "/equipe/questions?etat=autre&page=99")


def test_the_queue_costs_the_same_statements_whatever_its_length(
    client: FlaskClient, broker: int
) -> None:
    add(taken_by=broker)
    with statements(about="questions") as few:
        text_of(client, "/equipe/questions?etat=prises")
    for _ in range(24):
        add(taken_by=broker)
    with statements(about="questions") as many:
        page = text_of(client, "/equipe/questions?etat=prises")

    assert len(few) == len(many) == 2, many
    assert page.count("<article") == 20
    assert "etat=prises&amp;page=2" in page


def test_a_question_costs_a_fixed_number_of_statements(client: FlaskClient, broker: int) -> None:
    public_id = add(taken_by=broker)
    for number in range(3):
        answer(client, public_id, f"Réponse {number}")

    with statements(about="questions") as found:
        text_of(client, f"/equipe/questions/{public_id}")

    assert len(found) == 1, found


def test_whoever_takes_a_question_is_seen_by_all(client: FlaskClient, session: Session) -> None:
    sign_in(client, session, "Dominique Exemple")
    public_id = add()

    assert do(client, public_id, "prise").status_code == 303
    assert do(client, public_id, "prise").status_code == 303

    sign_in(client, session, "Frédérique Exemple")
    assert "Dominique Exemple a pris cette question" in text_of(
        client, f"/equipe/questions/{public_id}"
    )
    refused = do(client, public_id, "prise")
    assert refused.status_code == 409
    assert "Dominique Exemple a pris cette question" in refused.text
    assert actions() == ["home.question_taken"]


def unread(viewer: Viewer) -> int:
    awaited = select(Notice.id).where(
        Notice.member_id == viewer.member_id, Notice.read_at.is_(None)
    )
    with reading() as session:
        return len(session.scalars(awaited).all())


@pytest.mark.parametrize("verb", ["prise", "fermeture"])
def test_a_question_that_one_took_or_closed_awaits_no_other(
    client: FlaskClient, session: Session, verb: str
) -> None:
    other = make_viewer(session, role=Role.BROKER)
    sign_in(client, session, "Dominique Exemple")
    ask(client)
    with reading() as opened:
        question = opened.scalars(select(Question)).one()
    assert unread(other) == 1

    given = {"issue": Outcome.UNWANTED.value, "version": question.version}
    assert do(client, question.public_id, verb, **given).status_code == 303

    assert unread(other) == 0


def test_of_two_who_take_it_at_once_one_has_it(database: str) -> None:
    with writing() as session:
        public_id = make_question(session).public_id
        team = [make_viewer(session, role=Role.BROKER, name=f"Personne {n}") for n in range(6)]

    def take(number: int) -> str:
        try:
            with db.writing() as session:
                found = lock_question(session, public_id, viewer=team[number])
                assert found is not None
                take_question(session, found, by=team[number])
        except Conflict as refusal:
            return refusal.message
        return ""

    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(take, range(6)))

    assert told.count("") == 1
    owner = team[told.index("")]
    assert all(owner.display_name in message for message in told if message)
    assert now_in_database(public_id).taken_by_id == owner.member_id


def test_one_puts_back_what_one_took_and_nobody_else_s(
    client: FlaskClient, session: Session, broker: int
) -> None:
    with writing() as opened:
        other = make_member(opened, name="Sacha Exemple").id
    mine, theirs = add(taken_by=broker), add(taken_by=other)

    assert do(client, mine, "remise").status_code == 303
    assert do(client, theirs, "remise").status_code == 403
    assert now_in_database(mine).state is QuestionState.OPEN
    assert now_in_database(mine).taken_by_id is None

    sign_in(client, session, "Frédérique Exemple", Role.COORDINATION)
    assert do(client, theirs, "remise").status_code == 303


def test_the_answer_reaches_the_person_in_their_language(
    client: FlaskClient, settings: Settings, broker: int
) -> None:
    public_id = add(taken_by=broker, email="camille@exemple.ca", locale="en")

    found = answer(client, public_id, "Voyez **Vesta** : [la fiche](/pratiques/vesta).", fermer="y")

    assert found.status_code == 303
    assert "vous pouvez l’arrêter" in text_of(client, found.location)
    (message,) = sent_mail(settings)
    assert message["To"] == "camille@exemple.ca"
    assert message["Content-Language"] == "en"
    html, text = part(message, "html"), part(message, "plain")
    assert "<strong>Vesta</strong>" in html
    assert f'href="{settings.url}/pratiques/vesta"' in html
    assert f"[la fiche]({settings.url}/pratiques/vesta)" in text
    assert TEXT in text
    kept = now_in_database(public_id)
    assert (kept.state, kept.outcome) == (QuestionState.CLOSED, Outcome.ANSWERED)
    assert actions() == ["home.question_answered", "home.question_closed"]


def test_one_may_answer_and_keep_the_question_open(client: FlaskClient, broker: int) -> None:
    public_id = add(taken_by=broker)

    answer(client, public_id, "Je cherche encore, je vous reviens.")

    assert now_in_database(public_id).state is QuestionState.TAKEN


def test_an_answer_stopped_in_time_reaches_nobody(
    client: FlaskClient, settings: Settings, broker: int
) -> None:
    public_id = add(taken_by=broker)
    answer(client, public_id, "Une réponse trop rapide", fermer="y")

    assert do(client, public_id, "rappel").status_code == 303

    page = text_of(client, f"/equipe/questions/{public_id}")
    assert "Une réponse trop rapide</textarea>" in page
    assert "personne ne l’a reçue" in page
    assert now_in_database(public_id).state is QuestionState.TAKEN
    assert sent_mail(settings) == []


def test_an_answer_that_left_is_not_stopped(
    client: FlaskClient, settings: Settings, broker: int
) -> None:
    public_id = add(taken_by=broker)
    answer(client, public_id, "Une réponse")
    assert len(sent_mail(settings)) == 1

    refused = do(client, public_id, "rappel")

    assert refused.status_code == 409
    assert "déjà partie" in refused.text
    assert "Arrêter l’envoi" not in text_of(client, f"/equipe/questions/{public_id}")


def test_only_its_author_or_the_coordination_stops_an_answer(
    client: FlaskClient, session: Session, broker: int
) -> None:
    public_id = add(taken_by=broker)
    answer(client, public_id, "Une réponse")

    sign_in(client, session, "Sacha Exemple")
    assert do(client, public_id, "rappel").status_code == 403
    sign_in(client, session, "Frédérique Exemple", Role.COORDINATION)
    assert do(client, public_id, "rappel").status_code == 303


def test_an_empty_answer_is_refused_and_the_form_stays(client: FlaskClient, broker: int) -> None:
    public_id = add(taken_by=broker)

    refused = answer(client, public_id, " ")

    assert refused.status_code == 422
    assert "Écrivez la réponse." in refused.text


def test_nobody_answers_what_someone_else_took_and_the_text_is_kept(
    client: FlaskClient, session: Session, broker: int
) -> None:
    with writing() as opened:
        other = make_member(opened, name="Sacha Exemple").id
    public_id = add(taken_by=other)

    refused = answer(client, public_id, "Un long travail")

    assert refused.status_code == 409
    assert "Sacha Exemple a pris cette question" in refused.text
    assert "Un long travail" in refused.text


def test_an_answer_written_over_an_older_state_keeps_both_texts(
    client: FlaskClient, broker: int
) -> None:
    public_id = add(taken_by=broker)
    seen = now_in_database(public_id).version
    answer(client, public_id, "La réponse du premier onglet")

    refused = answer(client, public_id, "La réponse du second onglet", version=seen)

    assert refused.status_code == 409
    assert "La réponse du premier onglet" in refused.text
    assert "La réponse du second onglet" in refused.text


@pytest.mark.parametrize("version", ["", "x", "-1", "٣", "9" * 400])
def test_a_garbled_version_is_a_conflict(client: FlaskClient, broker: int, version: str) -> None:
    public_id = add(taken_by=broker)

    assert answer(client, public_id, "Une réponse", version=version).status_code == 409


def test_a_question_is_closed_with_an_outcome_and_reopened(
    client: FlaskClient, broker: int
) -> None:
    public_id = add(taken_by=broker)
    version = now_in_database(public_id).version

    assert do(client, public_id, "fermeture", version=version).status_code == 422
    form = {"version": version, "issue": "no_answer", "note": "Rien de publié."}
    assert do(client, public_id, "fermeture", **form).status_code == 303
    assert do(client, public_id, "fermeture", **form).status_code == 303

    page = text_of(client, f"/equipe/questions/{public_id}")
    assert "sans réponse possible" in page
    assert "Rien de publié." in page
    assert do(client, public_id, "prise").status_code == 409
    assert do(client, public_id, "reouverture").status_code == 303
    kept = now_in_database(public_id)
    assert (kept.state, kept.outcome, kept.taken_by_id) == (QuestionState.TAKEN, None, broker)
    assert actions() == ["home.question_closed", "home.question_reopened"]


def test_what_is_told_of_a_button_pressed_twice_is_true(
    client: FlaskClient, settings: Settings, broker: int
) -> None:
    public_id = add(taken_by=broker)
    page = f"/equipe/questions/{public_id}"

    do(client, public_id, "reouverture")
    assert "La question est déjà ouverte." in text_of(client, page)
    answer(client, public_id, "Une réponse trop rapide", fermer="y")
    assert do(client, public_id, "remise").status_code == 409
    do(client, public_id, "reouverture")
    assert "La question est rouverte." in text_of(client, page)
    for _press in range(2):
        assert do(client, public_id, "rappel").status_code == 303
        assert "La réponse n’est pas partie" in text_of(client, page)
    assert sent_mail(settings) == []


def test_what_nobody_took_may_be_put_aside_at_once(client: FlaskClient, broker: int) -> None:
    public_id = add()

    do(client, public_id, "fermeture", version=1, issue="unwanted")

    assert now_in_database(public_id).outcome is Outcome.UNWANTED


def test_what_is_put_aside_is_not_acknowledged_any_more(
    client: FlaskClient, settings: Settings, broker: int
) -> None:
    ask(client, question="Une publicité sans intérêt")
    with reading() as session:
        kept = session.scalars(select(Question)).one()

    do(client, kept.public_id, "fermeture", version=kept.version, issue="unwanted")

    assert sent_mail(settings) == []


def test_the_text_of_a_stranger_is_shown_without_its_markup(
    client: FlaskClient, broker: int
) -> None:
    public_id = add(
        text="<script>alert(1)</script> [lien](javascript:alert(1)) ![](https://mal.example/i.png)",
        name="<b>Camille</b>",
        query="<i>mot</i>",
        email="a+\"x'@exemple.ca",
    )

    for path in (f"/equipe/questions/{public_id}", "/equipe/questions"):
        document = html5lib.parse(
            text_of(client, path).partition("<main")[2], namespaceHTMLElements=False
        )
        targets = [link.get("href", "") for link in document.iter("a")]
        assert not any(target.startswith("javascript") for target in targets)
        assert list(document.iter("img")) == []
        assert [script for script in document.iter("script") if script.text] == []


@pytest.mark.parametrize(
    "path", ["/equipe/questions", "/equipe/questions?etat=fermees", "/equipe/questions/{id}"]
)
def test_the_pages_are_well_formed(client: FlaskClient, broker: int, path: str) -> None:
    add()
    add(outcome=Outcome.DUPLICATE)
    public_id = add(taken_by=broker)
    answer(client, public_id, "Une réponse")

    page = text_of(client, path.format(id=public_id))

    html5lib.HTMLParser(strict=True).parse(page)
    assert page.count("<h1") == 1


def test_the_csv_holds_the_questions_and_its_making_is_noted(
    client: FlaskClient, broker: int
) -> None:
    add(email="camille@exemple.ca", name="Camille Tremblay", query="chutes")

    found = client.get("/equipe/questions.csv")

    assert found.mimetype == "text/csv"
    assert TEXT in found.text
    assert "chutes" in found.text
    assert "amille" not in found.text
    assert actions() == ["home.questions_exported"]


def test_an_answer_waits_before_it_leaves(session: Session) -> None:
    viewer = make_viewer(session, role=Role.BROKER)
    question = make_question(session, taken_by=viewer.member_id)

    written = answer_question(session, question, text="Oui.", version=1, by=viewer)

    mail = session.get_one(QueuedMail, written.mail_id)
    assert mail.state is MailState.QUEUED
    assert mail.not_before > now() + timedelta(seconds=60)
