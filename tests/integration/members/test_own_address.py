"""An address changes when its owner confirms it; the old one is told."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS, Role, Viewer
from inters4.core.errors import Conflict, DomainError, NotAllowed, TooMany
from inters4.core.jobs import jobs
from inters4.members.exports.letters import ADDRESS, ADDRESS_CHANGED
from inters4.members.models import (
    ApprovalRequest,
    DomainPolicy,
    Member,
    MemberState,
    MemberToken,
    TokenPurpose,
)
from inters4.members.queries import load_viewer, secret_of_token
from inters4.members.services.own_address import MOST_ASKED, ask_address, change_address
from inters4.members.services.people import OPERATOR
from inters4.members.services.states import change_state
from inters4.members.services.tokens import DeadToken, issue_token, use_token
from inters4.settings import Settings
from tests.builders.joining import letter, make_domain, queued
from tests.builders.members import give_role, make_member, make_organisation, sign_in_as
from tests.builders.web import csrf


@pytest.fixture(autouse=True)
def _bound(settings: Settings) -> None:
    jobs.bind(settings)


@pytest.fixture
def member(session: Session) -> Member:
    return make_member(session, email="avant@exemple.ca", password=None)


def secret_sent(session: Session) -> str:
    found = secret_of_token(session, queued(session, ADDRESS)[-1].parameters["token"])
    assert found is not None
    return found


def test_the_new_address_confirms_and_the_old_one_is_told(session: Session, member: Member) -> None:
    ask_address(session, "Apres@Exemple.ca", by=load_viewer(session, member.id))
    assert member.email == "avant@exemple.ca"
    sent = letter(session, queued(session, ADDRESS)[0])
    assert sent is not None
    assert f"/compte/courriel/{secret_sent(session)}" in sent.text

    change_address(session, secret_sent(session), by=load_viewer(session, member.id))

    assert member.email == "apres@exemple.ca"
    told = queued(session, ADDRESS_CHANGED)[0]
    assert told.recipient == "avant@exemple.ca"
    written = letter(session, told)
    assert written is not None
    assert "Cette adresse ne l’ouvre plus" in written.text


def test_the_letter_names_the_account_that_asked(session: Session, member: Member) -> None:
    member.name = "Ariane Essai www.mal.example"
    ask_address(session, "apres@exemple.ca", by=load_viewer(session, member.id))

    sent = letter(session, queued(session, ADDRESS)[0])

    assert sent is not None
    for text in (sent.text, sent.html):
        assert "Ariane Essai …" in text
        assert "a…@exemple.ca" in text
        assert "avant@exemple.ca" not in text
        assert "Ne faites rien" in text


def test_the_letter_of_somebody_elses_account_gives_them_nothing(
    session: Session, member: Member
) -> None:
    other = make_member(session, password=None)
    ask_address(session, "victime@exemple.ca", by=load_viewer(session, member.id))

    for by in (ANONYMOUS, load_viewer(session, other.id)):
        with pytest.raises(NotAllowed):
            change_address(session, secret_sent(session), by=by)

    assert (member.email, other.email) != ("victime@exemple.ca", "victime@exemple.ca")
    change_address(session, secret_sent(session), by=load_viewer(session, member.id))
    assert member.email == "victime@exemple.ca"


def test_whoever_reads_the_letter_in_another_session_finds_no_button(
    app: Flask, client: FlaskClient, session: Session, member: Member
) -> None:
    ask_address(session, "victime@exemple.ca", by=load_viewer(session, member.id))
    path = f"/compte/courriel/{secret_sent(session)}"
    victim = make_member(session, name="Victoire", password=None)
    session.commit()
    visitor = app.test_client()

    page = visitor.get(path).text
    assert f'href="/connexion?suite={path}"' in page
    assert "a…@exemple.ca" in page
    assert "Si ce n’est pas vous, ne faites rien" in page
    assert f'action="{path}"' not in page
    token = csrf(visitor, "/connexion")
    assert visitor.post(path, data={"csrf_token": token}).status_code == 401

    sign_in_as(client, session, victim)
    page = client.get(path).text
    assert "au nom de Victoire" in page
    assert f'action="{path}"' not in page
    token = csrf(client, "/compte/profil")
    assert client.post(path, data={"csrf_token": token}).status_code == 403
    session.refresh(member)
    assert member.email == "avant@exemple.ca"


def test_an_organisation_that_the_address_alone_proved_is_asked_again(session: Session) -> None:
    uqar = make_organisation(session, slug="uqar")
    make_domain(session, "uqar.ca", uqar, policy=DomainPolicy.AUTO)
    member = make_member(session, email="a@uqar.ca", password=None, organisation=uqar)
    ask_address(session, "apres@exemple.ca", by=load_viewer(session, member.id))

    change_address(session, secret_sent(session), by=load_viewer(session, member.id))

    assert f"org:{uqar.id}" not in load_viewer(session, member.id).audiences
    request = session.scalars(select(ApprovalRequest)).one()
    assert (request.organisation_id, request.is_for_entry) == (uqar.id, False)


def test_what_a_person_confirmed_outlives_the_address(session: Session) -> None:
    uqar = make_organisation(session, slug="uqar")
    make_domain(session, "uqar.ca", uqar, policy=DomainPolicy.AUTO)
    member = make_member(session, email="a@uqar.ca", password=None, organisation=uqar)
    give_role(session, member, Role.RESPONDENT, organisation=uqar)
    ask_address(session, "apres@exemple.ca", by=load_viewer(session, member.id))

    change_address(session, secret_sent(session), by=load_viewer(session, member.id))

    assert f"org:{uqar.id}" in load_viewer(session, member.id).audiences


def test_an_address_of_a_refused_domain_is_neither_asked_for_nor_used(
    session: Session, member: Member
) -> None:
    ask_address(session, "a@jetable.example", by=load_viewer(session, member.id))
    make_domain(session, "jetable.example", policy=DomainPolicy.REFUSE)

    with pytest.raises(DomainError, match="n’ouvrent pas de compte"):
        ask_address(session, "b@jetable.example", by=load_viewer(session, member.id))
    with pytest.raises(DeadToken):
        change_address(session, secret_sent(session), by=load_viewer(session, member.id))


def test_suspending_an_account_ends_its_links(session: Session, member: Member) -> None:
    ask_address(session, "apres@exemple.ca", by=load_viewer(session, member.id))
    secret = secret_sent(session)
    change_state(session, member, MemberState.SUSPENDED, by=OPERATOR)

    with pytest.raises(DeadToken):
        change_address(session, secret, by=Viewer(member_id=member.id))


def test_other_secrets_die_with_the_address(session: Session, member: Member) -> None:
    reset = issue_token(session, member, TokenPurpose.RESET_PASSWORD)
    secret = secret_of_token(session, reset.id)
    assert secret is not None
    ask_address(session, "apres@exemple.ca", by=load_viewer(session, member.id))
    change_address(session, secret_sent(session), by=load_viewer(session, member.id))

    with pytest.raises(DeadToken):
        use_token(session, secret, TokenPurpose.RESET_PASSWORD)


def test_the_address_of_someone_else_gets_no_letter(session: Session, member: Member) -> None:
    make_member(session, email="autre@exemple.ca", password=None)

    ask_address(session, "autre@exemple.ca", by=load_viewer(session, member.id))

    assert letter(session, queued(session, ADDRESS)[0]) is None
    with pytest.raises(Conflict):
        change_address(session, secret_sent(session), by=load_viewer(session, member.id))


@pytest.mark.parametrize("email", ["avant@exemple.ca", "pas-une-adresse", ""])
def test_an_address_that_changes_nothing_is_refused(
    session: Session, member: Member, email: str
) -> None:
    with pytest.raises(DomainError):
        ask_address(session, email, by=load_viewer(session, member.id))


def test_addresses_are_not_tried_in_series(session: Session, member: Member) -> None:
    by = load_viewer(session, member.id)
    for number in range(MOST_ASKED):
        ask_address(session, f"essai-{number}@exemple.ca", by=by)

    with pytest.raises(TooMany):
        ask_address(session, "encore@exemple.ca", by=by)


def test_the_page_asks_then_the_link_acts_once(
    client: FlaskClient, session: Session, member: Member
) -> None:
    sign_in_as(client, session, member)
    asked = client.post(
        "/compte/courriel",
        data={"courriel": "apres@exemple.ca", "csrf_token": csrf(client, "/compte/courriel")},
    )
    assert asked.status_code == 303
    path = f"/compte/courriel/{secret_sent(session)}"
    session.rollback()

    assert "apres@exemple.ca" in client.get(path).text
    token = csrf(client, path)
    for _time in range(2):
        assert client.post(path, data={"csrf_token": token}).status_code == 303
    assert "<h1>Votre nouvelle adresse est confirmée</h1>" in client.get(path).text
    assert client.get("/compte/courriel/rien").status_code == 410


def test_a_change_that_awaits_is_shown_and_may_be_dropped(
    client: FlaskClient, session: Session
) -> None:
    sign_in_as(client, session, make_member(session))
    asked = {"courriel": "nouvelle@exemple.ca", "csrf_token": csrf(client, "/compte/courriel")}
    client.post("/compte/courriel", data=asked)

    page = client.get("/compte/courriel").text
    assert "Un changement attend" in page
    assert page.count("nouvelle@exemple.ca") >= 2
    token = csrf(client, "/compte/courriel")
    dropped = client.post("/compte/courriel/annulation", data={"csrf_token": token})

    assert dropped.status_code == 303
    assert "Un changement attend" not in client.get("/compte/courriel").text
    session.rollback()
    assert session.scalars(select(MemberToken)).all() == []
    assert letter(session, queued(session, ADDRESS)[0]) is None
