"""Anyone asks, without an account and without a script; nothing typed is lost."""

import re
from email.message import EmailMessage

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core.audit import AuditEntry
from inters4.core.db import reading, writing
from inters4.core.mail import QueuedMail
from inters4.home.models import Question, QuestionAttempt, QuestionState, Subject
from inters4.home.services.asking import FROM_A_NETWORK, FROM_A_SENDER
from inters4.settings import Settings
from tests.builders.home import TEXT, ask, part, sent_mail
from tests.builders.members import make_member, sign_in_as
from tests.builders.web import csrf


def questions() -> list[Question]:
    with reading() as session:
        return list(session.scalars(select(Question).order_by(Question.id)))


def page(client: FlaskClient, path: str = "/question") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.text


def to(messages: list[EmailMessage], address: str) -> EmailMessage:
    (found,) = [message for message in messages if message["To"] == address]
    return found


def test_a_question_is_kept_with_what_the_person_said(client: FlaskClient) -> None:
    answer = ask(
        client,
        nom="Camille Tremblay",
        organisation="CISSS de la Côte-Nord",
        q="suivi à distance",
        de="/pratiques/vesta",
    )

    assert (answer.status_code, answer.location) == (303, "/question/merci")
    (kept,) = questions()
    assert (kept.text, kept.email, kept.name) == (TEXT, "camille@exemple.ca", "Camille Tremblay")
    assert (kept.query, kept.origin) == ("suivi à distance", "/pratiques/vesta")
    assert (kept.subject, kept.state, kept.locale) == (Subject.QUESTION, QuestionState.OPEN, "fr")
    assert "jours ouvrables" in page(client, "/question/merci")


def test_a_practice_may_be_proposed_by_the_same_door(client: FlaskClient) -> None:
    assert "Proposer une pratique</h1>" in page(client, "/question?objet=pratique")

    answer = ask(client, objet="pratique")

    assert "proposition est arrivée" in page(client, answer.location)
    assert questions()[0].subject is Subject.PRACTICE


def test_the_search_that_found_nothing_is_shown_and_fills_the_form(client: FlaskClient) -> None:
    text = page(client, "/question?q=soins+aux+%3Cb%3E&de=/recherche%3Fq%3Dsoins")

    assert "Je cherche ce qui existe sur «\u00a0soins aux &lt;b&gt;\u00a0»." in text
    assert 'name="q" type="hidden" value="soins aux &lt;b&gt;"' in text
    assert 'href="/recherche?q=soins"' in text


@pytest.mark.parametrize("path", ["https://mal.example/", "//mal.example", "javascript:alert(1)"])
def test_no_foreign_address_is_shown_or_kept(client: FlaskClient, path: str) -> None:
    shown = page(client, f"/question?de={path}").partition("<main")[2]
    assert "mal.example" not in shown
    assert "javascript:" not in shown

    ask(client, de=path)

    assert questions()[0].origin == ""


