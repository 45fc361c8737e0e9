"""Password, sessions and second factor, as people use them and as others try to."""

import hashlib
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from inters4.core import one_time
from inters4.core.access import Role
from inters4.core.audit import AuditEntry
from inters4.core.clock import now
from inters4.core.mail import QueuedMail, kinds
from inters4.members.models import (
    Member,
    MemberSession,
    MemberState,
    PasswordReset,
    ProviderIdentity,
    RecoveryCode,
    SecondFactor,
)
from inters4.members.services import second_factor
from inters4.members.services.own_password import ask_for_reset
from tests.builders.members import PASSWORD, give_role, make_member, sign_in_as
from tests.builders.statements import statements
from tests.builders.web import csrf

NEW = "brise du large et pain chaud"


def post(client: FlaskClient, path: str, page: str = "", **fields: str):  # type: ignore[no-untyped-def]
    """Send the form of `page`, or of `path` itself."""
    return client.post(path, data={"csrf_token": csrf(client, page or path), **fields})


def sign_in(client: FlaskClient, member: Member | str, password: str = PASSWORD):  # type: ignore[no-untyped-def]
    email = member if isinstance(member, str) else member.email
    return post(client, "/connexion", courriel=email, mot_de_passe=password)


def audited(session: Session) -> list[str]:
    session.rollback()
    found = list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    session.rollback()
    return found


def with_second_factor(session: Session, member: Member) -> bytes:
    """Put a second factor in force; give back its secret."""
    second_factor.begin_set_up(session, member.id)
    secret = second_factor.waiting_secret(session, member.id)
    assert secret is not None
    session.execute(
        update(SecondFactor).where(SecondFactor.member_id == member.id).values(confirmed_at=now())
    )
    session.commit()
    return secret


def secret_of(session: Session, member: Member) -> bytes:
    """What the picture on the page says."""
    session.rollback()
    secret = second_factor.waiting_secret(session, member.id)
    session.rollback()
    assert secret is not None
    return secret


def code_of(secret: bytes, offset: int = 0) -> str:
    return one_time.code_at(secret, one_time.step_of(now()) + offset)


