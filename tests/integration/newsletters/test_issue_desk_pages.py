"""The desk of the infolettres: an issue composed, looked at, approved by another, scheduled."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from inters4.core.access import Grant, Role, Viewer
from inters4.core.db import reading, writing
from inters4.core.mail import MailState, QueuedMail
from inters4.core.mail.send import send_due
from inters4.core.mail.transports import MemoryTransport
from inters4.newsletters.models import Issue, IssueState, Newsletter
from inters4.newsletters.queries.composing import find_to_compose
from inters4.newsletters.services.composing import stored_fields
from inters4.newsletters.services.preparing import prepare_next_issue
from inters4.settings import Settings
from tests.builders.kept import kept
from tests.builders.members import browser_of
from tests.builders.newsletters import make_issue, make_newsletter
from tests.builders.practices import make_practice
from tests.builders.sending import make_subscriber
from tests.builders.statements import statements
from tests.builders.summaries import Team, make_team
from tests.builders.veille import make_summary
from tests.builders.vocabulary import make_vocabulary
from tests.builders.web import sent_by

BROKER = Viewer(member_id=1, grants=frozenset({Grant(Role.BROKER)}))
DESK = "/infolettres/bureau"
ISSUE = "/infolettres/en-bref/1"
COMPOSE, APPROVAL, PREVIEW = f"{ISSUE}/composer", f"{ISSUE}/approbation", f"{ISSUE}/apercu"
PICK = f"{COMPOSE}/choisir"
PAGES = (DESK, f"{DESK}/en-bref/expediteur", COMPOSE, PICK, PREVIEW, f"{PREVIEW}/message", APPROVAL)


@pytest.fixture
def team(app: Flask) -> Team:
    def make() -> Team:
        make_vocabulary(session)
        made = make_newsletter(session, title="InterS4 en bref")
        made.sender, made.postal_address = "L’équipe de courtage", "1, rue Fictive"
        make_practice(session, "visites-virtuelles")
        make_summary(session, "suivi-a-domicile")
        make_subscriber(session)
        team = make_team(session)
        prepare_next_issue(session, made, by=team.writer)
        return team

    with writing() as session:
        return kept(session, "an issue on the desk", make)


@pytest.fixture
def writer(app: Flask, team: Team) -> FlaskClient:
    return browser_of(app, team.writer)


@pytest.fixture
def deputy(app: Flask, team: Team) -> FlaskClient:
    return browser_of(app, team.coordination)


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)[:2000]
    return answer.get_data(as_text=True)


def form_of(client: FlaskClient, **typed: str) -> MultiDict[str, str]:
    """The form of the composer as a browser would send it, with what somebody typed."""
    html = page(client, COMPOSE).partition("data-dossier")[2].partition("</form>")[0]
    sent = sent_by(html)
    for name, value in typed.items():
        sent[name] = value
    return sent


def token(html: str) -> str:
    return sent_by(html)["csrf_token"]


def held() -> dict[str, str]:
    with reading() as session:
        return stored_fields(issue(session))


def issue(session: Session) -> Issue:
    whole = find_to_compose(session, "en-bref", 1, viewer=BROKER)
    assert whole is not None
    return whole


def complete(client: FlaskClient, **more: str) -> None:
    typed = {
        "title": "Loin des centres",
        "description": "Ce mois-ci.",
        "opening": "Bonjour.",
        **more,
    }
    answer = client.post(COMPOSE, data=form_of(client, **typed))
    assert answer.status_code == 303, answer.get_data(as_text=True)[:3000]


def state() -> IssueState:
    with reading() as session:
        return session.scalars(select(Issue.state)).one()


def people(html: str, name: str) -> str:
    options: dict[str, str] = dict(re.findall(r'<option value="(\w+)">([^<]+)</option>', html))
    return next(key for key, label in options.items() if label == name)


def ask(client: FlaskClient) -> None:
    html = page(client, APPROVAL)
    answer = client.post(
        f"{APPROVAL}/demande",
        data={
            "csrf_token": token(html),
            "personne": people(html, "Basile Exemple"),
            "suppleance": people(html, "Camille Modèle"),
            "jour": "2099-01-05",
            "heure": "09:00",
        },
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)


def decide(client: FlaskClient, which: str, **sent: str) -> int:
    html = page(client, APPROVAL)
    found = re.search(r'name="message" value="(\w+)"', html)
    data = {"csrf_token": token(html), "message": found[1] if found else "", **sent}
    return client.post(f"{APPROVAL}/{which}", data=data).status_code


def test_others_are_told_that_there_is_no_such_page(app: Flask, team: Team) -> None:
    stranger = browser_of(app, team.stranger)

    for path in PAGES:
        assert stranger.get(path).status_code == 404
        assert app.test_client().get(path).status_code == 303


def test_the_team_reads_every_page(writer: FlaskClient) -> None:
    for path in PAGES:
        page(writer, path)


def test_the_next_issue_is_prepared_once(writer: FlaskClient) -> None:
    html = page(writer, DESK)
    assert "Reprendre le numéro 1" in html
    assert "Préparer le prochain numéro" not in html

    answer = writer.post(f"{DESK}/en-bref/prochain", data={"csrf_token": token(html)})

    assert answer.location == COMPOSE
    assert "Le numéro 1 était déjà commencé : le voici." in page(writer, COMPOSE)
    assert "1 numéro en cours" in page(writer, DESK)
    complete(writer)
    ask(writer)
    assert "Voir le numéro 1" in page(writer, DESK)


def test_what_is_typed_is_kept_and_a_gesture_loses_no_word(writer: FlaskClient) -> None:
    sent = form_of(writer, title="Un titre", opening="Un **mot**.")
    sent["geste"] = "ajouter:link"

    answer = writer.post(COMPOSE, data=sent)

    assert answer.status_code == 303
    assert "#item-" in answer.location
    assert held()["title"] == "Un titre"
    assert held()["opening"] == "Un **mot**."
    assert any(name.endswith("-url") for name in held())


def test_items_move_and_leave(writer: FlaskClient) -> None:
    with reading() as session:
        first, second, *_rest = [one.public_id for one in issue(session).items]
    sent = form_of(writer)
    sent["geste"] = f"descendre:{first}"
    writer.post(COMPOSE, data=sent)
    with reading() as session:
        assert [one.public_id for one in issue(session).items][:2] == [second, first]

    sent = form_of(writer)
    sent["geste"] = f"retirer:{second}"
    writer.post(COMPOSE, data=sent)

    with reading() as session:
        assert second not in {one.public_id for one in issue(session).items}


def test_two_texts_of_one_field_are_shown_and_one_is_chosen(
    writer: FlaskClient, deputy: FlaskClient
) -> None:
    mine = form_of(writer, title="Mon titre", opening="Mon mot.")
    deputy.post(COMPOSE, data=form_of(deputy, title="Son titre"))

    answer = writer.post(COMPOSE, data=mine)

    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Mon titre" in html
    assert "Son titre" in html
    assert held()["opening"] == "Mon mot."
    chosen = MultiDict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
    assert writer.post(COMPOSE, data=chosen).status_code == 422
    writer.post(COMPOSE, data={**chosen, "garder-title": "moi"})
    assert held()["title"] == "Mon titre"


def test_a_draft_saves_by_itself_and_waits_for_a_choice(
    writer: FlaskClient, deputy: FlaskClient
) -> None:
    mine = form_of(writer, title="Mon titre")
    first = writer.post(f"{COMPOSE}/enregistrement", data=mine)
    assert first.json is not None
    assert first.json["marks"]["title"]
    deputy.post(COMPOSE, data=form_of(deputy, title="Son titre"))
    mine["title"], mine["vu-title"] = "Mon autre titre", first.json["marks"]["title"]

    second = writer.post(f"{COMPOSE}/enregistrement", data=mine)

    assert second.status_code == 409
    assert second.json is not None
    assert second.json["fields"] == ["title"]


def test_what_was_typed_comes_back_from_an_issue_that_others_judge(writer: FlaskClient) -> None:
    complete(writer)
    late = form_of(writer, title="Trop tard")
    ask(writer)

    answer = writer.post(COMPOSE, data=late)

    assert answer.status_code == 409
    assert "Trop tard" in answer.get_data(as_text=True)
    assert writer.post(f"{COMPOSE}/enregistrement", data=late).status_code == 409
    assert writer.get(COMPOSE).location == APPROVAL


def test_what_is_ticked_is_added_under_its_heading(writer: FlaskClient) -> None:
    with writing() as session:
        make_summary(session, "autre-resume", title="Un autre résumé")
    html = page(writer, f"{PICK}?sorte=resumes&q=autre")
    section = re.search(r'<option value="(\w+)">', html)
    assert section is not None

    answer = writer.post(
        PICK,
        data={
            "csrf_token": token(html),
            "sorte": "resumes",
            "choix": "autre-resume",
            "section": section[1],
        },
    )

    assert answer.status_code == 303
    with reading() as session:
        assert "autre-resume" in {one.summary_id for one in issue(session).items}
    assert "Un autre résumé" not in page(writer, PICK).partition("<fieldset")[2]


def test_the_preview_is_the_message_and_nothing_in_it_runs(writer: FlaskClient) -> None:
    complete(writer)

    answer = writer.get(f"{PREVIEW}/message?teinte=sombre")

    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "Loin des centres" in answer.get_data(as_text=True)
    assert "@media all {" in answer.get_data(as_text=True)
    assert "Loin des centres\n====" in page(writer, f"{PREVIEW}?forme=texte")


def test_a_trial_goes_to_whoever_asks_and_says_so(writer: FlaskClient, settings: Settings) -> None:
    complete(writer)
    html = page(writer, PREVIEW)

    answer = writer.post(f"{ISSUE}/essai", data={"csrf_token": token(html)})

    assert answer.status_code == 303
    MemoryTransport.sent.clear()
    send_due(settings, transport=MemoryTransport())
    with reading() as session:
        mail = session.scalars(select(QueuedMail).where(QueuedMail.kind == "issue_trial")).one()
        assert mail.state is MailState.SENT, mail.last_error
    trial = next(one for one in MemoryTransport.sent if b"[ESSAI]" in one.data)
    assert b"Loin des centres" in trial.data
    assert state() is IssueState.DRAFT


def test_the_deputy_approves_and_the_issue_is_scheduled(
    writer: FlaskClient, deputy: FlaskClient
) -> None:
    complete(writer)
    ask(writer)
    assert "Approuver</button>" not in page(writer, APPROVAL)

    assert decide(deputy, "accord") == 303
    assert decide(writer, "envoi", jour="2099-01-05", heure="09:00") == 303

    assert state() is IssueState.SCHEDULED
    assert "5 janvier 2099" in page(writer, DESK)
    assert decide(writer, "retenue") == 303
    assert decide(writer, "reprise") == 303
    assert state() is IssueState.DRAFT


def test_a_button_pressed_twice_acts_once(writer: FlaskClient, deputy: FlaskClient) -> None:
    complete(writer)
    ask(writer)
    html = page(deputy, APPROVAL)
    found = re.search(r'name="message" value="(\w+)"', html)
    assert found is not None
    data = {"csrf_token": token(html), "message": found[1]}

    answers = [deputy.post(f"{APPROVAL}/accord", data=data).status_code for _again in range(2)]

    assert answers == [303, 303]


def test_a_refusal_keeps_what_was_typed(writer: FlaskClient, deputy: FlaskClient) -> None:
    complete(writer)
    html = page(writer, APPROVAL)
    chosen = people(html, "Basile Exemple")
    data = {"csrf_token": token(html), "personne": chosen, "jour": "2099-01-05", "heure": "x"}

    answer = writer.post(f"{APPROVAL}/demande", data=data)

    assert answer.status_code == 422
    assert f'<option value="{chosen}" selected>' in answer.get_data(as_text=True)
    ask(writer)
    assert decide(deputy, "renvoi", raison="", geste="renvoi") == 422
    assert decide(deputy, "renvoi", raison="Trop long.", geste="renvoi") == 303
    assert "Trop long." in page(writer, APPROVAL)
    assert decide(writer, "abandon", raison="Rien à dire.", geste="abandon") == 303
    assert state() is IssueState.CANCELLED


def test_a_reason_that_comes_late_is_given_back(writer: FlaskClient, deputy: FlaskClient) -> None:
    complete(writer)
    ask(writer)
    html = page(deputy, APPROVAL)
    assert decide(writer, "reprise") == 303
    typed = {"csrf_token": token(html), "geste": "renvoi", "raison": "Le deuxième lien est mort."}

    answer = deputy.post(f"{APPROVAL}/renvoi", data=typed)

    assert answer.status_code == 409
    assert "Le deuxième lien est mort." in answer.text


def test_who_sends_is_said_once_and_refused_when_it_is_none(writer: FlaskClient) -> None:
    path = f"{DESK}/en-bref/expediteur"
    sent = {"csrf_token": token(page(writer, path)), "nom": "L’équipe", "reponse": "rien"}

    answer = writer.post(path, data={**sent, "adresse": "2, rue Fictive"})

    assert answer.status_code == 422
    assert "2, rue Fictive" in answer.get_data(as_text=True)
    writer.post(path, data={**sent, "reponse": "a@exemple.ca", "adresse": " 2, rue\n\nFictive "})
    with reading() as session:
        made = session.get_one(Newsletter, "en-bref")
        assert (made.reply_to, made.postal_address) == ("a@exemple.ca", "2, rue\nFictive")


@pytest.mark.parametrize(("path", "most"), [(DESK, 6), (COMPOSE, 22), (PICK, 12), (APPROVAL, 28)])
def test_pages_read_a_fixed_number_of_statements(writer: FlaskClient, path: str, most: int) -> None:
    page(writer, path)
    with statements() as before:
        page(writer, path)
    with writing() as session:
        for number in range(5):
            make_summary(session, f"encore-{number}")

    with statements() as after:
        page(writer, path)

    assert len(after) == len(before) <= most


def test_words_of_an_item_that_somebody_took_out_come_back(
    writer: FlaskClient, deputy: FlaskClient
) -> None:
    name = next(name for name in held() if name.endswith("-text"))
    public_id = name.split("-")[1]
    mine = form_of(writer, title="Mon titre", **{name: "Un mot précieux."})
    other = form_of(deputy)
    other["geste"] = f"retirer:{public_id}"
    deputy.post(COMPOSE, data=other)

    answer = writer.post(COMPOSE, data=mine)

    assert answer.status_code == 409
    assert "Un mot précieux." in answer.get_data(as_text=True)
    assert held()["title"] == "Mon titre"
    assert writer.post(f"{COMPOSE}/enregistrement", data=mine).status_code == 200


def test_an_issue_that_came_out_long_ago_is_shown_and_not_composed(writer: FlaskClient) -> None:
    with writing() as session:
        make_issue(session, 9)

    assert "Archivé" in page(writer, "/infolettres/en-bref/9/approbation")
    page(writer, "/infolettres/en-bref/9/apercu")
    assert writer.get("/infolettres/en-bref/9/composer").status_code == 303
