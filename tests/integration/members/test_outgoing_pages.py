"""« Boîte d'envoi » shows the letters of a demonstration, and exists nowhere else."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from inters4.core.installation import mark_demo
from inters4.core.mail.send import send_due
from inters4.core.mail.transports import MaildirTransport
from inters4.settings import Settings
from tests.builders.joining import make_registration


@pytest.fixture
def sent(app: Flask, session: Session, settings: Settings) -> str:
    """A letter was written to the folder; the secret it carries."""
    _, secret = make_registration(session, name="Ariane <b>Essai</b>")
    session.commit()
    transport = MaildirTransport(settings.data_dir / "courriels")
    assert send_due(settings, transport=transport) == 1
    return secret


def test_a_letter_is_read_and_its_links_followed(
    client: FlaskClient, session: Session, sent: str
) -> None:
    mark_demo(session)
    session.commit()

    page = client.get("/demonstration/courriels").text
    found = re.search(r"/demonstration/courriels/[0-9a-f]{40}", page)
    assert found is not None
    letter = client.get(found[0]).text
    assert f'href="/inscription/confirmation/{sent}"' in letter
    assert "<b>Essai" not in letter
    drawn = client.get(f"{found[0]}.html")
    assert "sandbox" in drawn.headers["Content-Security-Policy"]
    assert client.get("/demonstration/courriels/rien").status_code == 404


def test_a_real_database_shows_no_letter(client: FlaskClient, sent: str) -> None:
    assert client.get("/demonstration/courriels").status_code == 404
    assert client.get("/demonstration/courriels/" + "0" * 40).status_code == 404
    assert client.get("/demonstration/courriels/" + "0" * 40 + ".html").status_code == 404
