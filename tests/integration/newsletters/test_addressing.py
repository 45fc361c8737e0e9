"""To whom an issue goes: ticked, counted, approved with the message."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from inters4.core.audit import AuditEntry
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict
from inters4.newsletters.models import Delivery, Frequency, Hold, Issue, IssueState
from inters4.newsletters.queries.approvals import writer_ids
from inters4.newsletters.services.addressing import audience_mark, set_audience
from inters4.newsletters.services.approving import approve, take_back
from inters4.newsletters.services.scheduling import schedule
from inters4.newsletters.services.starting import start_next_due
from inters4.settings import Settings
from tests.builders.approved import ask, make_approved, make_whole_newsletter, make_written, shown
from tests.builders.kept import kept
from tests.builders.members import browser_of, make_organisation
from tests.builders.sending import make_subscriber
from tests.builders.statements import statements
from tests.builders.summaries import Team, make_team
from tests.builders.web import sent_by

ISSUE = "/infolettres/en-bref/1"
COMPOSE, APPROVAL = f"{ISSUE}/composer", f"{ISSUE}/approbation"
PAGE = f"{COMPOSE}/destinataires"


@pytest.fixture
def team(app: Flask) -> Team:
    def make() -> Team:
        newsletter = make_whole_newsletter(session)
        make_subscriber(session, themes=["telesante"])
        make_subscriber(session, language="en")
        make_subscriber(session, frequency=Frequency.QUARTERLY)
        team = make_team(session)
        make_written(session, newsletter, team)
        return team

    with writing() as session:
        return kept(session, "an issue and its readers", make)


@pytest.fixture
def browser(app: Flask, team: Team) -> FlaskClient:
    return browser_of(app, team.writer)


def page(client: FlaskClient, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.headers.get("Location")
    return answer.get_data(as_text=True)


def tick(client: FlaskClient, *, html: str = "", **chosen: list[str]) -> tuple[int, str]:
    form = sent_by((html or page(client)).partition("readers-form")[2])
    kept = {name: form[name] for name in ("csrf_token", "vu")}
    sent = MultiDict(kept | {"geste": chosen.pop("geste", [""])[0]})
    for part, values in chosen.items():
        sent.setlist(part, values)
    answer = client.post(PAGE, data=sent)
    return answer.status_code, answer.get_data(as_text=True)


def issue(session: Session) -> Issue:
    return session.scalars(select(Issue)).one()


def narrow(session: Session, team: Team, **audience: list[str]) -> None:
    found = issue(session)
    set_audience(session, found, audience, seen=audience_mark(found), by=team.reviewer)


def test_what_is_ticked_is_kept_told_and_counted(browser: FlaskClient, team: Team) -> None:
    assert "Toutes les personnes abonnées" in page(browser, COMPOSE)

    assert tick(browser, themes=["telesante"], inconnu=["x"])[0] == 303

    with reading() as session:
        found = issue(session)
        assert found.audience == {"themes": ["telesante"]}
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "newsletters.audience")
        ).one()
        assert entry.detail == {"themes": ["telesante"]}
    for path in (COMPOSE, APPROVAL):
        html = page(browser, path)
        assert "Télésanté" in html.partition("readers-told")[2].partition("</ul>")[0]
        assert "1 personne le recevrait" in html.replace("\u00a0", " ")
    assert 'value="telesante" checked' in page(browser)


def test_counting_keeps_nothing_and_htmx_has_its_piece(browser: FlaskClient) -> None:
    status, html = tick(browser, languages=["en"], geste=["compter"])
    assert (status, "<strong>1</strong>" in html) == (200, True)
    assert 'value="en" checked' in html

    form = sent_by(page(browser).partition("readers-form")[2])
    sent = {"csrf_token": form["csrf_token"], "geste": "compter", "languages": "en"}
    piece = browser.post(PAGE, data=sent, headers={"HX-Request": "true"})

    text = piece.get_data(as_text=True)
    assert text.lstrip().startswith("<div")
    assert "<strong>1</strong>" in text
    with reading() as session:
        assert issue(session).audience == {}


def test_nobody_is_said_at_once_and_stops_the_approval(browser: FlaskClient) -> None:
    text = tick(browser, languages=["en"], themes=["telesante"], geste=["compter"])[1]
    assert "Ces choix ne laissent personne : ôtez-en, ou changez-les." in text
    assert "<strong>0</strong> personne le recevrait" in text

    tick(browser, languages=["en"], themes=["telesante"])

    html = page(browser, APPROVAL)
    assert "Personne ne recevrait ce numéro" in html
    assert f'href="{PAGE}"' in html
    assert "Réglez d’abord ce qui l’empêche" in html


def test_what_was_chosen_and_is_offered_no_more_stays(browser: FlaskClient, team: Team) -> None:
    with writing() as session:
        issue(session).audience = {"organisations": ["ancienne"]}

    html = page(browser)

    assert 'value="ancienne" checked' in html
    assert tick(browser, organisations=["ancienne", "inventee"])[0] == 303
    with reading() as session:
        assert issue(session).audience == {"organisations": ["ancienne"]}


def test_two_people_who_choose_see_each_other(browser: FlaskClient, team: Team) -> None:
    html = page(browser)
    with writing() as session:
        narrow(session, team, languages=["fr"])

    status, again = tick(browser, html=html, languages=["en"])

    assert status == 409
    assert "Enregistré entre-temps" in again
    assert 'value="en" checked' in again
    assert tick(browser, html=again, languages=["en"])[0] == 303


def test_whoever_chooses_wrote_and_a_button_of_the_composer_leads_there(
    browser: FlaskClient, team: Team
) -> None:
    with writing() as session:
        narrow(session, team, languages=["fr"])
        assert team.reviewer.member_id in writer_ids(session, issue(session))
    form = sent_by(page(browser, COMPOSE).partition("data-dossier")[2].partition("</form>")[0])
    form["title"], form["geste"] = "Gardé d’abord", "destinataires"

    answer = browser.post(COMPOSE, data=form)

    assert answer.location == PAGE
    with reading() as session:
        assert issue(session).title == "Gardé d’abord"


def test_what_others_judge_is_not_addressed_otherwise(
    app: Flask, browser: FlaskClient, team: Team, settings: Settings
) -> None:
    html = page(browser)
    with writing() as session:
        ask(session, issue(session), team, settings)

    assert browser.get(PAGE).status_code == 303
    assert tick(browser, html=html, languages=["en"])[0] == 303
    with reading() as session:
        assert issue(session).audience == {}
    assert browser_of(app, team.stranger).get(PAGE).status_code == 404


def test_an_approval_holds_for_these_readers_alone(team: Team, settings: Settings) -> None:
    with writing() as session:
        found = issue(session)
        ask(session, found, team, settings)
        seen = shown(session, found, settings)
        take_back(session, found, by=team.writer)
        set_audience(
            session, found, {"languages": ["fr"]}, seen=audience_mark(found), by=team.writer
        )
        ask(session, found, team, settings)

        with pytest.raises(Conflict):
            approve(session, found, seen=seen, by=team.coordination, settings=settings)


def test_readers_changed_behind_an_approval_hold_the_issue(team: Team, settings: Settings) -> None:
    with writing() as session:
        found = make_approved(session, issue(session), team, settings)
        schedule(session, found, at=now(), by=team.writer, settings=settings)
        found.audience = {"languages": ["fr"]}
        session.flush()

        start_next_due(session, settings=settings)

        assert (found.state, found.held_for) == (IssueState.SCHEDULED, Hold.CHANGED)


def test_an_issue_goes_to_those_that_were_counted(
    browser: FlaskClient, team: Team, settings: Settings
) -> None:
    assert "<strong>2</strong>" in tick(browser, languages=["fr"], geste=["compter"])[1]
    tick(browser, languages=["fr"])

    with writing() as session:
        found = make_approved(session, issue(session), team, settings)
        schedule(session, found, at=now(), by=team.writer, settings=settings)
        start_next_due(session, settings=settings)
        assert len(session.scalars(select(Delivery)).all()) == 2


def test_the_page_reads_a_fixed_number_of_statements(browser: FlaskClient, team: Team) -> None:
    with writing() as session:
        make_organisation(session)
    page(browser)
    with statements() as before:
        page(browser)
    with writing() as session:
        for _time in range(3):
            make_organisation(session)
            make_subscriber(session)

    with statements() as after:
        page(browser)

    assert len(after) == len(before) <= 16