def test_a_cookie_replayed_after_signing_out_opens_nothing(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    token = sign_in_as(client, session, make_member(session))
    assert client.get("/compte/securite").status_code == 200
    client.post("/deconnexion", data={"csrf_token": csrf(client, "/compte/securite")})
    thief = app.test_client()
    thief.set_cookie("session", token)

    assert thief.get("/compte/securite").status_code == 303


def test_changing_the_password_ends_the_other_sessions_and_tells(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    member = make_member(session)
    email = member.email
    other = app.test_client()
    sign_in_as(other, session, member)
    sign_in_as(client, session, member)
    answer = post(client, "/compte/mot-de-passe", passe_actuel=PASSWORD, nouveau_passe=NEW)

    assert answer.status_code == 303
    assert client.get("/compte/securite").status_code == 200
    assert other.get("/compte/securite").status_code == 303
    mail = session.scalars(select(QueuedMail)).one()
    assert (mail.recipient, mail.parameters["event"]) == (email, "password_changed")
    session.rollback()
    assert "members.password_changed" in audited(session)
    assert sign_in(app.test_client(), email, NEW).status_code == 303


def test_a_wrong_present_password_changes_nothing(client: FlaskClient, session: Session) -> None:
    member = make_member(session)
    sign_in_as(client, session, member)
    wrong = post(client, "/compte/mot-de-passe", passe_actuel="autre chose", nouveau_passe=NEW)
    weak = post(client, "/compte/mot-de-passe", passe_actuel=PASSWORD, nouveau_passe="motdepasse12")

    assert wrong.status_code == weak.status_code == 422
    assert "Ce n’est pas votre mot de passe actuel." in wrong.get_data(as_text=True)
    assert "trop courant" in weak.get_data(as_text=True)
    assert session.scalar(select(Member.password_changed_at)) is None


def test_one_lists_and_closes_ones_own_sessions_only(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    member, stranger = make_member(session), make_member(session)
    other = app.test_client()
    sign_in_as(other, session, stranger)
    theirs = session.scalars(select(MemberSession)).one()
    their_name = hashlib.sha256(theirs.token_hash).hexdigest()[:16]
    third = app.test_client()
    sign_in_as(client, session, member)
    sign_in_as(third, session, member)
    page = client.get("/compte/securite").get_data(as_text=True)
    (mine,) = re.findall(r"/compte/sessions/(\w+)/fermeture", page)
    post(client, f"/compte/sessions/{their_name}/fermeture", "/compte/securite")
    post(client, f"/compte/sessions/{mine}/fermeture", "/compte/securite")

    assert other.get("/compte/securite").status_code == 200
    assert third.get("/compte/securite").status_code == 303
    assert "cette session" in page


def test_all_other_sessions_close_at_once(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    member = make_member(session)
    others = [app.test_client() for _browser in range(3)]
    for other in others:
        sign_in_as(other, session, member)
    sign_in_as(client, session, member)
    post(client, "/compte/sessions/fermeture", "/compte/securite")

    assert [other.get("/compte/securite").status_code for other in others] == [303] * 3
    assert client.get("/compte/securite").status_code == 200


def test_the_list_of_sessions_costs_the_same_however_long(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    member = make_member(session)
    sign_in_as(client, session, member)
    client.get("/compte/securite")
    with statements() as few:
        client.get("/compte/securite")
    for _number in range(5):
        sign_in_as(app.test_client(), session, member)
    with statements() as many:
        client.get("/compte/securite")

    assert len(few) == len(many) == 7


def test_touchy_pages_ask_for_the_password_again(client: FlaskClient, session: Session) -> None:
    sign_in_as(client, session, make_member(session))
    assert client.get("/compte/validation").status_code == 200
    session.execute(update(MemberSession).values(proved_at=now() - timedelta(minutes=16)))
    session.commit()
    asked = client.get("/compte/validation")
    wrong = post(client, "/compte/confirmation", mot_de_passe="autre chose ici")
    right = post(client, "/compte/confirmation", mot_de_passe=PASSWORD, suite="/compte/validation")

    assert asked.headers["Location"] == "/compte/confirmation?suite=/compte/validation"
    assert wrong.status_code == 422
    assert right.headers["Location"] == "/compte/validation"
    assert client.get("/compte/validation").status_code == 200


@pytest.mark.parametrize(
    ("form", "page"),
    [
        ("/compte/donnees/archive", "/compte/donnees"),
        ("/compte/validation/codes", "/compte/validation"),
        ("/compte/effacement", "/compte/effacement"),
    ],
)
def test_a_form_sent_too_late_comes_back_to_its_page(
    client: FlaskClient, session: Session, form: str, page: str
) -> None:
    sign_in_as(client, session, make_member(session))
    token = csrf(client, "/compte/donnees")
    session.execute(update(MemberSession).values(proved_at=now() - timedelta(minutes=16)))
    session.commit()

    answer = client.post(form, data={"csrf_token": token})
    asked = f"/compte/confirmation?suite={page}&encore=1"
    assert answer.headers["Location"] == asked
    assert "appuyez de nouveau sur le bouton" in client.get(asked).text

    given = {"csrf_token": token, "mot_de_passe": PASSWORD, "suite": page}
    assert client.post(asked, data=given).headers["Location"] == page
    assert "C’est confirmé. Appuyez de nouveau sur le bouton." in client.get(page).text


def test_what_was_typed_goes_on_with_the_password(client: FlaskClient, session: Session) -> None:
    sign_in_as(client, session, make_member(session))
    token = csrf(client, "/compte/courriel")
    session.execute(update(MemberSession).values(proved_at=now() - timedelta(minutes=16)))
    session.commit()
    typed = {"courriel": "nouvelle@exemple.ca", "csrf_token": token}

    asked = client.post("/compte/courriel", data=typed)
    wrong = client.post("/compte/courriel", data={**typed, "preuve": "autre chose ici"})
    assert asked.status_code == wrong.status_code == 403
    assert "Rien n’a encore été fait" in asked.text
    assert 'name="courriel" value="nouvelle@exemple.ca"' in asked.text
    assert "Ce n’est pas votre mot de passe" in wrong.text
    assert session.scalars(select(QueuedMail)).all() == []
    session.rollback()

    done = client.post("/compte/courriel", data={**typed, "preuve": PASSWORD})
    assert done.headers["Location"] == "/compte/courriel"
    assert session.scalars(select(QueuedMail)).one().recipient == "nouvelle@exemple.ca"


def test_five_wrong_codes_ask_for_the_password_again_and_tell_the_owner(
    client: FlaskClient, session: Session
) -> None:
    member = make_member(session)
    secret = with_second_factor(session, member)
    session.execute(delete(QueuedMail))
    session.commit()
    sign_in(client, member)

    answers = [post(client, "/connexion/code", code="000000x") for _time in range(5)]

    assert [one.status_code for one in answers] == [422] * 4 + [303]
    assert answers[-1].headers["Location"] == "/connexion"
    assert session.scalars(select(QueuedMail)).one().parameters["event"] == "codes_refused"
    session.rollback()
    late = client.post(
        "/connexion/code",
        data={"code": code_of(secret), "csrf_token": csrf(client, "/connexion")},
    )
    assert late.headers["Location"] == "/connexion"


def test_whoever_knows_the_password_does_not_make_the_owners_browser_wait_for_its_code(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    member = make_member(session)
    email, secret = member.email, with_second_factor(session, member)
    sign_in(client, email)
    post(client, "/connexion/code", code=code_of(secret))
    client.post("/deconnexion", data={"csrf_token": csrf(client, "/compte/securite")})
    neighbour = app.test_client()
    sign_in(neighbour, email)
    for _error in range(5):
        post(neighbour, "/connexion/code", code="000000x")

    sign_in(neighbour, email)
    assert post(neighbour, "/connexion/code", code=code_of(secret, 1)).status_code == 429
    sign_in(client, email)
    assert post(client, "/connexion/code", code=code_of(secret, 1)).status_code == 303
    assert client.get("/compte/securite").status_code == 200


def test_codes_are_not_tried_without_end_to_take_the_second_factor_away(
    client: FlaskClient, session: Session
) -> None:
    member = make_member(session)
    with_second_factor(session, member)
    sign_in_as(client, session, member)

    answers = [
        post(client, "/compte/validation/retrait", "/compte/validation", code="000000x")
        for _time in range(6)
    ]

    assert [one.status_code for one in answers] == [422] * 5 + [429]
    assert audited(session).count("members.code_refused") == 5


@pytest.mark.parametrize("kind", ["known", "unknown", "suspended"])
def test_a_forgotten_password_says_and_does_the_same_for_every_address(
    client: FlaskClient, session: Session, kind: str
) -> None:
    if kind != "unknown":
        state = MemberState.SUSPENDED if kind == "suspended" else MemberState.ACTIVE
        make_member(session, email="claude@exemple.ca", state=state)
        session.commit()
    token = csrf(client, "/mot-de-passe-oublie")
    with statements(verb="") as sent:
        answer = client.post(
            "/mot-de-passe-oublie", data={"csrf_token": token, "courriel": "Claude@exemple.ca"}
        )
    mail = session.scalars(select(QueuedMail)).one()

    assert answer.headers["Location"] == "/mot-de-passe-oublie/demande"
    assert [one for one in sent if "members" in one] == []
    assert len(sent) == len([one for one in sent if one.startswith(("SELECT", "INSERT", "BEGIN"))])
    assert (mail.recipient, mail.member_id) == ("claude@exemple.ca", None)
    leaves = kinds[mail.kind].context(session, mail)
    assert (leaves is not None) == (kind == "known")


def asked(client: FlaskClient, session: Session, member: Member) -> str:
    """The secret of the link that a forgotten password brings."""
    session.commit()
    post(client, "/mot-de-passe-oublie", courriel=member.email)
    mail = session.scalars(select(QueuedMail).order_by(QueuedMail.id.desc())).first()
    assert mail is not None
    context = kinds[mail.kind].context(session, mail)
    session.rollback()
    assert context is not None
    return str(context["secret"])


def test_the_link_gives_another_password_once(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    member = make_member(session)
    email = member.email
    thief = app.test_client()
    sign_in_as(thief, session, member)
    path = f"/mot-de-passe-oublie/{asked(client, session, member)}"
    looked = client.get(path)
    changed = post(client, path, nouveau_passe=NEW)

    assert (looked.status_code, changed.headers["Location"]) == (200, "/connexion")
    assert looked.headers["Referrer-Policy"] == "no-referrer"
    assert client.get(path).status_code == 410
    assert thief.get("/compte/securite").status_code == 303
    assert sign_in(client, email, NEW).status_code == 303


def test_the_link_unlinks_identities_and_says_so(client: FlaskClient, session: Session) -> None:
    member = make_member(session)
    number = member.id
    session.add(ProviderIdentity(member_id=number, issuer="https://id.example", subject="intrus"))
    path = f"/mot-de-passe-oublie/{asked(client, session, member)}"
    changed = client.post(
        path,
        data={"csrf_token": csrf(client, path), "nouveau_passe": NEW},
        follow_redirects=True,
    )
    session.rollback()

    assert "n’ouvre plus votre compte" in changed.get_data(as_text=True)
    assert session.scalars(select(ProviderIdentity)).all() == []
    assert "members.identity_unlinked" in audited(session)
    told = session.scalars(select(QueuedMail).where(QueuedMail.member_id == number))
    assert {"password_changed", "identities_unlinked"} <= {
        one.parameters["event"] for one in told if "event" in one.parameters
    }


def test_changing_the_password_shows_what_else_opens_the_account(
    client: FlaskClient, session: Session
) -> None:
    member = make_member(session)
    sign_in_as(client, session, member)
    alone = client.get("/compte/mot-de-passe").get_data(as_text=True)
    session.add(
        ProviderIdentity(
            member_id=member.id,
            issuer="https://id.example",
            subject="intrus",
            email="intrus@exemple.ca",
        )
    )
    session.commit()
    page = client.get("/compte/mot-de-passe").get_data(as_text=True)

    assert "Ce qui ouvre aussi votre compte" not in alone
    assert "intrus@exemple.ca" in page
    assert re.search(r'action="/compte/identite/\w+/retrait"', page)


def test_a_link_dies_when_the_password_changes_or_time_passes(
    client: FlaskClient, session: Session
) -> None:
    member = make_member(session)
    old = asked(client, session, member)
    late = asked(client, session, member)
    session.execute(update(PasswordReset).values(expires_at=now()))
    session.commit()
    assert client.get(f"/mot-de-passe-oublie/{late}").status_code == 410
    session.execute(update(PasswordReset).values(expires_at=now() + timedelta(hours=1)))
    member.password_changed_at = now()
    session.commit()

    assert client.get(f"/mot-de-passe-oublie/{old}").status_code == 410
    assert client.get("/mot-de-passe-oublie/nimporte").status_code == 410


def test_one_address_is_written_to_three_times_an_hour(
    client: FlaskClient, session: Session
) -> None:
    for _time in range(5):
        answer = post(client, "/mot-de-passe-oublie", courriel="a@exemple.ca")
        assert answer.status_code == 303

    assert len(session.scalars(select(QueuedMail)).all()) == 3


def test_a_stranger_who_asks_does_not_stop_the_owner_from_asking(session: Session) -> None:
    for _time in range(5):
        ask_for_reset(session, email="a@exemple.ca", network="ailleurs")

    assert not ask_for_reset(session, email="a@exemple.ca", network="ailleurs")
    assert ask_for_reset(session, email="a@exemple.ca", network="chez soi")


def test_an_hour_never_passes_without_a_message_to_who_forgot(session: Session) -> None:
    sent = [
        ask_for_reset(session, email="a@exemple.ca", network=f"ailleurs {number}")
        for number in range(20)
    ]
    assert sent == [True] * 12 + [False] * 8
    assert not ask_for_reset(session, email="a@exemple.ca", network="chez soi")

    for row in session.scalars(select(PasswordReset)):
        row.created_at -= timedelta(hours=1)

    again = [ask_for_reset(session, email="a@exemple.ca", network="chez soi") for _ in range(2)]
    assert again == [True, False]


def test_a_network_that_asks_for_everybody_keeps_nobody_from_a_message(session: Session) -> None:
    for number in range(60):
        ask_for_reset(session, email=f"a{number}@exemple.ca", network="un")

    assert not ask_for_reset(session, email="a1@exemple.ca", network="un")
    assert ask_for_reset(session, email="moi@exemple.ca", network="un")


def test_the_second_factor_is_set_up_with_a_picture_and_a_first_code(
    client: FlaskClient, session: Session
) -> None:
    member = make_member(session)
    sign_in_as(client, session, member)
    post(client, "/compte/validation/activation", "/compte/validation")
    page = client.get("/compte/validation/activation").get_data(as_text=True)
    secret = secret_of(session, member)
    wrong = post(client, "/compte/validation/activation", code="000000x")
    right = post(client, "/compte/validation/activation", code=code_of(secret))
    codes = re.findall(
        r"<code>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</code>", right.get_data(as_text=True)
    )

    assert "<svg" in page
    assert one_time.spelled(secret) in page
    assert 'href="otpauth://totp/InterS4' in page
    assert 'inputmode="numeric"' in page
    assert "Fil d’Ariane" in right.text
    assert wrong.status_code == 422
    assert len(set(codes)) == 10
    assert second_factor.has_second_factor(session, member.id)
    kept = session.scalars(select(SecondFactor.sealed)).one()
    assert secret not in kept
    assert "members.second_factor_set" in audited(session)


def test_a_code_is_asked_after_the_password_and_passes_once(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    member = make_member(session)
    secret = with_second_factor(session, member)
    code = code_of(secret)
    first = sign_in(client, member)
    assert first.headers["Location"] == "/connexion/code"
    assert client.get("/compte/securite").status_code == 303
    opened = post(client, "/connexion/code", code=code)
    other = app.test_client()
    sign_in(other, member)
    again = post(other, "/connexion/code", code=code)

    assert opened.status_code == 303
    assert client.get("/compte/securite").status_code == 200
    assert again.status_code == 422
    assert other.get("/compte/securite").status_code == 303
    assert "members.code_refused" in audited(session)


def test_a_changed_password_leaves_no_code_to_wait_for(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    member = make_member(session)
    with_second_factor(session, member)
    thief = app.test_client()
    sign_in(thief, member)
    sign_in_as(client, session, member)
    post(client, "/compte/mot-de-passe", passe_actuel=PASSWORD, nouveau_passe=NEW)

    assert thief.get("/connexion/code").headers["Location"] == "/connexion"


def test_a_recovery_code_opens_once_and_is_told(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    member = make_member(session)
    with_second_factor(session, member)
    (code, *_rest) = second_factor._make_codes(session, member.id)
    session.commit()
    sign_in(client, member)
    opened = post(client, "/connexion/code", code=code.upper().replace("-", " "))
    other = app.test_client()
    sign_in(other, member)
    again = post(other, "/connexion/code", code=code)

    assert (opened.status_code, again.status_code) == (303, 422)
    used = session.scalars(select(RecoveryCode).where(RecoveryCode.used_at.is_not(None))).all()
    assert len(used) == 1
    events = [mail.parameters["event"] for mail in session.scalars(select(QueuedMail))]
    assert events == ["recovery_code_used"]


def test_wrong_codes_get_slower(client: FlaskClient, session: Session) -> None:
    member = make_member(session)
    with_second_factor(session, member)
    codes = []
    for _round in range(2):
        sign_in(client, member)
        codes += [post(client, "/connexion/code", code="00000x").status_code for _try in range(4)]

    assert codes[:4] == [422] * 4
    assert 429 in codes[5:]


def test_without_its_password_step_the_code_page_leads_back(client: FlaskClient) -> None:
    assert client.get("/connexion/code").headers["Location"] == "/connexion"


def test_roles_wait_for_the_second_factor(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    member = make_member(session)
    give_role(session, member, Role.BROKER)
    session.commit()
    entered = sign_in(client, member)
    before = client.get("/equipe/questions").status_code
    post(client, "/compte/validation/activation", "/compte/validation")
    secret = secret_of(session, member)
    post(client, "/compte/validation/activation", code=code_of(secret))

    assert entered.headers["Location"] == "/compte/validation"
    assert (before, client.get("/equipe/questions").status_code) == (404, 200)


def test_a_person_without_such_a_role_is_asked_nothing(
    client: FlaskClient, session: Session
) -> None:
    member = make_member(session)
    session.commit()

    assert sign_in(client, member).headers["Location"] == "/"


def test_removing_the_second_factor_asks_for_a_code_and_roles_wait_again(
    client: FlaskClient, session: Session
) -> None:
    member = make_member(session)
    give_role(session, member, Role.BROKER)
    secret = with_second_factor(session, member)
    sign_in_as(client, session, member)
    wrong = post(client, "/compte/validation/retrait", "/compte/validation", code="000000")
    right = post(client, "/compte/validation/retrait", "/compte/validation", code=code_of(secret))

    assert (wrong.status_code, right.status_code) == (422, 303)
    assert not second_factor.has_second_factor(session, member.id)
    assert client.get("/equipe/questions").status_code == 404


def test_another_key_leaves_the_recovery_codes(session: Session, app: Flask) -> None:
    """After a restore without its key the telephone's codes are refused, the written ones open."""
    member = make_member(session)
    secret = with_second_factor(session, member)
    (code, *_rest) = second_factor._make_codes(session, member.id)
    session.execute(update(SecondFactor).values(sealed=bytes(100)))
    session.commit()

    assert not second_factor.take_code(session, member.id, code_of(secret))
    assert second_factor.take_code(session, member.id, code)
