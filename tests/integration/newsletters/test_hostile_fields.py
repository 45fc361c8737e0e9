"""What somebody types in a form to add a field to the messages: refused, or read as it is."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.core.db import reading, writing
from inters4.core.mail import QueuedMail
from inters4.core.mail.compose import Envelope
from inters4.core.mail.send import send_due
from inters4.core.mail.transports import MemoryTransport
from inters4.newsletters.forms.subscribers_file import read_subscribers
from inters4.newsletters.models import Issue, Newsletter, Subscriber
from inters4.newsletters.services.importing_subscribers import Declared, import_subscribers
from inters4.newsletters.services.preparing import prepare_next_issue
from inters4.settings import Settings
from tests.builders.envelopes import BREAKS, HOSTILE, parsed
from tests.builders.members import browser_of, make_viewer
from tests.builders.newsletters import make_newsletter
from tests.builders.vocabulary import make_vocabulary
from tests.builders.web import csrf, sent_by

COMPOSE = "/infolettres/en-bref/1/composer"
SENDER = "/infolettres/bureau/en-bref/expediteur"
FORM = "/infolettres/abonnement"
POSTED = {
    name: HOSTILE[name]
    for name in ("crlf", "lf", "cr", "nel", "nul", "line-separator", "right-to-left", "long")
} | {name: HOSTILE[name] for name in HOSTILE if name.startswith("encoded")}
"""What a browser may post, one of each family."""


@pytest.fixture
def writer(app: Flask) -> FlaskClient:
    """Somebody of the team, whose newsletter has one issue in the making."""
    with writing() as session:
        make_vocabulary(session)
        newsletter = make_newsletter(session, title="InterS4 en bref")
        by = make_viewer(session, role=Role.BROKER)
        prepare_next_issue(session, newsletter, by=by)
    return browser_of(app, by)


def trial(writer: FlaskClient, settings: Settings) -> Envelope:
    """The message as the team receives it."""
    token = csrf(writer, COMPOSE)
    writer.post("/infolettres/en-bref/1/essai", data={"csrf_token": token})
    carrier = MemoryTransport()
    carrier.sent.clear()
    send_due(settings, transport=carrier)
    return carrier.sent[-1]


def is_sound(envelope: Envelope) -> bool:
    """One recipient, one of each field, and no sign that breaks a line."""
    message = parsed(envelope)
    values = [str(value) for value in message.values()]
    return (
        len(set(message.keys())) == len(message.keys())
        and "Bcc" not in message
        and not any(BREAKS.search(value) for value in values)
        and len(message["From"].addresses) == len(message["To"].addresses) == 1
        and max(map(len, envelope.data.split(b"\r\n"))) <= 998
    )


@pytest.mark.parametrize("field", ["title", "subject", "description"])
def test_what_is_typed_in_an_issue_adds_no_field(
    writer: FlaskClient, settings: Settings, field: str
) -> None:
    for name, value in POSTED.items():
        html = writer.get(COMPOSE).text.partition("data-dossier")[2].partition("</form>")[0]
        sent = sent_by(html)
        sent[field] = value

        assert writer.post(COMPOSE, data=sent).status_code in {303, 422}, name

        with reading() as session:
            kept = getattr(session.scalars(select(Issue)).one(), field)
        assert not BREAKS.search(kept.replace("\n", "") if field == "description" else kept), name
        assert is_sound(trial(writer, settings)), name


@pytest.mark.parametrize("field", ["nom", "reponse", "adresse"])
def test_what_is_typed_of_the_sender_adds_no_field(
    writer: FlaskClient, settings: Settings, field: str
) -> None:
    right = {"nom": "Équipe de courtage", "reponse": "", "adresse": "1, rue de l’Exemple"}
    for name, value in POSTED.items():
        sent = {**right, field: value, "csrf_token": csrf(writer, SENDER)}

        assert writer.post(SENDER, data=sent).status_code in {303, 422}, name

        with reading() as session:
            held = session.scalars(select(Newsletter)).one()
        assert not BREAKS.search(held.sender + held.reply_to), name
        assert is_sound(trial(writer, settings)), name


def test_an_address_that_is_not_one_is_no_subscriber(client: FlaskClient, app: Flask) -> None:
    with writing() as session:
        make_newsletter(session)
    for name, value in POSTED.items():
        for typed in (value, f"lectrice@exemple.ca{value}", f"{value}@exemple.ca"):
            sent = {
                "csrf_token": csrf(client, FORM),
                "courriel": typed,
                "infolettres": "en-bref",
                "accord": "oui",
            }

            assert client.post(FORM, data=sent).status_code == 422, (name, typed[:60])

    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Subscriber)) == 0
        assert session.scalar(select(func.count()).select_from(QueuedMail)) == 0


def test_a_file_brings_no_address_that_is_not_one(session: Session) -> None:
    make_newsletter(session)
    by: Viewer = make_viewer(session, role=Role.BROKER)
    cells = [
        '"{}"'.format(f"lectrice@exemple.ca{value}".replace('"', '""'))
        for value in HOSTILE.values()
    ]
    lines = read_subscribers("courriel\n" + "\n".join(cells), languages={"fr"})
    declared = Declared(
        newsletter_id="en-bref",
        language="fr",
        proof="Formulaire papier du colloque de 2024, gardé ici.",
        source="liste.csv",
    )

    import_subscribers(session, lines, declared, by=by)

    assert session.scalars(select(Subscriber.address)).all() == []
