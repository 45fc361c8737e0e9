"""Who did not open the link of their letter: told at the sign-in, found and helped by the staff."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from inters4.core import clock
from inters4.core.access import Role
from inters4.core.audit import AuditEntry
from inters4.members.exports.letters import REGISTRATION
from inters4.members.models import MemberSession, Registration
from inters4.members.services.resending import pass_for
from tests.builders.joining import letter, make_registration, queued
from tests.builders.members import (
    PASSWORD,
    make_member,
    make_organisation,
    make_viewer,
    sign_in_as,
)
from tests.builders.statements import statements
from tests.builders.web import csrf

EMAIL = "ariane@exemple.ca"
SAME_ANSWER = "L’adresse et le mot de passe ne vont pas ensemble."
LIST = "/admin/inscriptions"


def submit(client: FlaskClient, email: str = EMAIL, password: str = PASSWORD) -> TestResponse:
    token = csrf(client, "/connexion")
    form = {"csrf_token": token, "courriel": email, "mot_de_passe": password}
    return client.post("/connexion", data=form)


def forms(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Registration)) or 0


def test_the_right_password_of_a_form_says_to_look_at_ones_mail(
    client: FlaskClient, session: Session
) -> None:
    make_registration(session, email=EMAIL, password=PASSWORD)
    session.commit()

    answer = submit(client)

    assert answer.status_code == 403
    assert "Regardez vos courriels" in answer.text
    assert SAME_ANSWER not in answer.text
    assert session.scalars(select(MemberSession)).all() == []


def test_a_wrong_password_tells_nothing_of_a_form_that_waits(
    client: FlaskClient, session: Session
) -> None:
    make_registration(session, email=EMAIL, password=PASSWORD)
    make_member(session, email="membre@exemple.ca")
    session.commit()
    submit(client, "autre@exemple.ca", "un autre mot de passe")  # the first one opens files
    told = []
    for email in (EMAIL, "membre@exemple.ca", "personne@exemple.ca"):
        with statements(verb="") as sent:
            answer = submit(client, email, "un autre mot de passe")
        told.append((answer.status_code, SAME_ANSWER in answer.text, len(sent)))

    assert told[0][:2] == (422, True)
    assert told[0] == told[1] == told[2]


def test_a_form_for_the_address_of_an_account_says_nothing_there(
    client: FlaskClient, session: Session
) -> None:
    make_member(session, email=EMAIL, password="le vrai mot de passe du compte")
    make_registration(session, email=EMAIL, password=PASSWORD)
    session.commit()

    assert SAME_ANSWER in submit(client).text


def test_the_link_leaves_again_for_who_gave_the_password(
    client: FlaskClient, session: Session
) -> None:
    row, _ = make_registration(
        session, email=EMAIL, name="Ariane Essai", consent="Je veux.", password=PASSWORD
    )
    row.created_at -= timedelta(days=3)
    row.expires_at -= timedelta(days=3)
    session.commit()
    page = submit(client).text
    held = page.split('name="jeton" value="')[1].split('"')[0]

    answer = client.post(
        "/inscription/renvoi", data={"csrf_token": csrf(client, "/connexion"), "jeton": held}
    )

    assert answer.headers["Location"] == "/inscription/merci"
    assert forms(session) == 2
    again = session.scalars(select(Registration).order_by(Registration.id.desc())).first()
    assert again is not None
    assert (again.name, again.consent_text) == ("Ariane Essai", "Je veux.")
    told = letter(session, queued(session, REGISTRATION)[-1])
    assert told is not None
    assert "/inscription/confirmation/" in told.text


@pytest.mark.parametrize("held", ["", "1", "1.9999999999.faux", "x.y.z", "٣.٣.a", "9" * 40])
def test_a_pass_that_was_not_given_here_sends_nothing(
    client: FlaskClient, session: Session, held: str
) -> None:
    make_registration(session, email=EMAIL, password=PASSWORD)
    session.commit()

    answer = client.post(
        "/inscription/renvoi", data={"csrf_token": csrf(client, "/connexion"), "jeton": held}
    )

    assert answer.status_code == 410
    assert forms(session) == 1


def test_a_pass_is_worth_an_hour(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, _ = make_registration(session, email=EMAIL, password=PASSWORD)
    session.commit()
    held = pass_for(row.id)
    token = csrf(client, "/connexion")
    later = clock.now() + timedelta(hours=1, minutes=1)
    monkeypatch.setattr("inters4.members.services.resending.now", lambda: later)

    answer = client.post("/inscription/renvoi", data={"csrf_token": token, "jeton": held})

    assert answer.status_code == 410


def test_the_letters_of_an_address_stay_counted(client: FlaskClient, session: Session) -> None:
    row, _ = make_registration(session, email=EMAIL, password=PASSWORD)
    session.commit()
    data = {"csrf_token": csrf(client, "/connexion"), "jeton": pass_for(row.id)}
    answers = [client.post("/inscription/renvoi", data=data).status_code for _time in range(7)]

    assert answers[0] == 303
    assert answers[-1] == 429


def test_the_coordination_finds_who_waits_for_their_link(
    client: FlaskClient, session: Session
) -> None:
    uqar = make_organisation(session, slug="uqar", name="UQAR")
    make_registration(session, email=EMAIL, name="Ariane Essai", organisation=uqar)
    make_registration(session, email="b@exemple.ca", name="Basile Essai", other="Une clinique")
    make_member(session, email="membre@exemple.ca")
    make_registration(session, email="membre@exemple.ca", name="Déjà Membre")
    sign_in_as(client, session, make_viewer(session, role=Role.COORDINATION))

    everyone = client.get(LIST).text
    assert all(one in everyone for one in (EMAIL, "UQAR", "Une clinique", "2 inscriptions"))
    assert "Déjà Membre" not in everyone
    found = client.get(f"{LIST}?q=arianE").text
    assert EMAIL in found
    assert "Basile" not in found
    assert f"{LIST}?q=Basile" in client.get("/admin/personnes?q=Basile").text


def test_the_coordination_sends_a_link_again_and_it_is_written(
    client: FlaskClient, session: Session
) -> None:
    row, _ = make_registration(session, email=EMAIL, password=PASSWORD)
    number = str(row.id)
    sign_in_as(client, session, make_viewer(session, role=Role.COORDINATION))
    data = {"csrf_token": csrf(client, LIST), "inscription": number}

    assert client.post(LIST, data=data).status_code == 303

    assert forms(session) == 2
    actions = session.scalars(select(AuditEntry.action)).all()
    assert "members.link_sent_again" in actions
    session.rollback()  # lets go of the database, which the page writes to
    assert client.get(LIST).text.count(EMAIL) == 1
    answers = [client.post(LIST, data=data).status_code for _time in range(6)]
    assert answers[-1] == 429


def test_the_list_of_those_who_wait_costs_the_same_for_one_or_many(
    client: FlaskClient, session: Session
) -> None:
    sign_in_as(client, session, make_viewer(session, role=Role.COORDINATION))
    counted = []
    for number in (1, 6):
        for _time in range(number):
            make_registration(session)
        session.commit()
        client.get(LIST)
        with statements(about="registration") as sent:
            client.get(LIST)
        counted.append(len(sent))

    assert counted == [2, 2]
