"""Guessing passwords and codes: who is slowed, and who never is."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from inters4.core import one_time
from inters4.core.audit import AuditEntry
from inters4.core.clock import now
from inters4.core.jobs import jobs
from inters4.core.mail import QueuedMail
from inters4.members.models import Member, PasswordReset, SecondFactor, SignInChallenge
from inters4.members.services import challenges, second_factor
from inters4.members.services.own_password import ask_for_reset, secret_of_reset
from inters4.members.services.throttle import admit
from inters4.settings import Settings
from tests.builders.joining import make_registration
from tests.builders.members import PASSWORD, make_member
from tests.builders.web import csrf

NEW = "brise du large et pain chaud"
ELSEWHERE = {"REMOTE_ADDR": "198.51.100.7"}


@pytest.fixture(autouse=True)
def _bound(settings: Settings) -> None:
    jobs.bind(settings)


def post(
    client: FlaskClient,
    path: str,
    page: str = "",
    *,
    elsewhere: bool = False,
    **fields: str,
) -> TestResponse:
    """Send the form of `page`, or of `path` itself; `elsewhere`, from another network."""
    data = {"csrf_token": csrf(client, page or path), **fields}
    return client.post(path, data=data, environ_overrides=ELSEWHERE if elsewhere else {})


def sign_in(
    client: FlaskClient, email: str, password: str = PASSWORD, *, elsewhere: bool = False
) -> int:
    answer = post(client, "/connexion", elsewhere=elsewhere, courriel=email, mot_de_passe=password)
    return answer.status_code


def code(client: FlaskClient, typed: str, *, elsewhere: bool = False) -> int:
    page = "/connexion/code"
    return post(client, page, elsewhere=elsewhere, code=typed).status_code


def leave(client: FlaskClient) -> None:
    post(client, "/deconnexion", "/compte/securite")


def with_second_factor(session: Session, member: Member) -> bytes:
    """Put a second factor in force; give back its secret."""
    second_factor.begin_set_up(session, member.id)
    secret = second_factor.waiting_secret(session, member.id)
    assert secret is not None
    found = session.get_one(SecondFactor, member.id)
    found.confirmed_at = now()
    session.commit()
    return secret


def code_of(secret: bytes, offset: int = 0) -> str:
    return one_time.code_at(secret, one_time.step_of(now()) + offset)


def test_whoever_knows_the_password_does_not_end_the_owners_wait_for_a_code(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    member = make_member(session)
    email, secret = member.email, with_second_factor(session, member)
    session.execute(delete(QueuedMail))
    session.commit()
    sign_in(client, email)
    stranger = app.test_client()

    for _time in range(3):
        sign_in(stranger, email, elsewhere=True)
    for _error in range(5):
        code(stranger, "000000x", elsewhere=True)

    assert code(client, code_of(secret)) == 303
    assert client.get("/compte/securite").status_code == 200
    queued = select(QueuedMail).order_by(QueuedMail.id)
    events = [mail.parameters["event"] for mail in session.scalars(queued)]
    assert events == ["codes_missing", "codes_refused"]
    session.rollback()
    actions = list(session.scalars(select(AuditEntry.action)))
    assert actions.count("members.code_awaited") == 4


def test_waits_that_no_code_follows_get_slower(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    member = make_member(session)
    email, secret = member.email, with_second_factor(session, member)

    answers = [sign_in(app.test_client(), email, elsewhere=True) for _time in range(6)]

    assert answers == [303] * 5 + [429]
    assert session.scalar(select(func.count()).select_from(SignInChallenge)) == 5
    session.rollback()
    assert sign_in(client, email) == 303
    assert code(client, code_of(secret)) == 303


def test_codes_are_not_guessed_from_many_networks(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    member = make_member(session)
    email, secret = member.email, with_second_factor(session, member)
    sign_in(client, email)
    assert code(client, code_of(secret, -1)) == 303
    leave(client)
    for number in range(challenges.MOST_ERRORS_OF_MEMBER):
        admit(session, email=f"code of member {member.id}", network=f"network {number}")
    session.commit()
    stranger = app.test_client()

    sign_in(stranger, email, elsewhere=True)
    assert code(stranger, code_of(secret), elsewhere=True) == 429
    sign_in(client, email)
    assert code(client, code_of(secret)) == 303
    session.merge(member).password_changed_at = now()
    session.commit()
    assert code(stranger, code_of(secret, 1), elsewhere=True) == 303


def test_a_used_link_makes_the_browser_known_and_forgets_its_errors(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    member = make_member(session)
    email = member.email
    ask_for_reset(session, email=email, network="chez soi")
    secret = secret_of_reset(session, session.scalars(select(PasswordReset.id)).one())
    session.commit()
    neighbour = app.test_client()
    for _error in range(5):
        sign_in(neighbour, email, "autre chose ici")
    assert sign_in(client, email) == 429

    path = f"/mot-de-passe-oublie/{secret}"
    assert post(client, path, path, nouveau_passe=NEW).status_code == 303
    for _error in range(6):
        sign_in(neighbour, email, "autre chose ici")

    assert sign_in(neighbour, email, NEW) == 429
    assert sign_in(client, email, NEW) == 303


def test_a_confirmed_registration_makes_the_browser_known(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    row, secret = make_registration(session, password=PASSWORD)
    email, path = row.email, f"/inscription/confirmation/{secret}"
    session.commit()
    neighbour = app.test_client()
    for _error in range(5):
        sign_in(neighbour, email, "autre chose ici")

    assert post(client, path, path, mot_de_passe=PASSWORD).status_code == 303

    assert sign_in(neighbour, email) == 429
    assert sign_in(client, email) != 429
