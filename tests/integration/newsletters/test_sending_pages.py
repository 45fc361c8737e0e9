"""The page of a sending, for the team alone; links of a message, counted, nobody followed."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.newsletters.exports.tokens import link_path
from inters4.newsletters.jobs.clicks import sum_clicks
from inters4.newsletters.models import (
    Delivery,
    DeliveryState,
    FrozenIssue,
    Hold,
    Issue,
    IssueLink,
    IssueState,
    LinkDay,
    Pause,
)
from inters4.newsletters.services.starting import tell_team
from inters4.notices.models import Notice
from inters4.settings import Settings
from tests.builders.members import browser_of, make_viewer, sign_in_as
from tests.builders.newsletters import make_newsletter
from tests.builders.sending import make_ready, make_sending, make_subscriber
from tests.builders.statements import statements
from tests.builders.web import csrf

PAGE = "/infolettres/en-bref/1/envoi"
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0"}
ARTICLE = "https://revue.exemple.ca/article"
READ = 9
"""Statements of the page of a sending under way."""


@pytest.fixture
def broker(client: FlaskClient, session: Session) -> Viewer:
    found = make_viewer(session, role=Role.BROKER, name="Ariane Essai")
    sign_in_as(client, session, found)
    return found


@pytest.fixture
def sending(client: FlaskClient, session: Session, settings: Settings) -> Issue:
    """An issue that is being sent to three readers."""
    make_newsletter(session)
    for _one in range(3):
        make_subscriber(session)
    issue = make_sending(session, settings=settings)
    session.commit()
    return issue


def page(client: FlaskClient) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200, answer.status_code
    html = answer.get_data(as_text=True)
    html5lib.HTMLParser(strict=True).parse(html)
    return html


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html.partition("<main")[2])))


def press(client: FlaskClient, which: str) -> str:
    token = csrf(client, PAGE)
    answer = client.post(f"{PAGE}/{which}", data={"csrf_token": token}, follow_redirects=True)
    return words_of(answer.get_data(as_text=True))


def state() -> IssueState:
    with reading() as session:
        return session.scalars(select(Issue.state)).one()


def test_only_the_team_sees_a_sending(app: Flask, session: Session, sending: Issue) -> None:
    stranger = make_viewer(session)
    session.commit()
    reader = browser_of(app, stranger)

    assert reader.get(PAGE).status_code == 404
    assert reader.post(f"{PAGE}/pause", data={"csrf_token": csrf(reader, "/")}).status_code == 404
    assert app.test_client().get(PAGE).status_code == 303
    assert state() is IssueState.SENDING


@pytest.mark.usefixtures("broker")
@pytest.mark.parametrize(
    ("standing", "word"),
    [(IssueState.SENDING, "En cours d’envoi"), (IssueState.PAUSED, "Envoi interrompu")],
)
def test_the_desk_leads_to_what_is_leaving(
    client: FlaskClient,
    session: Session,
    sending: Issue,
    standing: IssueState,
    word: str,
) -> None:
    sending.state = standing
    session.commit()

    desk = client.get("/infolettres/bureau").get_data(as_text=True)

    assert f'href="{PAGE}"' in desk
    assert word in words_of(desk)
    assert ("attend une décision" in words_of(desk)) is (standing is IssueState.PAUSED)


@pytest.mark.usefixtures("broker")
@pytest.mark.parametrize(
    ("minutes", "said"), [(0, "commence dans un instant"), (2, "Rien n’est parti depuis")]
)
def test_a_sending_that_has_just_begun_is_not_said_to_be_late(
    client: FlaskClient, session: Session, sending: Issue, minutes: int, said: str
) -> None:
    session.get_one(FrozenIssue, sending.id).frozen_at = now() - timedelta(minutes=minutes)
    session.commit()

    assert said in words_of(page(client))


@pytest.mark.parametrize(("minutes", "is_followed"), [(0, True), (30, False)])
def test_the_page_of_an_issue_whose_hour_has_come_follows_it(
    client: FlaskClient, session: Session, broker: Viewer, minutes: int, is_followed: bool
) -> None:
    make_ready(session, send_at=now() + timedelta(minutes=minutes))
    session.commit()

    html = page(client)

    assert ('hx-trigger="every 3s"' in html) is is_followed
    assert ("L’envoi commence dans un instant" in words_of(html)) is is_followed


def test_a_draft_has_no_sending(client: FlaskClient, session: Session, broker: Viewer) -> None:
    make_ready(session, state=IssueState.DRAFT)
    session.commit()

    assert client.get(PAGE).status_code == 404


@pytest.mark.parametrize("standing", [IssueState.SCHEDULED, IssueState.DRAFT, IssueState.CANCELLED])
def test_a_notice_of_a_sending_leads_to_a_page_whatever_was_decided_since(
    client: FlaskClient, session: Session, broker: Viewer, standing: IssueState
) -> None:
    issue = make_ready(session, held_for=Hold.LATE)
    tell_team(session, issue.id)
    issue.state = standing
    session.commit()
    notice = session.scalars(select(Notice.public_id)).one()

    answer = client.get(f"/avis/{notice}", follow_redirects=True)

    assert answer.status_code == 200
    assert "numéro 1" in words_of(answer.get_data(as_text=True))


def test_the_page_says_how_far_it_is(
    client: FlaskClient, session: Session, broker: Viewer, sending: Issue
) -> None:
    first, second, _third = session.scalars(select(Delivery).order_by(Delivery.id)).all()
    first.state, first.sent_at, first.uncertain = DeliveryState.SENT, now(), 1
    second.state, second.last_error = DeliveryState.DEFERRED, "Le relais refuse (451 plus tard)."
    session.commit()

    html = page(client)

    said = words_of(html)
    assert "1 message parti sur 3" in said
    assert "En attente 1" in said
    assert "Remis à plus tard · 1 Le relais refuse (451 plus tard)." in said
    assert "Un message a peut-être été reçu deux fois" in said
    assert "Encore 2 minutes à ce rythme." in said
    assert 'hx-trigger="every 3s"' in html


def test_htmx_is_given_the_middle_of_the_page_alone(
    client: FlaskClient, broker: Viewer, sending: Issue
) -> None:
    part = client.get(PAGE, headers={"HX-Request": "true"}).get_data(as_text=True)

    assert part.strip().startswith('<div id="envoi"')
    assert "<main" not in part


def test_a_long_sending_costs_no_more_statements(
    client: FlaskClient, session: Session, broker: Viewer, sending: Issue
) -> None:
    page(client)
    with statements() as few:
        page(client)
    with writing() as other:
        for number in range(40):
            reader = make_subscriber(other)
            other.add(
                Delivery(
                    issue_id="en-bref-1",
                    subscriber_id=reader.id,
                    address=reader.address,
                    message_id=f"<{number}@exemple.ca>",
                )
            )
    with statements() as many:
        page(client)

    assert len(few) == len(many) <= READ


def test_the_team_pauses_goes_on_and_ends(
    client: FlaskClient, broker: Viewer, sending: Issue
) -> None:
    assert "L’envoi est suspendu." in press(client, "pause")
    assert state() is IssueState.PAUSED
    assert "Cet envoi a changé entre-temps" in press(client, "pause")
    assert "L’envoi reprend où il s’était arrêté." in press(client, "reprise")
    assert state() is IssueState.SENDING
    press(client, "pause")
    assert "3 personnes ne recevront pas ce numéro." in words_of(page(client))
    assert "ce qui n’était pas parti ne partira pas" in press(client, "arret")
    assert state() is IssueState.SENT


def test_a_gesture_that_does_not_exist_is_not_there(
    client: FlaskClient, broker: Viewer, sending: Issue
) -> None:
    token = csrf(client, PAGE)

    assert client.post(f"{PAGE}/tout", data={"csrf_token": token}).status_code == 404


def test_the_page_says_why_a_sending_stopped(
    client: FlaskClient, session: Session, broker: Viewer, sending: Issue
) -> None:
    session.execute(update(FrozenIssue).values(paused_for=Pause.RELAY))
    sending.state = IssueState.PAUSED
    session.commit()

    assert "Le relais de courriel ne répond pas." in words_of(page(client))


@pytest.mark.parametrize(("hold", "is_offered"), [(Hold.LATE, True), (Hold.CHANGED, False)])
def test_what_is_held_says_why_and_offers_what_may_be_passed_over(
    client: FlaskClient, session: Session, broker: Viewer, hold: Hold, is_offered: bool
) -> None:
    make_ready(session, held_for=hold, send_at=now() - timedelta(days=2))
    session.commit()

    said = words_of(page(client))

    assert ("confirmez que ce numéro part encore" in said) is is_offered
    assert ("Envoyer maintenant" in said) is is_offered
    if not is_offered:
        assert "demandez une nouvelle approbation" in press(client, "confirmation")
        assert state() is IssueState.SCHEDULED


def test_a_link_leads_where_the_message_said_and_is_counted_by_day(
    client: FlaskClient, sending: Issue
) -> None:
    path = link_path(sending.id, 0)

    for _click in range(2):
        answer = client.get(path, headers=BROWSER)
        assert (answer.status_code, answer.location) == (302, ARTICLE)
        answer.close()
    sum_clicks()
    sum_clicks()

    with reading() as session:
        assert session.scalars(select(LinkDay.clicks)).all() == [2]


@pytest.mark.parametrize(
    "ask",
    [
        lambda client, path: client.head(path, headers=BROWSER),
        lambda client, path: client.get(path, headers={"User-Agent": "SafeLinks-scanner/1"}),
        lambda client, path: client.get(path, headers={"User-Agent": ""}),
        lambda client, path: client.get(path, headers={**BROWSER, "Sec-Purpose": "prefetch"}),
    ],
)
def test_scanners_are_led_there_and_not_counted(
    client: FlaskClient, sending: Issue, ask: Callable[..., object]
) -> None:
    answer = client.get("/")
    answer.close()

    ask(client, link_path(sending.id, 0))
    sum_clicks()

    with reading() as session:
        assert session.scalars(select(LinkDay)).all() == []


def test_the_team_that_tries_its_links_does_not_count(
    client: FlaskClient, broker: Viewer, sending: Issue
) -> None:
    client.get(link_path(sending.id, 0), headers=BROWSER).close()
    sum_clicks()

    with reading() as session:
        assert session.scalars(select(LinkDay)).all() == []


def test_only_links_of_an_issue_are_followed(client: FlaskClient, sending: Issue) -> None:
    assert client.get(link_path(sending.id, 7)).status_code == 404
    assert client.get(link_path("autre-1", 0)).status_code == 404
    forged = link_path(sending.id, 0).replace(f"{sending.id}.0", f"{sending.id}.1")
    assert client.get(forged).status_code == 404


def test_a_sent_issue_shows_which_links_were_followed(
    client: FlaskClient, session: Session, broker: Viewer, sending: Issue
) -> None:
    link = session.scalars(select(IssueLink)).one()
    session.add(LinkDay(link_id=link.id, day=now().date(), clicks=12))
    sending.state = IssueState.SENT
    session.commit()

    said = words_of(page(client))

    assert "revue.exemple.ca 12" in said
    assert ARTICLE not in said
    assert "les ouvertures ne sont pas mesurées" in said
