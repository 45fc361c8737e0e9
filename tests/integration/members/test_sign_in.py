"""Signing in and out through the pages, and what an attacker gets from them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from inters4.app import create_app
from inters4.core.access import Role
from inters4.core.audit import AuditEntry
from inters4.core.clock import now
from inters4.core.web.requests import signed_in, viewer
from inters4.members.models import MemberSession, MemberState, SignInAttempt
from inters4.members.services.passwords import hash_password, is_outdated
from inters4.members.services.throttle import admit
from inters4.settings import Settings
from tests.builders.joining import make_request
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


@pytest.fixture
def app(app: Flask) -> Flask:
    """With a page of one's own."""

    @app.get("/essai/moi")
    @signed_in
    def me() -> str:
        return viewer().display_name

    return app


def submit(
    client: FlaskClient,
    *,
    email: str = EMAIL,
    password: str = PASSWORD,
    suite: str = "",
    address: str = "192.0.2.1",
    remember: bool = False,
) -> TestResponse:
    form = {
        "csrf_token": csrf(client, "/connexion"),
        "courriel": email,
        "mot_de_passe": password,
        "suite": suite,
    }
    if remember:
        form["rester"] = "y"
    return client.post("/connexion", data=form, environ_overrides={"REMOTE_ADDR": address})


def leave(client: FlaskClient) -> None:
    client.post("/deconnexion", data={"csrf_token": csrf(client, "/essai/erreur")})


def is_in(client: FlaskClient) -> bool:
    return client.get("/essai/moi").status_code == 200


def sessions(session: Session) -> list[MemberSession]:
    """As they are now; the database is left free for the next writer."""
    session.expire_all()
    found = list(session.scalars(select(MemberSession).order_by(MemberSession.id)))
    session.commit()
    return found


def test_a_person_signs_in_and_goes_where_they_were_going(
    client: FlaskClient, session: Session
) -> None:
    make_member(session, name="Ariane", email=EMAIL)
    session.commit()
    sent_away = client.get("/essai/moi?page=2")
    assert sent_away.location == "/connexion?suite=/essai/moi?page%3D2"

    answer = submit(client, email="Ariane@Exemple.ca", suite="/essai/moi?page=2")

    assert (answer.status_code, answer.location) == (303, "/essai/moi?page=2")
    assert client.get("/essai/moi").text == "Ariane"


def test_the_database_keeps_a_digest_and_little_else(client: FlaskClient, session: Session) -> None:
    make_member(session, email=EMAIL)
    session.commit()

    submit(client, address="192.0.2.77")

    (row,) = sessions(session)
    cookie = client.get_cookie("session")
    assert cookie is not None
    assert len(cookie.value) >= 43
    assert cookie.value.encode() not in row.token_hash
    assert (len(row.token_hash), row.address) == (32, "192.0.2.0/24")


@pytest.mark.parametrize(
    ("remember", "kept_for"), [(False, None), (True, timedelta(days=90).total_seconds())]
)
def test_the_cookie_outlives_the_window_only_when_asked(
    client: FlaskClient, session: Session, remember: bool, kept_for: float | None
) -> None:
    make_member(session, email=EMAIL)
    session.commit()

    submit(client, remember=remember)

    cookie = client.get_cookie("session")
    assert cookie is not None
    assert cookie.max_age == kept_for
    assert (cookie.http_only, cookie.same_site, cookie.secure) == (True, "Lax", False)
    assert sessions(session)[0].is_remembered is remember