def test_a_long_query_is_cut(client: FlaskClient) -> None:
    shown = page(client, "/question?q=" + "a" * 5_000).partition("<main")[2]

    assert "a" * 200 in shown
    assert "a" * 201 not in shown


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"question": ""}, "Écrivez votre question."),
        ({"question": "court"}, "10 à 4\u00a0000 signes"),
        ({"question": "a" * 4_001}, "10 à 4\u00a0000 signes"),
        ({"question": ">" * 200 + " profond"}, "plus de huit citations"),
        ({"courriel": ""}, "Écrivez l’adresse où vous répondre."),
        ({"courriel": "camille"}, "pas complète"),
        ({"courriel": "camille@exemple"}, "pas complète"),
        ({"courriel": "a@exemple.ca, b@exemple.ca"}, "pas complète"),
        ({"courriel": "a@exemple.ca\r\nBcc: b@exemple.ca"}, "pas complète"),
        ({"courriel": "Camille <camille@exemple.ca>"}, "pas complète"),
        ({"courriel": "a" * 250 + "@exemple.ca"}, "pas complète"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_lost(
    client: FlaskClient, changes: dict[str, str], told: str
) -> None:
    answer = ask(
        client,
        **{"nom": "Camille", "organisation": "CLSC", "q": "un mot", "de": "/veille"} | changes,
    )

    assert answer.status_code == 422
    assert told in answer.text
    assert 'class="error-summary"' in answer.text
    for kept in ('value="Camille"', 'value="CLSC"', 'value="un mot"', 'value="/veille"'):
        assert kept in answer.text
    assert questions() == []


def test_a_form_left_open_too_long_comes_back_with_all_that_was_typed(client: FlaskClient) -> None:
    answer = client.post(
        "/question",
        data={"question": TEXT, "courriel": "camille@exemple.ca"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    assert answer.status_code == 400
    assert f'value="{TEXT}"' in answer.text
    found = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
    assert found is not None
    again = client.post(
        "/question",
        data={"csrf_token": found[1], "question": TEXT, "courriel": "camille@exemple.ca"},
    )
    assert again.status_code == 303


def test_a_robot_that_fills_the_trap_is_thanked_and_forgotten(client: FlaskClient) -> None:
    answer = ask(client, site_web="https://mal.example")

    assert answer.status_code == 303
    assert questions() == []
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(QueuedMail)) == 0


def test_a_button_pressed_twice_asks_once(client: FlaskClient) -> None:
    ask(client)
    ask(client)

    assert len(questions()) == 1
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(QueuedMail)) == 2


def test_an_address_does_not_receive_one_acknowledgement_after_another(
    client: FlaskClient,
) -> None:
    most = FROM_A_SENDER[0]
    for number in range(most):
        assert (
            ask(client, question=f"{TEXT} {number}", address=f"192.0.2.{number}").status_code == 303
        )

    refused = ask(
        client,
        question=f"{TEXT} encore",
        courriel="CAMILLE@exemple.ca",
        nom="Camille",
        address="192.0.2.99",
    )

    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 60
    assert f"{TEXT} encore" in refused.text
    assert 'value="Camille"' in refused.text
    assert len(questions()) == most


def test_a_part_added_to_ones_address_makes_nobody_else(client: FlaskClient) -> None:
    most = FROM_A_SENDER[0]
    addresses = [f"Camille+{number}@Exemple.ca" for number in range(most)]
    answers = [ask(client, courriel=one).status_code for one in (*addresses, "camille@exemple.ca")]

    assert answers == [303] * most + [429]
    assert ask(client, courriel="+tout@exemple.ca").status_code == 303


@pytest.mark.parametrize("subject", ["question", "//evil.example", "a&b=c", "PRATIQUE"])
def test_a_subject_that_is_not_one_of_ours_is_not_repeated(
    client: FlaskClient, subject: str
) -> None:
    assert ask(client, objet=subject).location == "/question/merci"


def test_a_network_does_not_write_to_everyone(client: FlaskClient) -> None:
    most = FROM_A_NETWORK[0]
    answers = [
        ask(client, courriel=f"victime-{number}@exemple.ca").status_code
        for number in range(most + 1)
    ]

    assert answers == [303] * most + [429]
    assert ask(client, courriel="autre@exemple.ca", address="198.51.100.1").status_code == 303


def test_the_count_keeps_no_readable_address(client: FlaskClient) -> None:
    ask(client)

    with reading() as session:
        row = session.scalars(select(QuestionAttempt)).one()
        entry = session.scalars(select(AuditEntry)).one()
    assert len(row.sender) == 32
    assert "127.0" not in row.network
    assert "192.0" not in row.network
    assert "camille" not in f"{entry.subject}{entry.detail}"


def test_the_acknowledgement_says_when_and_how_to_be_erased(
    client: FlaskClient, settings: Settings
) -> None:
    ask(client)

    message = to(sent_mail(settings), "camille@exemple.ca")

    assert message["Subject"] == "Nous avons reçu votre question"
    for kind in ("plain", "html"):
        body = part(message, kind)
        assert TEXT in body
        assert "au plus tard le" in body
        assert settings.contact in body
        assert "effacer" in body
        assert f"{settings.url}/confidentialite" in body


def test_the_acknowledgement_carries_nothing_of_a_stranger_s(
    client: FlaskClient, settings: Settings
) -> None:
    spam = (
        "Gagnez sur https://mal.example/x ou [ici](http://mal.example) ou mal.example "
        "![i](https://mal.example/i.png) <a href='https://mal.example'>là</a> " + "très " * 200
    )
    ask(
        client,
        question=spam,
        courriel="victime@exemple.ca",
        nom="Visitez mal.example",
        organisation="mal.example",
        q="mal.example",
    )

    message = to(sent_mail(settings), "victime@exemple.ca")

    for kind in ("plain", "html"):
        body = part(message, kind)
        assert "mal.example" not in body
        assert body.count("très") < 60
    document = html5lib.parse(part(message, "html"), namespaceHTMLElements=False)
    targets = {link.get("href", "") for link in document.iter("a")}
    assert all(target.startswith((settings.url, "mailto:")) for target in targets), targets
    assert list(document.iter("img")) == []


def test_no_field_adds_a_header(client: FlaskClient, settings: Settings) -> None:
    ask(
        client,
        nom="Camille\r\nBcc: b@exemple.ca",
        q="mot\r\nBcc: b@exemple.ca",
        question=f"{TEXT}\r\nBcc: b@exemple.ca",
    )

    for message in sent_mail(settings):
        assert message["Bcc"] is None
        assert set(message.get_all("To", [])) <= {"camille@exemple.ca", settings.contact}
    assert "\n" not in questions()[0].name + questions()[0].query


def test_the_acknowledgement_is_in_the_language_of_the_person(
    client: FlaskClient, settings: Settings
) -> None:
    client.set_cookie("langue", "en")
    ask(client)

    message = to(sent_mail(settings), "camille@exemple.ca")

    assert questions()[0].locale == "en"
    assert message["Content-Language"] == "en"


def test_the_team_is_told_at_once(client: FlaskClient, settings: Settings) -> None:
    ask(client, nom="Camille Tremblay", q="suivi à distance")

    message = to(sent_mail(settings), settings.contact)

    (kept,) = questions()
    body = part(message, "plain")
    assert f"{settings.url}/equipe/questions/{kept.public_id}" in body
    assert "suivi à distance" in body
    assert "Camille" not in body
    assert "camille@exemple.ca" not in body


def test_the_team_is_not_told_of_what_was_taken_meanwhile(
    client: FlaskClient, settings: Settings, session: Session
) -> None:
    ask(client)
    with writing() as opened:
        member = make_member(opened)
        row = opened.scalars(select(Question)).one()
        row.state, row.taken_by_id = QuestionState.TAKEN, member.id

    assert [message["To"] for message in sent_mail(settings)] == ["camille@exemple.ca"]


def test_someone_signed_in_need_not_type_their_name(client: FlaskClient, session: Session) -> None:
    sign_in_as(client, session, make_member(session, name="Ariane Essai"))

    assert 'value="Ariane Essai"' in page(client)


@pytest.mark.parametrize(
    "path",
    ["/question", "/question?objet=pratique", "/question?q=mot&de=/pratiques", "/question/merci"],
)
def test_the_pages_are_well_formed(app: Flask, client: FlaskClient, path: str) -> None:
    parser = html5lib.HTMLParser(strict=True)

    parser.parse(page(client, path))

    assert page(client, path).count("<h1") == 1


def test_the_address_to_be_erased_opens_the_mail(client: FlaskClient, settings: Settings) -> None:
    html = client.get("/question").get_data(as_text=True)

    assert f'href="mailto:{settings.contact}">{settings.contact}</a>' in html


def test_the_form_is_never_kept_by_a_cache(client: FlaskClient) -> None:
    assert client.get("/question").headers["Cache-Control"] == "no-store"
    assert csrf(client, "/question")
