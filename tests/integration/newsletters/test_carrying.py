"""« Emporter le numéro » : an approved issue leaves by other means, and the portal is told."""

import csv
import io
import re
import zipfile
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.audit import AuditEntry
from inters4.core.clock import local, now
from inters4.core.db import reading, writing
from inters4.core.outbox import OutboxRow
from inters4.newsletters.models import Delivery, Frequency, Issue, IssueState, Newsletter
from inters4.newsletters.queries.subscribers import find_by_address
from inters4.newsletters.services.approving import take_back
from inters4.newsletters.services.freezing import freeze_issue
from inters4.newsletters.services.scheduling import schedule
from inters4.newsletters.services.starting import start_next_due
from inters4.settings import Settings
from tests.builders.approved import make_approved, make_whole_newsletter, make_written
from tests.builders.kept import kept
from tests.builders.members import browser_of
from tests.builders.newsletters import make_newsletter
from tests.builders.sending import make_parts, make_subscriber
from tests.builders.statements import statements
from tests.builders.summaries import Team, make_team
from tests.builders.web import sent_by

ISSUE = "/infolettres/en-bref/1"
PAGE, SAID = f"{ISSUE}/emporter", f"{ISSUE}/envoye-hors-du-portail"
READERS = {"lectrice@exemple.ca", "+lecteur@exemple.ca"}


@pytest.fixture
def team(app: Flask, settings: Settings) -> Team:

    def make() -> Team:
        team = make_team(session)
        newsletter = make_whole_newsletter(session)
        for address in READERS:
            make_subscriber(session, address=address)
        make_newsletter(session, "autre")
        make_subscriber(session, newsletter="autre", address="autre@exemple.ca")
        make_approved(session, make_written(session, newsletter, team), team, settings)
        return team

    with writing() as session:
        return kept(session, "an approved issue", make)


@pytest.fixture
def browser(app: Flask, team: Team) -> FlaskClient:
    return browser_of(app, team.writer)


