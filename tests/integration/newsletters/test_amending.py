"""An issue that readers have: its note, and the message that corrects it."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.audit import AuditEntry
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.i18n import format_date
from inters4.newsletters.models import (
    Delivery,
    DeliveryState,
    Frequency,
    Issue,
    IssueState,
    Newsletter,
)
from inters4.newsletters.queries.audience import count_audience, recipients_of
from inters4.newsletters.services.amending import prepare_erratum
from inters4.newsletters.services.freezing import freeze_issue
from inters4.newsletters.services.preparing import prepare_next_issue
from inters4.settings import Settings
from tests.builders.approved import make_whole_newsletter
from tests.builders.kept import kept
from tests.builders.members import browser_of
from tests.builders.newsletters import make_issue
from tests.builders.sending import make_parts, make_subscriber
from tests.builders.statements import statements
from tests.builders.summaries import Team, make_team
from tests.builders.web import sent_by

ISSUE = "/infolettres/en-bref/1"
PAGE, ERRATUM = f"{ISSUE}/correction", f"{ISSUE}/erratum"
NOTE = "L’étude portait sur 120 personnes, et non 1 200."


@pytest.fixture
def team(app: Flask, settings: Settings) -> Team:
    """Issue 1 left, to one of two subscribers."""

    def make() -> Team:
        make_whole_newsletter(session)
        make_subscriber(session, address="lectrice@exemple.ca", frequency=Frequency.MONTHLY)
        issue = make_issue(session, state=IssueState.SCHEDULED, published_at=None)
        freeze_issue(session, issue, make_parts(), settings=settings)
        issue.state, issue.published_at = IssueState.SENT, now() - timedelta(hours=1)
        delivery = session.scalars(select(Delivery)).one()
        delivery.state, delivery.sent_at = DeliveryState.SENT, now() - timedelta(hours=1)
        make_subscriber(session, address="nouvelle@exemple.ca")
        return make_team(session)

    with writing() as session:
        return kept(session, "an issue that left", make)


@pytest.fixture
def browser(app: Flask, team: Team) -> FlaskClient:
    return browser_of(app, team.writer)


def page(client: FlaskClient, path: str = PAGE, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.headers.get("Location")
    return answer.get_data(as_text=True)


def note(client: FlaskClient, text: str, *, html: str = "") -> tuple[int, str]:
    sent = sent_by((html or page(client)).partition("la-note")[2])
    answer = client.post(PAGE, data={**sent, "note": text})
    return answer.status_code, answer.get_data(as_text=True)


def first(session: Session) -> Issue:
    return session.scalars(select(Issue).where(Issue.number == 1)).one()


def errata(session: Session) -> list[Issue]:
    return list(session.scalars(select(Issue).where(Issue.erratum_of_id.is_not(None))))


def test_a_note_is_shown_first_dated_and_told_in_the_feed(
    app: Flask, browser: FlaskClient, team: Team
) -> None:
    feed = "/infolettres/en-bref/flux.atom"
    before = page(app.test_client(), feed)

    assert note(browser, f"  {NOTE}\r\n")[0] == 303
    assert note(browser, NOTE)[0] == 303  # pressed twice

    html = page(app.test_client(), ISSUE)
    assert f"Correction du {format_date(now())}" in html
    assert NOTE in html.partition('class="prose"')[0]
    assert before.partition("<entry>")[2] != page(app.test_client(), feed).partition("<entry>")[2]
    with reading() as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "newsletters.correction")
        ).all()
        assert [(one.actor_id, one.detail["note"]) for one in entries] == [
            (team.writer.member_id, NOTE)
        ]
    assert "Note de correction" in page(browser, f"{ISSUE}/approbation")


@pytest.mark.parametrize("text", ["", "  ", "m" * 601])
def test_a_note_that_cannot_be_is_refused_and_kept(browser: FlaskClient, text: str) -> None:
    note(browser, NOTE)

    status, html = note(browser, text)

    assert status == 422
    assert text.strip() in html
    assert NOTE in page(browser, ISSUE)


def test_a_note_written_meanwhile_is_not_written_over(app: Flask, browser: FlaskClient) -> None:
    seen = page(browser)
    note(browser, "La note d’une autre personne.")

    status, html = note(browser, "La mienne.", html=seen)

    assert status == 409
    assert "La note d’une autre personne." in html
    assert "La mienne." in html
    assert note(browser, "La mienne.", html=html)[0] == 303


def test_nobody_else_writes_it_and_a_draft_has_none(app: Flask, team: Team) -> None:
    stranger = browser_of(app, team.stranger)
    token = sent_by(page(stranger, "/compte/profil"))["csrf_token"]
    assert stranger.get(PAGE).status_code == 404
    for path in (PAGE, ERRATUM):
        assert stranger.post(path, data={"csrf_token": token}).status_code == 404
    assert "Corriger ce numéro" not in page(stranger, ISSUE)
    writer = browser_of(app, team.writer)
    assert "Corriger ce numéro" in page(writer, ISSUE)
    with writing() as session:
        first(session).state = IssueState.DRAFT

    assert writer.get(PAGE).status_code == 303
    sent = {"csrf_token": token, "note": NOTE}
    token = sent_by(page(writer, "/compte/profil"))["csrf_token"]
    assert writer.post(PAGE, data={**sent, "csrf_token": token}).status_code == 303
    assert writer.post(ERRATUM, data={"csrf_token": token}).status_code == 303
    with reading() as session:
        assert errata(session) == []


def test_an_erratum_is_made_once_and_composed_like_others(browser: FlaskClient) -> None:
    sent = {"csrf_token": sent_by(page(browser))["csrf_token"]}

    places = {browser.post(ERRATUM, data=sent).location for _time in range(2)}

    assert places == {"/infolettres/en-bref/2/composer"}
    with reading() as session:
        (made,) = errata(session)
        assert (made.number, made.erratum_of_id) == (2, first(session).id)
        assert made.title.startswith("Erratum\u00a0: ")
        assert f"]({ISSUE})" in made.source
    html = page(browser, "/infolettres/en-bref/2/composer")
    assert "Un texte est vide" in html
    assert "Aller à l’erratum en préparation" in page(browser)


def test_an_erratum_goes_to_those_who_received_what_it_corrects(team: Team) -> None:
    with writing() as session:
        made = prepare_erratum(session, first(session), by=team.writer)

        found = recipients_of(session, made, at=now())

        assert [one.address for one in found] == ["lectrice@exemple.ca"]
        assert count_audience(session, made, at=now()) == 1


def test_an_erratum_of_what_left_elsewhere_goes_to_those_it_was_for(team: Team) -> None:
    with writing() as session:
        found = first(session)
        session.delete(session.scalars(select(Delivery)).one())
        found.sent_elsewhere = 40

        made = prepare_erratum(session, found, by=team.writer)

        assert count_audience(session, made, at=now()) == 2


def test_an_erratum_takes_the_place_of_no_issue(team: Team, settings: Settings) -> None:
    with writing() as session:
        erratum = prepare_erratum(session, first(session), by=team.writer)
        newsletter = session.get_one(Newsletter, erratum.newsletter_id)

        following = prepare_next_issue(session, newsletter, by=team.writer)

        assert following.id != erratum.id
        assert following.erratum_of_id is None
        erratum.state, erratum.published_at = IssueState.SENT, now()
        later = now() + timedelta(days=28)
        delivery = session.scalars(select(Delivery)).one()
        session.add(
            Delivery(
                issue_id=erratum.id,
                subscriber_id=delivery.subscriber_id,
                address=delivery.address,
                message_id="<erratum@exemple.ca>",
                not_before=now(),
                state=DeliveryState.SENT,
                sent_at=now() + timedelta(days=5),
            )
        )
        session.flush()
        assert count_audience(session, following, at=later) == 2  # read once a month all the same


def test_the_archives_tell_of_each_other(app: Flask, team: Team) -> None:
    with writing() as session:
        made = prepare_erratum(session, first(session), by=team.writer)
        made.items.clear()
    anyone = app.test_client()
    assert "erratum" not in page(anyone, ISSUE).lower().partition("<main")[2]
    with writing() as session:
        errata(session)[0].state = IssueState.SENT
        errata(session)[0].published_at = now()

    assert 'href="/infolettres/en-bref/2"' in page(anyone, ISSUE)
    html = page(anyone, "/infolettres/en-bref/2")
    assert "Ce message corrige le numéro 1" in html
    assert f'href="{ISSUE}"' in html


def test_an_issue_on_the_web_alone_has_a_note_and_no_erratum(
    browser: FlaskClient, team: Team
) -> None:
    with writing() as session:
        make_issue(session, 9)
    path = "/infolettres/en-bref/9/correction"

    assert "Préparer un erratum" not in page(browser, path)
    sent = {"csrf_token": sent_by(page(browser, path))["csrf_token"]}
    assert browser.post("/infolettres/en-bref/9/erratum", data=sent).status_code == 303
    with reading() as session:
        assert errata(session) == []


def test_the_page_reads_a_fixed_number_of_statements(browser: FlaskClient, team: Team) -> None:
    page(browser)
    with statements() as before:
        page(browser)
    with writing() as session:
        for _time in range(3):
            made = prepare_erratum(session, first(session), by=team.writer)
            made.state, made.published_at = IssueState.SENT, now()
            session.flush()

    with statements() as after:
        page(browser)

    assert len(after) == len(before) <= 14
