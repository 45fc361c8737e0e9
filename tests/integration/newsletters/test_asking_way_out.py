"""`/infolettres/desabonnement`: one's own way out, asked for by whoever has no link."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from inters4.core.db import reading, writing
from inters4.core.mail.send import send_due
from inters4.core.mail.transports import MemoryTransport
from inters4.newsletters.models import SubscriberState
from inters4.newsletters.queries.subscribers import find_by_address
from inters4.newsletters.views import asking_way_out
from inters4.settings import Settings
from tests.builders.newsletters import make_newsletter
from tests.builders.sending import make_subscriber
from tests.builders.statements import statements
from tests.builders.web import sent_by

PAGE = "/infolettres/desabonnement"
ADDRESS = "lectrice@exemple.ca"


@pytest.fixture(autouse=True)
def _readers(client: FlaskClient) -> None:
    with writing() as session:
        make_newsletter(session)
        make_subscriber(session, address=ADDRESS)
        make_subscriber(session, address="partie@exemple.ca", state=SubscriberState.UNSUBSCRIBED)


def ask(client: FlaskClient, email: str) -> int:
    token = sent_by(client.get(PAGE).get_data(as_text=True))["csrf_token"]
    return client.post(PAGE, data={"csrf_token": token, "courriel": email}).status_code


def letters(settings: Settings) -> list[str]:
    MemoryTransport.sent.clear()
    carrier = MemoryTransport()
    send_due(settings, transport=carrier)
    return [one.data.decode() for one in carrier.sent]


def state(session: Session) -> SubscriberState:
    found = find_by_address(session, ADDRESS)
    assert found is not None
    return found.state


def test_a_reader_receives_their_own_way_out(client: FlaskClient, settings: Settings) -> None:
    assert ask(client, " Lectrice@exemple.ca ") == 303

    (letter,) = letters(settings)
    plain = letter.replace("=\r\n", "").replace("=3D", "=")
    path = plain.partition(f"{PAGE}/")[2].split()[0].rstrip('">')
    assert client.get(f"{PAGE}/{path}").status_code == 200
    with reading() as session:
        assert state(session) is SubscriberState.ACTIVE
    client.post(f"{PAGE}/{path}", data={"portee": "toutes"})
    with reading() as session:
        assert state(session) is SubscriberState.UNSUBSCRIBED


@pytest.mark.parametrize("email", ["inconnue@exemple.ca", "partie@exemple.ca"])
def test_an_address_that_receives_nothing_is_answered_alike_and_not_written_to(
    client: FlaskClient, settings: Settings, email: str
) -> None:
    client.get(PAGE)
    with statements(verb="") as known:
        assert ask(client, ADDRESS) == 303
    assert len(letters(settings)) == 1

    with statements(verb="") as unknown:
        assert ask(client, email) == 303

    assert letters(settings) == []
    assert len(known) == len(unknown)


def test_three_letters_a_day_are_enough(client: FlaskClient, settings: Settings) -> None:
    for _time in range(5):
        ask(client, ADDRESS)

    assert len(letters(settings)) == 3


@pytest.mark.parametrize("path", [f"{PAGE}/coupe", "/infolettres/abonnement"])
def test_pages_lead_there_who_have_no_link(client: FlaskClient, path: str) -> None:
    assert f'href="{PAGE}"' in client.get(path).get_data(as_text=True)


def test_what_is_no_address_is_kept_and_said(client: FlaskClient) -> None:
    assert ask(client, "lectrice") == 422
    assert ask(client, "") == 422


def test_a_network_that_floods_waits(client: FlaskClient) -> None:
    answers = {ask(client, ADDRESS) for _time in range(asking_way_out.MOST_FORMS + 1)}

    assert answers == {303, 429}


def test_whoever_is_slowed_is_told_another_way_out(client: FlaskClient, settings: Settings) -> None:
    token = sent_by(client.get(PAGE).get_data(as_text=True))["csrf_token"]
    data = {"csrf_token": token, "courriel": ADDRESS}
    first = client.post(PAGE, data=data)
    for _time in range(asking_way_out.MOST_FORMS):
        last = client.post(PAGE, data=data)

    assert (first.status_code, last.status_code) == (303, 429)
    html = last.get_data(as_text=True).partition("<main")[2].partition("</main")[0]
    assert f'href="mailto:{settings.contact}"' in html
    assert "Vous n’avez pas à attendre" in html
    assert "Vous n’avez pas à attendre" not in client.get(PAGE).get_data(as_text=True)
