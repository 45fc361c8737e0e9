"""A demonstration's people exist, and enter, in a demonstration only."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.installation import mark_demo
from inters4.members.models import Member, MemberState, RoleGrant
from inters4.members.queries import find_member_by_email, list_organisations, load_viewer
from inters4.members.services import DEMO_PEOPLE, WeakPassword, seed_demo
from inters4.members.services.demo import DEMO_PASSWORD
from inters4.members.services.passwords import check_strength
from tests.builders.members import make_member
from tests.builders.web import csrf


@pytest.fixture
def demonstration(app: Flask, session: Session) -> Session:
    """Marked and seeded; the application comes first, because it binds the database again."""
    mark_demo(session)
    seed_demo(session)
    session.commit()
    return session


def enter(client: FlaskClient, key: str) -> int:
    form = {"csrf_token": csrf(client, "/connexion"), "personne": key}
    return client.post("/connexion/demonstration", data=form).status_code


def test_a_real_database_gets_no_demonstration_people(session: Session) -> None:
    with pytest.raises(RuntimeError):
        seed_demo(session)


def test_there_is_one_person_for_each_role_in_two_organisations(demonstration: Session) -> None:
    viewers = [
        load_viewer(demonstration, number)
        for number in demonstration.scalars(
            select(Member.id).where(Member.state == MemberState.ACTIVE)
        )
    ]

    held = {grant.role for viewer in viewers for grant in viewer.grants}
    assert held == {
        Role.BROKER,
        Role.REVIEWER,
        Role.APPROVER,
        Role.SIGNATORY,
        Role.RESPONDENT,
        Role.COORDINATION,
        Role.ADMIN,
    }
    assert sum(not viewer.grants for viewer in viewers) == 1
    assert len({number for viewer in viewers for number in viewer.organisations}) == 2
    assert {one.slug for one in list_organisations(demonstration)} == {"cisss-bsl", "uqar"}


def test_seeding_twice_makes_nobody_new(demonstration: Session) -> None:
    before = [
        demonstration.scalar(select(func.count()).select_from(table))
        for table in (Member, RoleGrant)
    ]

    accounts = seed_demo(demonstration)

    assert [
        demonstration.scalar(select(func.count()).select_from(table))
        for table in (Member, RoleGrant)
    ] == before
    assert [account.email for account in accounts] == [person.email for person in DEMO_PEOPLE]
    assert all(account.email.endswith("@exemple.invalid") for account in accounts)


def test_nobody_may_choose_the_password_of_the_demonstration() -> None:
    with pytest.raises(WeakPassword):
        check_strength(DEMO_PASSWORD)


def test_the_printed_accounts_sign_in(demonstration: Session, client: FlaskClient) -> None:
    account = seed_demo(demonstration)[0]
    demonstration.rollback()
    form = {
        "csrf_token": csrf(client, "/connexion"),
        "courriel": account.email,
        "mot_de_passe": account.password,
    }

    assert client.post("/connexion", data=form).status_code == 303


@pytest.mark.parametrize("person", DEMO_PEOPLE, ids=lambda person: person.key)
def test_a_demonstration_is_entered_in_one_click(
    demonstration: Session, client: FlaskClient, person: object
) -> None:
    page = client.get("/connexion").text
    assert f'value="{person.key}"' in page  # type: ignore[attr-defined]

    assert enter(client, person.key) == 303  # type: ignore[attr-defined]

    assert client.get("/connexion").status_code == 303


def test_a_demonstration_says_so_on_every_page(demonstration: Session, client: FlaskClient) -> None:
    assert "demo-banner" in client.get("/connexion").text
    assert "demo-banner" in client.get("/nulle-part").text


def test_a_real_database_offers_nobody_and_lets_nobody_in(
    client: FlaskClient, session: Session
) -> None:
    for person in DEMO_PEOPLE:
        make_member(session, email=person.email)
    session.commit()

    page = client.get("/connexion").text

    assert "demo-banner" not in page
    assert "Entrer comme" not in page
    assert [enter(client, person.key) for person in DEMO_PEOPLE] == [404] * len(DEMO_PEOPLE)


def test_what_the_page_believes_opens_nothing(
    client: FlaskClient, session: Session, app: Flask
) -> None:
    make_member(session, email="noa@exemple.invalid")
    session.commit()
    app.extensions["members.is_demo"] = True

    assert enter(client, "noa") == 404


@pytest.mark.parametrize("key", ["", "personne", "ariane@exemple.ca"])
def test_only_the_people_of_the_demonstration_are_entered(
    demonstration: Session, client: FlaskClient, key: str
) -> None:
    make_member(demonstration, email="ariane@exemple.ca")
    demonstration.commit()

    assert enter(client, key) == 404


def test_a_suspended_person_is_not_entered(demonstration: Session, client: FlaskClient) -> None:
    member = find_member_by_email(demonstration, "camille@exemple.invalid")
    assert member is not None
    member.state = type(member.state)("suspended")
    demonstration.commit()

    assert enter(client, "camille") == 404