def page(client: FlaskClient, path: str = PAGE, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def take(client: FlaskClient, piece: str) -> bytes:
    data = {"csrf_token": sent_by(page(client))["csrf_token"]}
    answer = client.post(f"{PAGE}/{piece}", data=data)
    assert answer.status_code == 200, answer.headers.get("Location")
    assert answer.headers["Cache-Control"] == "no-store"
    return bytes(answer.data)


def tell(client: FlaskClient, *, day: str = "", people: str = "120") -> int:
    sent = {"jour": day or local(now()).date().isoformat(), "personnes": people}
    token = sent_by(page(client, f"{ISSUE}/approbation"))["csrf_token"]
    return client.post(SAID, data={"csrf_token": token, **sent}).status_code


def issue(session: Session) -> Issue:
    return session.scalars(select(Issue)).one()


def read_mail(data: bytes) -> EmailMessage:
    found = message_from_bytes(data, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def lines(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def test_everything_leaves_in_one_archive(browser: FlaskClient) -> None:
    archive = zipfile.ZipFile(io.BytesIO(take(browser, "tout")))

    names = {name.rpartition("/")[2] for name in archive.namelist()}
    assert names == {
        "en-bref-1.eml",
        "en-bref-1.html",
        "en-bref-1.txt",
        "en-bref-1-destinataires.csv",
        "LISEZ-MOI.txt",
    }
    for name, piece in (("eml", "message"), ("html", "html"), ("txt", "texte")):
        inside = archive.read(f"en-bref-1/en-bref-1.{name}")
        assert b"Bonjour." in inside
        if name != "eml":
            assert inside == take(browser, piece)


def test_the_message_names_nobody_and_its_way_out_is_everybodys(
    browser: FlaskClient, settings: Settings
) -> None:
    mail = read_mail(take(browser, "message"))

    assert mail.get_content_type() == "multipart/alternative"
    assert mail["To"] is None
    assert mail["Subject"] == "Loin des centres"
    parts = {part.get_content_type(): part.get_content() for part in mail.iter_parts()}
    for words in parts.values():
        ways = set(re.findall(r"/infolettres/(?:desabonnement|preferences|lien)[^\s\"<>]*", words))
        assert ways == {"/infolettres/desabonnement"}
        assert "Bonjour." in words
    assert page(browser, "/infolettres/desabonnement")
    assert parts["text/html"].split() == take(browser, "html").decode().split()
    assert settings.url in parts["text/plain"]


def test_the_addresses_are_those_that_the_portal_would_write_to(
    browser: FlaskClient, settings: Settings
) -> None:
    with writing() as session:
        make_subscriber(session, address="lente@exemple.ca", frequency=Frequency.MONTHLY)
        found = issue(session)
        make_subscriber(session, address="partie@exemple.ca").subscriptions[0].ended_at = now()

    heads, *rows = lines(take(browser, "destinataires"))

    with writing() as session:
        found = issue(session)
        freeze_issue(session, found, make_parts(), settings=settings)
        sent_to = set(session.scalars(select(Delivery.address)))
    assert heads == ["courriel", "langue"]
    assert {row[0].removeprefix("'") for row in rows} == sent_to
    assert ["'+lecteur@exemple.ca", "fr"] in rows  # no spreadsheet runs it


def test_addresses_that_a_spreadsheet_would_run_are_named_as_they_are(
    browser: FlaskClient,
) -> None:
    archive = zipfile.ZipFile(io.BytesIO(take(browser, "tout")))
    told = archive.read("en-bref-1/LISEZ-MOI.txt").decode().split("\r\n")

    assert told[-2:] == ["+lecteur@exemple.ca", ""]
    assert "une apostrophe les précède" in told[-3]
    assert "lectrice@exemple.ca" not in told
    assert "précédée d’une apostrophe" in page(browser)


def test_nothing_is_said_of_addresses_that_are_written_as_they_are(
    browser: FlaskClient,
) -> None:
    with writing() as session:
        found = find_by_address(session, "+lecteur@exemple.ca")
        assert found is not None
        found.subscriptions[0].ended_at = now()

    archive = zipfile.ZipFile(io.BytesIO(take(browser, "tout")))

    assert "apostrophe" not in archive.read("en-bref-1/LISEZ-MOI.txt").decode()


def test_whoever_takes_it_is_written_in_the_journal(browser: FlaskClient, team: Team) -> None:
    take(browser, "destinataires")

    with reading() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "newsletters.carried")
        ).one()
        assert (entry.actor_id, entry.subject) == (team.writer.member_id, "numero:en-bref-1")
        assert entry.detail == {"piece": "destinataires", "people": 2}


def test_what_is_not_approved_any_more_is_not_taken_away(browser: FlaskClient, team: Team) -> None:
    token = sent_by(page(browser))["csrf_token"]
    with writing() as session:
        session.scalars(
            select(Newsletter).where(Newsletter.id == "en-bref")
        ).one().postal_address = "2, rue Fictive"
    assert browser.post(f"{PAGE}/tout", data={"csrf_token": token}).status_code == 303
    with writing() as session:
        take_back(session, issue(session), by=team.writer)

    assert browser.get(PAGE).status_code == 303
    assert browser.post(f"{PAGE}/tout", data={"csrf_token": token}).status_code == 303
    with reading() as session:
        assert "newsletters.carried" not in set(session.scalars(select(AuditEntry.action)))


def test_the_page_reads_a_fixed_number_of_statements(browser: FlaskClient) -> None:
    page(browser)
    with statements() as before:
        page(browser)
    with writing() as session:
        for _time in range(5):
            make_subscriber(session)

    with statements() as after:
        page(browser)

    assert len(after) == len(before) <= 8


def test_nobody_else_learns_that_it_can_be_taken(app: Flask, team: Team) -> None:
    stranger = browser_of(app, team.stranger)
    token = sent_by(page(stranger, "/compte/profil"))["csrf_token"]

    assert stranger.get(PAGE).status_code == 404
    for path in (f"{PAGE}/tout", f"{PAGE}/rien", SAID):
        assert stranger.post(path, data={"csrf_token": token}).status_code == 404


def test_an_issue_told_as_sent_is_online_and_said_apart(app: Flask, browser: FlaskClient) -> None:
    assert tell(browser) == 303

    with reading() as session:
        found = issue(session)
        assert (found.state, found.sent_elsewhere) == (IssueState.SENT, 120)
        queued = session.scalars(select(OutboxRow.document_id)).all()
        assert "en-bref-1" in queued
    assert "Loin des centres" in page(app.test_client(), ISSUE)
    for path in (PAGE, f"{ISSUE}/approbation", f"{ISSUE}/envoi"):
        assert "Envoyé hors du portail le" in page(browser, path)
        assert "à 120\u00a0personnes" in page(browser, path).replace(
            " personnes", "\u00a0personnes"
        )
    assert "Suivre l’envoi" not in page(browser, f"{ISSUE}/approbation")


def test_said_twice_it_is_said_once_and_said_otherwise_it_is_corrected(
    browser: FlaskClient,
) -> None:
    for people in ("120", "120", "121"):
        assert tell(browser, people=people) == 303

    with reading() as session:
        assert issue(session).sent_elsewhere == 121
        told = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.action == "newsletters.sent-elsewhere")
            .order_by(AuditEntry.id)
        ).all()
        assert [entry.detail["people"] for entry in told] == [120, 121]


@pytest.mark.parametrize("people", ["", "0", "-3", "beaucoup", "99999999999"])
def test_a_number_that_cannot_be_is_refused_and_kept(browser: FlaskClient, people: str) -> None:
    assert tell(browser, people=people) == 422


@pytest.mark.parametrize("days", [-400, 1])
def test_a_day_that_cannot_be_is_refused(browser: FlaskClient, days: int) -> None:
    day = (local(now()) + timedelta(days=days)).date().isoformat()

    assert tell(browser, day=day) == 422
    assert tell(browser, day="hier") == 422


def test_what_the_portal_sends_was_not_sent_elsewhere(
    browser: FlaskClient, team: Team, settings: Settings
) -> None:
    with writing() as session:
        found = issue(session)
        schedule(session, found, at=now(), by=team.writer, settings=settings)
        assert start_next_due(session, settings=settings) == "en-bref-1"

    assert tell(browser) == 303  # the page of the issue says that it is being sent
    with reading() as session:
        assert issue(session).sent_elsewhere is None


def test_what_was_sent_elsewhere_the_portal_sends_no_more(
    browser: FlaskClient, team: Team, settings: Settings
) -> None:
    with writing() as session:
        schedule(session, issue(session), at=now(), by=team.writer, settings=settings)
    assert "Le portail l’enverra lui-même" in page(browser)
    assert tell(browser) == 303

    with writing() as session:
        assert start_next_due(session, settings=settings) is None
        assert session.scalars(select(Delivery)).all() == []
    html = page(browser, f"{ISSUE}/approbation")
    data = {"csrf_token": sent_by(html)["csrf_token"], "maintenant": "1"}
    assert browser.post(f"{ISSUE}/approbation/envoi", data=data).status_code == 409
