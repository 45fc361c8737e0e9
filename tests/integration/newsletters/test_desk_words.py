"""What the desk tells whoever makes an issue: what readers will see, and what just happened."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.newsletters.queries.composing import find_to_compose
from inters4.newsletters.services.approving import return_issue, take_back
from inters4.settings import Settings
from inters4.vocabulary.models import Term
from tests.builders.approved import ask, make_whole_newsletter, make_written
from tests.builders.members import browser_of
from tests.builders.sending import make_subscriber
from tests.builders.summaries import Team, make_team
from tests.builders.veille import make_summary
from tests.builders.web import sent_by

ISSUE = "/infolettres/en-bref/1"
COMPOSE, APPROVAL, PREVIEW = f"{ISSUE}/composer", f"{ISSUE}/approbation", f"{ISSUE}/apercu"
DESK = "/infolettres/bureau"


@pytest.fixture
def team(app: Flask) -> Team:
    with writing() as session:
        newsletter = make_whole_newsletter(session)
        session.add(Term(scheme="themes", id="ti", position=9, fr="Technologies", en="ti"))
        make_summary(session, "ailleurs", title="Tout autre chose", themes=("domicile",))
        make_summary(session, "de-loin", title="Soigner de loin", themes=("telesante",))
        make_subscriber(session)
        team = make_team(session)
        make_written(session, newsletter, team)
    return team


@pytest.fixture
def browser(app: Flask, team: Team) -> FlaskClient:
    return browser_of(app, team.writer)


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def words_of(html: str) -> str:
    text = re.sub(r"<[^>]+>", " ", html.partition("<body")[2])
    return re.sub(r"\s+", " ", unescape(text)).replace("\u00a0", " ")


def test_the_message_is_seen_as_a_theme_changes_it(browser: FlaskClient) -> None:
    line = "Résumé d’article : Tout autre chose"
    assert line not in words_of(page(browser, f"{PREVIEW}/message"))

    for address in (f"{PREVIEW}/message?theme=telesante", f"{PREVIEW}?theme=telesante&forme=texte"):
        themed = words_of(page(browser, address))
        assert themed.index("Soigner de loin") < themed.index(line)
    html = page(browser, f"{PREVIEW}?theme=telesante")
    assert '<option value="telesante" selected>' in html
    assert f'src="{PREVIEW}/message?theme=telesante"' in html
    assert "vient en premier" in html
    assert "Rien de ce numéro" in page(browser, f"{PREVIEW}?theme=ti")
    assert "selected" not in page(browser, f"{PREVIEW}?theme=invente")


def test_whoever_approves_is_told_that_themes_change_the_message(browser: FlaskClient) -> None:
    html = page(browser, APPROVAL)

    assert "Qui a choisi des thèmes reçoit d’abord ce qui les touche" in html
    assert f'href="{PREVIEW}#lecteur"' in html


def test_why_a_draft_came_back_stands_above_it(
    browser: FlaskClient, team: Team, settings: Settings
) -> None:
    assert "renvoyé" not in page(browser, COMPOSE)
    with writing() as session:
        issue = find_to_compose(session, "en-bref", 1, viewer=team.writer)
        assert issue is not None
        ask(session, issue, team, settings)
        return_issue(session, issue, reason="Le titre promet trop.", by=team.coordination)

    said = words_of(page(browser, COMPOSE))

    told = said.partition("Ce numéro vous est renvoyé. ")[2]
    assert re.match(r"Camille Modèle, .{5,40} Le titre promet trop\.", told)
    with writing() as session:
        issue = find_to_compose(session, "en-bref", 1, viewer=team.writer)
        assert issue is not None
        ask(session, issue, team, settings)
        take_back(session, issue, by=team.writer)
    assert "Le titre promet trop." not in page(browser, COMPOSE)


def test_a_reason_that_is_a_list_stays_one(
    browser: FlaskClient, team: Team, settings: Settings
) -> None:
    with writing() as session:
        issue = find_to_compose(session, "en-bref", 1, viewer=team.writer)
        assert issue is not None
        ask(session, issue, team, settings)
        reason = " Deux  choses\u00a0:\r\n\r\n1. le titre;\r\n2. la date. "
        return_issue(session, issue, reason=reason, by=team.reviewer)

    kept = "Deux choses\u00a0:\n1. le titre;\n2. la date."
    assert f'<p class="pre-line">{kept}</p>' in page(browser, COMPOSE)
    listed = page(browser, APPROVAL)
    assert f'<p class="pre-line mb-0">{kept}</p>' in listed
    assert f'<span class="pre-line">{kept}</span>' in listed


def test_an_hour_that_went_by_unanswered_is_told_as_past(
    browser: FlaskClient, team: Team, settings: Settings
) -> None:
    with writing() as session:
        issue = find_to_compose(session, "en-bref", 1, viewer=team.writer)
        assert issue is not None
        ask(session, issue, team, settings)
    for address in (APPROVAL, DESK):
        assert "envoi prévu le" in words_of(page(browser, address))

    with writing() as session:
        issue = find_to_compose(session, "en-bref", 1, viewer=team.writer)
        assert issue is not None
        issue.send_at = now() - timedelta(minutes=1)

    for address in (APPROVAL, DESK):
        said = words_of(page(browser, address))
        assert "l’heure prévue est passée (" in said
        assert "envoi prévu le" not in said


def test_what_moved_keeps_the_focus_and_says_its_place(browser: FlaskClient, team: Team) -> None:
    with reading() as session:
        issue = find_to_compose(session, "en-bref", 1, viewer=team.writer)
        assert issue is not None
        first, *_rest, last = (one.public_id for one in issue.items)
        total = len(issue.items)

    down = press(browser, f"descendre:{first}")
    assert f"est maintenant en place 2 sur {total}." in words_of(down)
    assert focused(down) == [f"descendre:{first}"]
    # At the top nothing goes higher: the other button has the focus.
    assert focused(press(browser, f"monter:{first}")) == [f"descendre:{first}"]
    assert focused(press(browser, f"descendre:{last}")) == [f"monter:{last}"]
    added = press(browser, "ajouter:link")
    assert f"« Lien » est maintenant en place {total + 1} sur {total + 1}." in words_of(added)
    assert "data-placed" not in page(browser, COMPOSE)


def press(client: FlaskClient, gesture: str) -> str:
    """What the composer shows once a button is pressed."""
    sent = sent_by(page(client, COMPOSE).partition("data-dossier")[2].partition("</form>")[0])
    answer = client.post(COMPOSE, data={**sent, "geste": gesture})
    assert answer.status_code == 303
    return page(client, answer.location)


def focused(html: str) -> list[str]:
    return re.findall(r'name="geste" value="([^"]+)"[^>]* autofocus', html)