def test_over_tls_the_cookies_belong_to_the_host_alone(
    settings: Settings, database: str, session: Session
) -> None:
    make_member(session, email=EMAIL)
    session.commit()
    client = create_app(replace(settings, url="https://savoirs.exemple.ca")).test_client()
    base = {"base_url": "https://savoirs.exemple.ca"}
    page = client.get("/connexion", **base)
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]

    answer = client.post(
        "/connexion",
        data={"csrf_token": token, "courriel": EMAIL, "mot_de_passe": PASSWORD},
        headers={"Referer": "https://savoirs.exemple.ca/connexion"},
        **base,
    )

    cookies = {line.split("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}
    line = cookies["__Host-session"]
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(line.split("; "))
    assert "Domain" not in line
    assert "session" not in cookies


@pytest.mark.parametrize(
    "target",
    ["https://mal.example/", "//mal.example", "/\\mal.example", "javascript:alert(1)", "mal", ""],
)
def test_nobody_is_sent_to_another_site(client: FlaskClient, session: Session, target: str) -> None:
    member = make_member(session, email=EMAIL)
    session.commit()

    assert submit(client, suite=target).location == "/"
    sign_in_as(client, session, member)
    assert client.get("/connexion", query_string={"suite": target}).location == "/"


def test_the_answer_does_not_tell_whether_the_address_is_known(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_member(session, email=EMAIL)
    make_member(session, email="attente@exemple.ca", state=MemberState.PENDING_APPROVAL)
    make_member(session, email="sans@exemple.ca", password=None)
    session.commit()
    hashes: list[str] = []
    verify = Argon2Hasher.verify

    def counted(self: Argon2Hasher, password: str | bytes, kept: str | bytes) -> bool:
        hashes.append("one")
        return verify(self, password, kept)

    monkeypatch.setattr(Argon2Hasher, "verify", counted)
    token = csrf(client, "/connexion")
    answers = []
    for email, password in (
        (EMAIL, "ce n’est pas le bon"),
        ("inconnue@exemple.ca", "ce n’est pas le bon"),
        ("attente@exemple.ca", "ce n’est pas le bon"),
        ("sans@exemple.ca", PASSWORD),
    ):
        form = {"csrf_token": token, "courriel": email, "mot_de_passe": password}
        hashes.clear()
        with statements(verb="") as seen:
            answer = client.post("/connexion", data=form)
        page = answer.text.replace(email, "ADRESSE")
        page = "".join(line for line in page.splitlines() if "csrf_token" not in line)
        answers.append((answer.status_code, page, tuple(seen), tuple(hashes)))

    assert answers[0][0] == 422
    assert SAME_ANSWER in answers[0][1]
    assert answers[0][3] == ("one",)
    assert all(answer == answers[0] for answer in answers)


def test_the_right_password_of_an_account_that_waits_says_who_decides(
    client: FlaskClient, session: Session
) -> None:
    bsl = make_organisation(session)
    make_viewer(session, role=Role.APPROVER, organisation=bsl, name="Alexis Approbation")
    request = make_request(session, organisation=bsl)
    request.member.email, request.member.password_hash = EMAIL, hash_password(PASSWORD)
    session.commit()

    answer = submit(client)

    assert answer.status_code == 403
    assert SAME_ANSWER not in answer.text
    assert "Votre demande attend une réponse" in answer.text
    assert "Alexis Approbation" in answer.text
    assert not is_in(client)
    assert "Alexis" not in submit(client, password="pas celui-là du tout").text


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (MemberState.SUSPENDED, "Votre compte est suspendu"),
        (MemberState.REFUSED, "Votre demande a été refusée"),
        (MemberState.DEACTIVATED, "Votre compte est fermé"),
    ],
)
def test_a_closed_account_is_told_so_once_the_password_is_right(
    client: FlaskClient, session: Session, state: MemberState, told: str
) -> None:
    make_member(session, email=EMAIL, state=state)
    session.commit()

    assert told not in submit(client, password="pas celui-là du tout").text
    assert told in submit(client).text
    assert not is_in(client)


def test_a_refusal_keeps_the_address_and_never_the_password(
    client: FlaskClient, session: Session
) -> None:
    answer = submit(client, password="mon mot de passe secret")

    assert f'value="{EMAIL}"' in answer.text
    assert "mon mot de passe secret" not in answer.text
    assert 'role="alert"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject) == ("members.sign_in_refused", "")


def test_an_empty_form_says_what_is_missing_beside_each_field(client: FlaskClient) -> None:
    answer = submit(client, email="", password="")

    assert answer.status_code == 422
    for words in ("Écrivez votre adresse de courriel.", "Écrivez votre mot de passe."):
        assert answer.text.count(words) == 2
    assert 'href="#courriel"' in answer.text


@pytest.mark.parametrize("email", ["a\0b@exemple.ca", "x" * 5000, "ariane@exemple.ca\r\nBcc: x"])
def test_a_strange_address_is_refused_calmly(client: FlaskClient, email: str) -> None:
    assert submit(client, email=email).status_code == 422


@pytest.mark.parametrize("path", ["/connexion", "/deconnexion", "/connexion/demonstration"])
def test_a_form_of_another_site_changes_nothing(
    client: FlaskClient, session: Session, path: str
) -> None:
    member = make_member(session, email=EMAIL)
    sign_in_as(client, session, member)

    answer = client.post(path, data={"courriel": EMAIL, "mot_de_passe": PASSWORD})

    assert answer.status_code == 400
    assert is_in(client)
    assert len(sessions(session)) == 1


def test_a_session_replayed_after_signing_out_is_refused(
    client: FlaskClient, session: Session, app: Flask
) -> None:
    member = make_member(session, email=EMAIL)
    token = sign_in_as(client, session, member)
    assert is_in(client)

    answer = client.post("/deconnexion", data={"csrf_token": csrf(client, "/essai/erreur")})

    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get_cookie("session") is None
    replay = app.test_client()
    replay.set_cookie("session", token)
    assert not is_in(replay)


def test_signing_out_twice_is_harmless(client: FlaskClient) -> None:
    for _time in range(2):
        answer = client.post("/deconnexion", data={"csrf_token": csrf(client, "/connexion")})
        assert answer.status_code == 303


@pytest.mark.parametrize("limit", ["revoked", "absolute", "idle", "suspended"])
def test_a_session_that_is_over_is_a_visitors(
    client: FlaskClient, session: Session, limit: str
) -> None:
    member = make_member(session, email=EMAIL)
    sign_in_as(client, session, member)
    assert is_in(client)
    (row,) = sessions(session)
    if limit == "revoked":
        row.revoked_at = now()
    elif limit == "absolute":
        row.expires_at = now()
    elif limit == "idle":
        row.last_seen_at = now() - timedelta(hours=2)
    else:
        session.merge(member).state = MemberState.SUSPENDED
    session.commit()

    assert not is_in(client)


def test_a_token_chosen_by_an_attacker_is_never_opened(
    client: FlaskClient, session: Session, app: Flask
) -> None:
    make_member(session, email=EMAIL)
    session.commit()
    client.set_cookie("session", "jeton-choisi-par-quelqu-un-d-autre")

    submit(client)

    assert is_in(client)
    thief = app.test_client()
    thief.set_cookie("session", "jeton-choisi-par-quelqu-un-d-autre")
    assert not is_in(thief)


def test_each_sign_in_has_a_new_token_and_ends_the_session_before(
    client: FlaskClient, session: Session
) -> None:
    ariane = make_member(session, name="Ariane", email=EMAIL)
    token = sign_in_as(client, session, ariane)
    make_member(session, name="Basile", email="basile@exemple.ca")
    session.commit()

    form = {
        "csrf_token": csrf(client, "/essai/erreur"),
        "courriel": "basile@exemple.ca",
        "mot_de_passe": PASSWORD,
    }
    client.post("/connexion", data=form)

    cookie = client.get_cookie("session")
    assert cookie is not None
    assert cookie.value != token
    assert client.get("/essai/moi").text == "Basile"
    before, after = sessions(session)
    assert before.revoked_at is not None
    assert after.revoked_at is None


def test_a_page_session_from_before_signing_in_is_not_carried_over(
    client: FlaskClient, session: Session
) -> None:
    make_member(session, email=EMAIL)
    session.commit()
    with client.session_transaction() as carried:
        carried["semé"] = "par quelqu’un d’autre"

    submit(client)

    with client.session_transaction() as carried:
        assert "semé" not in carried


def test_a_hash_of_an_older_make_is_made_again_at_sign_in(
    client: FlaskClient, session: Session
) -> None:
    member = make_member(session, email=EMAIL)
    member.password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    session.commit()

    submit(client)

    session.refresh(member)
    session.commit()
    assert not is_outdated(member.password_hash)
    assert is_in(client)
    client.delete_cookie("session")
    assert submit(client).status_code == 303


def test_repeated_errors_make_one_wait_and_the_right_password_too(
    client: FlaskClient, session: Session
) -> None:
    make_member(session, email=EMAIL)
    session.commit()
    for _error in range(5):
        assert submit(client, password="pas celui-là du tout").status_code == 422

    answer = submit(client)

    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 2
    assert "Trop d’essais." in answer.text
    assert f'value="{EMAIL}"' in answer.text
    assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 5


def test_once_the_wait_is_over_the_right_password_opens(
    client: FlaskClient, session: Session
) -> None:
    make_member(session, email=EMAIL)
    session.commit()
    for _error in range(5):
        submit(client, password="pas celui-là du tout")
    for attempt in session.scalars(select(SignInAttempt)):
        attempt.at -= timedelta(seconds=3)
    session.commit()

    assert submit(client).status_code == 303


def test_an_attacker_elsewhere_does_not_make_the_owner_wait(
    client: FlaskClient, session: Session
) -> None:
    make_member(session, email=EMAIL)
    session.commit()
    for number in range(30):
        admit(session, email=EMAIL, network=f"198.51.100.{number}")
    session.commit()

    assert submit(client, address="192.0.2.1").status_code == 303


def test_a_neighbour_who_invents_addresses_keeps_no_colleague_out(
    client: FlaskClient, session: Session
) -> None:
    make_member(session, email=EMAIL)
    session.commit()
    submit(client, email="inconnue@exemple.ca", password="pas celui-là du tout")
    (mark,) = session.scalars(select(SignInAttempt.address))
    for number in range(150):
        admit(session, email=f"invente-{number}@exemple.ca", network=mark)
    session.commit()

    for email in (EMAIL, "inconnue-2@exemple.ca"):
        answers = [submit(client, email=email, password="pas celui-là").status_code for _ in "ab"]
        assert answers == [422, 422]
        assert submit(client, email=email).status_code == 429
    for attempt in session.scalars(select(SignInAttempt)):
        attempt.at -= timedelta(seconds=3)
    session.commit()
    assert submit(client).status_code == 303


def test_a_neighbour_of_the_same_network_does_not_make_a_known_browser_wait(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    make_member(session, email=EMAIL)
    make_member(session, email="voisin@exemple.ca")
    session.commit()
    neighbour = app.test_client()
    submit(neighbour, email="voisin@exemple.ca")  # known too, for another account
    leave(neighbour)
    submit(client)
    leave(client)
    for _error in range(5):
        submit(neighbour, password="pas celui-là du tout")

    assert submit(neighbour).status_code == 429
    assert submit(client).status_code == 303
    leave(client)
    for _error in range(5):
        submit(client, password="pas celui-là du tout")
    assert submit(client).status_code == 429


def test_a_forwarded_address_counts_only_behind_a_proxy(
    client: FlaskClient, session: Session
) -> None:
    for number in range(5):
        client.post(
            "/connexion",
            data={
                "csrf_token": csrf(client, "/connexion"),
                "courriel": EMAIL,
                "mot_de_passe": "pas celui-là du tout",
            },
            headers={"X-Forwarded-For": f"198.51.100.{number}"},
        )

    assert submit(client, address="127.0.0.1").status_code == 429


def test_presence_is_noted_after_the_answer_and_seldom(
    client: FlaskClient, session: Session
) -> None:
    member = make_member(session, email=EMAIL)
    sign_in_as(client, session, member)
    (row,) = sessions(session)
    long_ago = row.last_seen_at = now() - timedelta(minutes=6)
    session.commit()

    client.head("/essai/moi").close()
    client.get("/essai/moi", headers={"Sec-Purpose": "prefetch"}).close()
    assert sessions(session)[0].last_seen_at == long_ago

    client.get("/essai/moi").close()
    seen = sessions(session)[0].last_seen_at
    assert seen > long_ago

    client.get("/essai/moi").close()
    assert sessions(session)[0].last_seen_at == seen


def test_a_page_is_in_the_language_of_the_account(client: FlaskClient, session: Session) -> None:
    member = make_member(session, locale="en")
    sign_in_as(client, session, member)

    answer = client.get("/essai/erreur", headers={"Accept-Language": "fr"})

    assert answer.headers["Content-Language"] == "en"


def test_a_language_that_is_asked_for_wins_over_that_of_the_account_until_one_leaves(
    client: FlaskClient, session: Session
) -> None:
    make_member(session, email=EMAIL, locale="fr")
    session.commit()
    submit(client)

    asked = client.get("/essai/erreur?lang=en")
    after = client.get("/essai/erreur")
    leave(client)
    submit(client)
    again = client.get("/essai/erreur")

    assert asked.headers["Content-Language"] == "en"
    assert after.headers["Content-Language"] == "en"
    assert again.headers["Content-Language"] == "fr"


def test_the_language_of_the_account_wins_over_that_of_the_browser(
    client: FlaskClient, session: Session
) -> None:
    client.get("/essai/erreur?lang=en")
    before = client.get("/essai/erreur")

    sign_in_as(client, session, make_member(session, locale="fr"))
    after = client.get("/essai/erreur")

    assert before.headers["Content-Language"] == "en"
    assert after.headers["Content-Language"] == "fr"


def test_a_visitor_costs_no_statement_and_a_person_two(
    client: FlaskClient, session: Session
) -> None:
    member = make_member(session)
    session.commit()
    client.get("/connexion")
    with statements(verb="") as seen:
        client.get("/connexion")
    assert seen == []

    sign_in_as(client, session, member)
    with statements() as seen:
        client.get("/essai/moi")
    assert len(seen) == 2, seen


def test_who_signs_in_and_out_is_in_the_audit(client: FlaskClient, session: Session) -> None:
    member = make_member(session, email=EMAIL)
    session.commit()

    submit(client)
    client.post("/deconnexion", data={"csrf_token": csrf(client, "/essai/erreur")})

    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.action, entry.actor_id) for entry in entries] == [
        ("members.signed_in", member.id),
        ("members.signed_out", member.id),
    ]
    assert all(entry.request_id for entry in entries)
